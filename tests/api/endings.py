"""How each thing comes about that ends something for good, and the tables that change by it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pyotp
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.access.actions import make_api_token, make_sign_in_link, revoke_api_token
from federation.access.seal import Seal
from federation.audit.rules import NOTE_ENDED
from federation.notices.addresses.actions import take_back_addresses
from federation.notices.addresses.models import MailAddress
from federation.notices.devices.actions import remove_device
from federation.notices.devices.models import PushDevice
from federation.partners.actions import end, withdraw
from federation.partners.models import Partner, PartnerToken
from federation.passkeys.actions import remove_passkey
from federation.passkeys.models import Passkey
from federation.people.actions import let_go, take_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import restate_handles
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.second_steps.actions import (
    begin_second_step,
    come_in,
    confirm_second_step,
    renew_recovery_codes,
    reset_second_step,
)
from federation.second_steps.queries import own_second_step
from protocols.comments.actions import comment_on, erase_comment
from protocols.items.actions import draft_item
from protocols.lived_reviews.actions import attest_lived_review, erase_lived_reviewer
from protocols.recalls.actions import recall
from protocols.releases.actions import release
from rota.calendar.actions import (
    add_address,
    revoke_address,
    revoke_all_addresses,
    rotate_address,
)
from rota.calendar.rules.wanted import Wording
from rota.erasing.actions import erase_person
from rota.handover.actions import erase_note
from rota.handover.models import HandoverNote
from rota.passport.actions import attest_training, withdraw_training
from rota.passport.tools import grant_account, need_account, withdraw_account
from rota.record_erasing.actions import erase_own_records
from rota.record_sharing.actions import share_counts, stop_sharing
from rota.records.actions import erase_record, keep_record
from rota.sign_up.actions import claim_seat
from tests.protocols.example_texts import (
    Told,
    approved,
    project_with_people,
    protocol,
    released,
    signer,
)
from tests.rota.record_imports.world import taken
from tests.rota.records.world import DEBRIEF, a_lead, done, talk
from tests.rota.world import (
    NOW,
    ExamplePool,
    Worker,
    a_person,
    a_shift,
)

LATER = NOW + timedelta(hours=1)
NODE = "n" * 43
WORDING = Wording("Phone", "neutral", "Plan")
Act = Callable[[], Awaitable[Any]]


class Place:
    """A pool with a worker, a coordinator and a partner, in one session."""

    def __init__(self, session: AsyncSession, pool: ExamplePool, worker: Worker) -> None:
        self.session = session
        self.pool = pool
        self.worker = worker

    @property
    def coordinator(self) -> Asker:
        return self.pool.coordinator


async def a_token(place: Place) -> Act:
    made = await make_api_token(
        place.session,
        OPERATOR,
        person_id=place.worker.id,
        label="script",
        scopes=["read"],
        days=9,
        now=NOW,
    )
    return lambda: revoke_api_token(place.session, OPERATOR, token_id=made.id, now=LATER)


async def a_leaver(place: Place) -> Act:
    return lambda: let_go(place.session, OPERATOR, person_id=place.worker.id, now=LATER)


async def somebody_erased(place: Place) -> Act:
    who = await place.session.get_one(Person, place.worker.id)
    who.left_at = NOW
    await attest_training(
        place.session, place.coordinator, who.id, "listening", NOW.date(), NOW.date(), NOW
    )
    await restate_handles(place.session, who.id, NOW)
    return lambda: erase_person(place.session, OPERATOR, who.id, LATER)


async def a_role(place: Place) -> Act:
    who = await a_person(place.session, place.coordinator.project_id, "worker", "reviewer")
    return lambda: take_role(
        place.session, OPERATOR, person_id=who.person_id, role="reviewer", now=LATER
    )


async def an_address(place: Place) -> Act:
    made = await add_address(place.session, place.worker.asker, WORDING, NOW)
    return lambda: revoke_address(place.session, place.worker.id, made.id, LATER)


async def an_address_that_was_seen(place: Place) -> Act:
    made = await add_address(place.session, place.worker.asker, WORDING, NOW)
    return lambda: rotate_address(place.session, place.worker.id, made.id, LATER)


async def all_addresses(place: Place) -> Act:
    await add_address(place.session, place.worker.asker, WORDING, NOW)
    await add_address(place.session, place.coordinator, WORDING, NOW)
    return lambda: revoke_all_addresses(place.session, place.worker.id, place.worker.id, LATER)


async def a_partner(place: Place, *granted: str) -> Asker:
    place.session.add(
        Partner(
            node_id=NODE,
            name="Far",
            base_url="https://far.test",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=["one"],
            we_grant=list(granted),
            they_grant=["shifts:far"],
            met_at=NOW,
        )
    )
    await place.session.flush()
    token = PartnerToken(secret_hash=b"secret", node_id=NODE, expires_at=LATER)
    place.session.add(token)
    return await a_person(place.session, place.coordinator.project_id, "partner-administrator")


async def a_block(place: Place) -> Act:
    asker = await a_partner(place, f"shifts:{place.pool.id}")
    return lambda: end(place.session, asker=asker, node_id=NODE, now=LATER)


async def a_grant(place: Place) -> Act:
    kept, taken = f"releases:{place.coordinator.project_id}", f"shifts:{place.pool.id}"
    asker = await a_partner(place, kept, taken)
    return lambda: withdraw(place.session, asker=asker, node_id=NODE, capability=taken, now=LATER)


async def mail(place: Place) -> Act:
    entered = MailAddress(
        id=place.worker.handle,
        person_id=place.worker.id,
        address="who@example.org",
        asked_at=NOW,
        confirmed_at=NOW,
    )
    place.session.add(entered)
    return lambda: take_back_addresses(place.session, place.worker.asker, LATER)


async def a_device(place: Place) -> Act:
    device = PushDevice(
        person_id=place.worker.id,
        label="Phone",
        endpoint="https://push.test/1",
        p256dh="key",
        auth="secret",
        made_at=NOW,
    )
    place.session.add(device)
    await place.session.flush()
    return lambda: remove_device(place.session, place.worker.asker, device.id, LATER)


async def _a_second_step(place: Place) -> tuple[Seal, pyotp.TOTP, list[str]]:
    seal, asker = Seal(b"k" * 32), place.worker.asker
    await begin_second_step(place.session, asker, seal, NOW)
    step = await own_second_step(place.session, asker, seal)
    assert step is not None
    app = pyotp.TOTP(step.secret or "")
    codes = await confirm_second_step(place.session, asker, seal, app.at(NOW), NOW)
    return seal, app, codes or []


async def an_app(place: Place) -> Act:
    await _a_second_step(place)
    who = place.worker.id
    return lambda: reset_second_step(place.session, OPERATOR, person_id=who, now=LATER)


async def recovery_codes(place: Place) -> Act:
    seal, app, _ = await _a_second_step(place)
    asker, code = place.worker.asker, app.at(LATER)
    return lambda: renew_recovery_codes(place.session, asker, seal, code, LATER)


async def a_recovery_code(place: Place) -> Act:
    seal, _, codes = await _a_second_step(place)
    who = place.worker.id
    link = await make_sign_in_link(place.session, OPERATOR, person_id=who, hours=9, now=NOW)
    return lambda: come_in(place.session, seal, link, codes[0], None, LATER)


async def a_passkey(place: Place) -> Act:
    passkey = Passkey(
        person_id=place.worker.id,
        credential=b"credential",
        public_key=b"key",
        sign_count=0,
        device=None,
        made_at=NOW,
    )
    place.session.add(passkey)
    await place.session.flush()
    return lambda: remove_passkey(place.session, place.worker.asker, passkey.id, LATER)


async def a_training(place: Place) -> Act:
    training = await attest_training(
        place.session,
        place.coordinator,
        place.worker.id,
        "first-aid",
        date(2026, 6, 1),
        date(2027, 6, 1),
        NOW,
    )
    return lambda: withdraw_training(place.session, place.coordinator, training.id, LATER)


async def a_tool_account(place: Place) -> Act:
    channel, handle = place.pool.channel, place.worker.handle
    await need_account(place.session, place.coordinator, channel, "operator account", NOW)
    await grant_account(place.session, place.coordinator, channel, handle, NOW)
    return lambda: withdraw_account(place.session, place.coordinator, channel, handle, LATER)


async def a_note(place: Place) -> Act:
    shift = await a_shift(place.session, place.pool)
    claim = await claim_seat(place.session, place.worker.asker, shift.lead, NOW)
    note = HandoverNote(
        shift_id=shift.id,
        claim_id=claim.id,
        text="The tool was slow.",
        written_at=NOW,
        expires_at=LATER,
    )
    place.session.add(note)
    await place.session.flush()
    return lambda: erase_note(place.session, place.worker.asker, note.id, NOW)


async def a_comment(place: Place) -> Act:
    item = await draft_item(place.session, place.coordinator, protocol(Told()), NOW)
    said = await comment_on(
        place.session, place.coordinator, item.id, said="Say it shorter.", now=NOW
    )
    return lambda: erase_comment(place.session, place.coordinator, said.id, LATER)


async def a_reviewer(place: Place) -> Act:
    item = await draft_item(place.session, place.coordinator, protocol(Told()), NOW)
    review = await attest_lived_review(
        place.session, place.coordinator, item.id, who="Ines", now=NOW
    )
    return lambda: erase_lived_reviewer(place.session, place.coordinator, review.id, LATER)


async def shared_counts(place: Place) -> Act:
    pool = await place.session.get_one(Pool, place.pool.id)
    await share_counts(place.session, place.coordinator, pool, NOW)
    return lambda: stop_sharing(place.session, place.coordinator, pool, LATER)


async def counted_sessions(place: Place) -> Act:
    shift, worker = await a_lead(place.session, place.pool)
    await keep_record(place.session, worker.asker, shift.id, done(talk()), DEBRIEF)
    await taken(place.session, place.pool)
    owner = await place.session.get_one(Project, place.coordinator.project_id)
    return lambda: erase_own_records(place.session, place.coordinator, owner.slug, LATER)


async def an_own_record(place: Place) -> Act:
    shift, worker = await a_lead(place.session, place.pool)
    await keep_record(place.session, worker.asker, shift.id, done(talk()), DEBRIEF)
    return lambda: erase_record(place.session, worker.asker, shift.id, DEBRIEF)


async def a_release(place: Place) -> Act:
    people = await project_with_people(place.session, "writers")
    item = await approved(place.session, people, protocol(Told()))
    return lambda: release(place.session, people.coordinator, item.id, sign=signer, now=LATER)


async def a_recall(place: Place) -> Act:
    people = await project_with_people(place.session, "writers")
    published = await released(place.session, people, protocol(Told()))
    # it is in the list already, and not what is asked about
    await place.session.execute(delete(OutboxRow).where(OutboxRow.kind == NOTE_ENDED))
    return lambda: recall(
        place.session,
        people.coordinator,
        urn=published.urn,
        number=published.number,
        reason="The law has changed.",
        holds_texts={"en": "Close the chat."},
        sign=signer,
        now=LATER,
    )


CASES: Mapping[tuple[str, str], tuple[Callable[[Place], Awaitable[Act]], list[str]]] = {
    ("api-token", "api-token.revoked"): (a_token, ["api_token"]),
    ("authenticator", "authenticator.removed"): (an_app, ["authenticator", "recovery_code"]),
    ("authenticator", "recovery-codes.replaced"): (recovery_codes, []),
    ("calendar_address", "calendar-address-revoked"): (an_address, ["calendar_address"]),
    ("calendar_address", "calendar-address-rotated"): (an_address_that_was_seen, []),
    ("handle", "withdraw-tool-account"): (a_tool_account, ["tool_account"]),
    ("item", "comment-erased"): (a_comment, []),
    ("item", "lived-reviewer-erased"): (a_reviewer, ["lived_review"]),
    ("partner", "ended"): (a_block, ["partner", "partner_token"]),
    ("partner", "withdrew"): (a_grant, ["partner", "partner_token"]),
    ("passkey", "passkey.removed"): (a_passkey, ["passkey"]),
    ("person", "calendar-addresses-revoked"): (all_addresses, ["calendar_address"]),
    ("person", "mail-address.erased"): (mail, ["mail_address"]),
    ("person", "person.erased"): (somebody_erased, ["person", "handle", "training"]),
    ("person", "person.left"): (a_leaver, ["person", "role_grant"]),
    ("person", "role.taken"): (a_role, ["person", "role_grant"]),
    ("person", "withdraw-training"): (a_training, ["training"]),
    ("pool", "stopped-sharing-counts"): (shared_counts, ["record_sharing"]),
    ("project", "erased-session-records"): (
        counted_sessions,
        [
            *("session_record", "recorded_contact", "record_sum", "hour_sum"),
            *("record_import", "imported_session"),
        ],
    ),
    ("push-device", "push-device.removed"): (a_device, ["push_device"]),
    ("recall", "recalled"): (a_recall, ["recall"]),
    ("recovery-code", "recovery-code.used"): (a_recovery_code, ["recovery_code"]),
    ("release", "released"): (a_release, ["release", "release_text"]),
    ("shift", "erased-handover-note"): (a_note, ["handover_note"]),
    ("shift", "erased-session-record"): (
        an_own_record,
        ["session_record", "recorded_contact", "record_sum", "hour_sum"],
    ),
}
"""How each comes about, and the tables that have to be as they were after it."""
