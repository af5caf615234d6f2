"""What is deleted once it has expired, on every floor, all of it once an hour."""

from datetime import datetime, timedelta
from typing import Any

from api.notices.standing import over
from api.worker.workshop import Workshop
from database.session import door
from federation.access.actions import sweep_access
from federation.notices.actions import put_away, sweep_notices
from federation.notices.addresses.actions import sweep_addresses
from federation.notices.messages.actions import sweep_messages
from federation.partners.tokens.actions import sweep as forget_expired
from federation.passkeys.actions import sweep_passkeys
from federation.second_steps.actions import sweep_second_steps
from protocols.signposts.actions import tell_of_expired
from rota.baselines.actions import feeds_to_fold, fold, forget_read
from rota.handover.actions import erase_expired
from rota.import_runs.actions import sweep_import_runs
from rota.open_hours.heard import sweep_heard
from rota.plans.actions import sweep_plans
from rota.readings.actions import sweep_readings
from rota.record_imports.actions import forget_parts
from rota.record_keeping.actions import delete_old_records
from rota.record_sharing.actions import publish_counts, stop_with_partners
from rota.record_sharing.queries import counts_due
from rota.session_clock.actions import sweep_steps
from rota.sign_up.kept_keys import forget_keys
from rota.supervisor_calls.actions import sweep_calls
from rota.what_ifs.actions import sweep_what_ifs

SWEEP = "sweep"
SWEEP_EVERY = timedelta(hours=1)


async def sweep(workshop: Workshop, _: dict[str, Any]) -> datetime:
    """Delete what has expired."""
    now = workshop.clock()
    async with door(workshop.engine) as session:
        await forget_expired(session, now=now)
        await erase_expired(session, now)
        await sweep_messages(session, now)
        await put_away(session, over(now), now)
        await sweep_notices(session, now)
        await forget_keys(session, now)
        await sweep_addresses(session, now)
        await sweep_access(session, now)
        await sweep_second_steps(session, now)
        await sweep_passkeys(session, now)
        await sweep_plans(session, now)
        await sweep_what_ifs(session, now)
        await sweep_calls(session, now)
        await sweep_steps(session, now)
        await sweep_readings(session, now)
        await sweep_heard(session)
        await sweep_import_runs(session, now)
        await tell_of_expired(session, now)
        await forget_read(session, now)
        await stop_with_partners(session, now)
        months = await counts_due(session, now)
        long_ones = await feeds_to_fold(session, now)
    async with door(workshop.engine) as session:
        # whoever keeps a record meanwhile waits for no more than this
        await delete_old_records(session, now)
        await forget_parts(session, now)
    for month in months:
        async with door(workshop.engine) as session:
            await publish_counts(session, month, now)
    for feed_id in long_ones:
        async with door(workshop.engine) as session:
            await fold(session, feed_id, now)
    return now + SWEEP_EVERY
