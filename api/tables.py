"""Every table of every floor, gathered for migrations."""

import federation.access.models
import federation.audit.models
import federation.erasing.models
import federation.feeds.models
import federation.handing.models
import federation.notices.addresses.models
import federation.notices.devices.models
import federation.notices.messages.models
import federation.notices.models
import federation.notices.preferences.models
import federation.partners.models
import federation.passkeys.models
import federation.people.models
import federation.pools.models
import federation.pools.slots.models
import federation.projects.models
import federation.restoring.models
import federation.second_steps.models
import protocols.acknowledgement.models
import protocols.adoption.models
import protocols.answer_settings.models
import protocols.comments.models
import protocols.confirmations.models
import protocols.deadlines.models
import protocols.exchange.models
import protocols.exports.models
import protocols.favourites.models
import protocols.history.models
import protocols.items.models
import protocols.lived_reviews.models
import protocols.marks.models
import protocols.overlays.models
import protocols.pool_texts.models
import protocols.proposals.models
import protocols.recalls.models
import protocols.releases.models
import protocols.screening.models
import protocols.search_words.models
import protocols.signposts.models
import protocols.starter.models
import protocols.use_counts.models
import rota.attendance.models
import rota.availability.models
import rota.bookings.models
import rota.busy_times.models
import rota.calendar.models
import rota.claims.models
import rota.company.models
import rota.consent.models
import rota.cover.models
import rota.coverage.models
import rota.demand.models
import rota.handover.models
import rota.import_runs.models
import rota.offers.models
import rota.open_hours.models
import rota.passport.models
import rota.plans.models
import rota.readings.models
import rota.record_imports.models
import rota.record_keeping.models
import rota.record_sharing.models
import rota.record_sums.models
import rota.records.models
import rota.reentry.models
import rota.session_details.models
import rota.shifts.models
import rota.supervisor_calls.models
import rota.swaps.models
import rota.waiting.models
import rota.what_ifs.models
from database.base import Base
from database.outbox import OutboxRow

METADATA = Base.metadata

__all__ = ["METADATA", "OutboxRow", "federation", "protocols", "rota"]
