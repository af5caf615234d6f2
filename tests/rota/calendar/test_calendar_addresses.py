from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from federation.errors import NotFound
from federation.people.models import Person
from rota.bookings.models import Booking
from rota.calendar.actions import (
    calendar_changed,
    make_address,
    note_use,
    revoke_address,
    revoke_all_addresses,
    rotate_address,
)
from rota.calendar.errors import TooManyAddresses
from rota.calendar.feeds.actions import write_feed
from rota.calendar.models import CalendarAddress
from rota.calendar.queries import addresses_of
from rota.claims.models import Claim
from rota.shifts.models import Shift
from tests.rota.example_rota import example_rota, worked
from tests.rota.strict_calendar import Event, strictly_read

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TUESDAY = datetime(2027, 1, 5, 19, tzinfo=UTC)


async def feed(session: AsyncSession, secret: str) -> list[Event]:
    return strictly_read(await body(session, secret))


async def body(session: AsyncSession, secret: str) -> bytes:
    """Give the feed as the next request would; what is stored of one that is revoked."""
    await session.flush()
    written = await write_feed(session, await address_id(session, secret), LATER)
    return written.body if written else await stored(session, secret)


async def stored(session: AsyncSession, secret: str) -> bytes:
    found = await session.scalar(
        select(CalendarAddress.body).where(CalendarAddress.secret_hash == secret_hash(secret))
    )
    assert found is not None
    return found


async def address_id(session: AsyncSession, secret: str) -> UUID:
    found = await session.scalar(
        select(CalendarAddress.id).where(CalendarAddress.secret_hash == secret_hash(secret))
    )
    assert found is not None
    return found


async def move(session: AsyncSession, shift: Shift, claim: Claim, by: timedelta) -> None:
    shift.starts, shift.ends = shift.starts + by, shift.ends + by
    await session.execute(
        update(Booking).where(Booking.claim_id == claim.id).values(during=worked(shift))
    )


async def give_up(session: AsyncSession, claim: Claim) -> None:
    claim.state = "released"
    await session.execute(update(Booking).where(Booking.claim_id == claim.id).values(active=False))


async def test_new_address_shows_held_seats_from_briefing_to_debrief(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    secret = await make_address(session, worker.person_id, "My phone", "Shift", NOW)
    (shown,) = await feed(session, secret)
    assert (shown["DTSTART"], shown["DTEND"]) == ("20270105T184500Z", "20270105T211500Z")
    assert (shown["SUMMARY"], shown["SEQUENCE"]) == ("Shift", "0")
    assert shown["DTSTAMP"] == shown["LAST-MODIFIED"] == "20270104T120000Z"


async def test_empty_rota_and_neutral_defaults(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    secret = await make_address(session, worker.person_id, " \n", "\x00", NOW)
    assert await feed(session, secret) == []
    assert b"NAME:Plan\r\n" in await body(session, secret)
    (listed,) = await addresses_of(session, worker.person_id)
    assert (listed.label, listed.name, listed.title) == ("Calendar", "Plan", "Shift")


async def test_30_and_bug_15_secret_is_hashed_and_no_word_of_the_project_is_in_the_feed(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY, theme="Health"), worker)
    secret = await make_address(session, worker.person_id, "Phone", "Busy", NOW)
    row = await session.scalar(select(CalendarAddress))
    assert secret not in repr(row)
    text = (await body(session, secret)).decode()
    denied = [rota.pool.slug, "Evening", "Northern", "Live chat", "live-chat", "Health", "en\r"]
    denied += [worker.display, "Somebody", "netreach", "lead", secret, "@", "http"]
    assert [word for word in denied if word in text] == []


async def test_12_no_edit_leaves_bytes_and_etag_identical(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    before = await body(session, secret)
    await calendar_changed(session, worker.person_id, LATER)
    assert await body(session, secret) == before


async def test_move_keeps_uid_raises_sequence_by_one_never_back(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    shift = await rota.shift(TUESDAY)
    claim = await rota.hold(shift, worker)
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    told = await feed(session, secret)
    for minutes, at in ((30, LATER), (-30, LATER)):
        await move(session, shift, claim, timedelta(minutes=minutes))
        await calendar_changed(session, worker.person_id, at)
        told += await feed(session, secret)
    assert [each["SEQUENCE"] for each in told] == ["0", "1", "2"]
    assert len({each["UID"] for each in told}) == 1
    # the third edit happened in the same second as the second, and still rises
    assert [each["LAST-MODIFIED"][9:15] for each in told] == ["120000", "130000", "130001"]
    assert [each["DTSTART"][9:13] for each in told] == ["1845", "1915", "1845"]


async def test_bug_12_uid_survives_a_change_of_address(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    before = await feed(session, secret)
    held = await address_id(session, secret)
    new = (await rotate_address(session, worker.person_id, held, LATER)).secret
    assert new != secret
    assert await feed(session, new) == before
    assert await body(session, secret) == b""


async def test_cancelled_shift_and_released_claim_disappear_new_one_appears(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    shifts = [await rota.shift(TUESDAY + timedelta(days=day)) for day in range(3)]
    claims = [await rota.hold(shift, worker) for shift in shifts[:2]]
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    assert len(await feed(session, secret)) == 2
    shifts[0].cancelled_at = NOW
    await give_up(session, claims[1])
    await rota.hold(shifts[2], worker)
    await calendar_changed(session, worker.person_id, LATER)
    assert [each["DTSTART"] for each in await feed(session, secret)] == ["20270107T184500Z"]


async def test_swap_updates_both_feeds(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    one, other = await rota.person("en"), await rota.person("en")
    assert one.person_id
    assert other.person_id
    shift = await rota.shift(TUESDAY)
    claim = await rota.hold(shift, one)
    secrets = [
        await make_address(session, each, "Phone", "Shift", NOW)
        for each in (one.person_id, other.person_id)
    ]
    before = await feed(session, secrets[0])
    await give_up(session, claim)
    await rota.hold(shift, other)
    for each in (one.person_id, other.person_id):
        await calendar_changed(session, each, LATER)
    assert await feed(session, secrets[0]) == []
    (after,) = await feed(session, secrets[1])
    assert after["DTSTART"] == before[0]["DTSTART"]
    assert after["UID"] != before[0]["UID"]


async def test_only_held_claims_are_shown(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    claim = await rota.hold(await rota.shift(TUESDAY), worker)
    claim.state = "requested"
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    assert await feed(session, secret) == []


async def test_each_device_has_its_own_words(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    phone = await make_address(session, worker.person_id, "Phone", "Busy", NOW, name="Me, myself")
    tablet = await make_address(session, worker.person_id, "Family tablet", "Yoga", NOW)
    (one,), (other,) = await feed(session, phone), await feed(session, tablet)
    assert (one.pop("SUMMARY"), other.pop("SUMMARY")) == ("Busy", "Yoga")
    assert one == other
    assert b"NAME:Me\\, myself\r\n" in await body(session, phone)


async def test_other_peoples_addresses_are_refused_as_unknown(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    owner, stranger = await rota.person("en"), await rota.person("en")
    assert owner.person_id
    assert stranger.person_id
    secret = await make_address(session, owner.person_id, "Phone", "Shift", NOW)
    held = await address_id(session, secret)
    for action in (revoke_address, rotate_address):
        with pytest.raises(NotFound):
            await action(session, stranger.person_id, held, LATER)
    assert await body(session, secret) != b""
    assert await addresses_of(session, stranger.person_id) == []


async def test_leaver_gets_no_address_and_loses_all(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    await rota.hold(await rota.shift(TUESDAY), worker)
    secrets = [
        await make_address(session, worker.person_id, "Phone", "Shift", NOW) for _ in range(2)
    ]
    await revoke_all_addresses(session, worker.person_id, worker.person_id, LATER)
    assert [await body(session, secret) for secret in secrets] == [b"", b""]
    await calendar_changed(session, worker.person_id, LATER)
    assert [await body(session, secret) for secret in secrets] == [b"", b""]
    (await session.get_one(Person, worker.person_id)).left_at = LATER
    with pytest.raises(NotFound):
        await make_address(session, worker.person_id, "Phone", "Shift", LATER)


async def test_eleventh_address_is_refused(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    for _ in range(10):
        await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    with pytest.raises(TooManyAddresses):
        await make_address(session, worker.person_id, "Phone", "Shift", NOW)


async def test_every_change_is_audited_by_ids_only(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    first = await address_id(session, secret)
    new = (await rotate_address(session, worker.person_id, first, LATER)).secret
    await revoke_address(session, worker.person_id, await address_id(session, new), LATER)
    rows = await session.execute(
        select(AuditEntry.verb, AuditEntry.actor, AuditEntry.facts).order_by(AuditEntry.id)
    )
    assert [tuple(row) for row in rows] == [
        (f"calendar-address-{verb}", str(worker.person_id), {})
        for verb in ("made", "rotated", "made", "revoked")
    ]


async def test_use_is_kept_as_a_day_and_never_goes_back(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    worker = await rota.person("en")
    assert worker.person_id
    secret = await make_address(session, worker.person_id, "Phone", "Shift", NOW)
    held = await address_id(session, secret)
    for day in (NOW.date(), NOW.date() - timedelta(days=1)):
        await note_use(session, held, day)
    assert await session.scalar(select(CalendarAddress.last_used_on)) == NOW.date()
