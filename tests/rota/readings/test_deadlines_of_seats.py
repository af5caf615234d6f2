"""A new text and those who have seats: a deadline, reminders, and then the seat is another's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.pools.models import Pool
from federation.pools.settings import set_reading
from protocols.items.notices import APPROVAL_ASKED, WAITS
from rota.claims.errors import ClaimRefused
from rota.cover.follow import follow_seat
from rota.cover.models import CoverRequest
from rota.readings.actions import OURS_LATE, OURS_VACATED, TOLD, VACATED
from rota.shifts.models import Shift
from rota.shifts.rules.staffing import Staffing
from rota.sign_up.actions import claim_seat
from rota.timetable.actions import ShiftDraft, change_shift
from tests.protocols.example_texts import Told, revised, take_up, withdraw
from tests.rota.readings.new_texts import DAY, new_text
from tests.rota.world import NOW, TUESDAY_19, seat_states

AS_BEFORE = Staffing(
    seats=("lead", "second", "supervisor"),
    briefing_minutes=15,
    debrief_minutes=15,
    languages=("en",),
)
NEW = [("text-to-read", TOLD["new"])]


async def test_a_seat_is_kept_for_a_week_and_its_holder_reminded(session: AsyncSession) -> None:
    """comp#3300: whoever has to read again is told; the notice is written with the look."""
    new = await new_text(session)

    looked = await new.look(NOW)
    assert (looked.to_vacate, looked.again) == ([], NOW + timedelta(hours=1))
    assert await new.told() == NEW
    assert (await new.look(NOW + 4 * DAY)).to_vacate == []
    assert await new.told() == NEW
    for days, step in ((5, "soon"), (6, "last")):
        for _ in range(2):
            assert (await new.look(NOW + days * DAY)).to_vacate == []
        assert await new.told() == [("text-to-read", TOLD[step])]
    assert (await new.claim_now()).state == "held"

    assert await new.work_off(NOW + 7 * DAY) == [new.claim]

    claim = await new.claim_now()
    assert (claim.state, claim.reasons[0]["code"]) == ("released", "text-not-read")
    assert (await seat_states(session, new.shift))["lead"] == "open"
    assert await new.told() == [("seat-unread", VACATED)]
    assert await new.told(new.members.coordinator) == [
        (APPROVAL_ASKED, WAITS),
        ("seat-of-ours-unread", OURS_VACATED),
    ]
    verbs = await session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == new.claim))
    assert list(verbs) == ["claim-seat", "vacate-unread-seat"]


async def test_cover_starts_by_itself(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)
    await new.work_off(NOW + 7 * DAY)

    await follow_seat(session, new.shift.lead, NOW + 7 * DAY)

    [cover] = await session.scalars(select(CoverRequest))
    assert (cover.seat_id, cover.kind, cover.claim_id) == (new.shift.lead, "vacated", new.claim)


async def test_what_has_been_read_keeps_the_seat(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)

    await new.read()

    assert await new.look(NOW + DAY) == ([], None)
    assert await new.told() == []
    assert await new.work_off(NOW + 8 * DAY) == []
    assert (await new.claim_now()).state == "held"


async def test_read_at_the_last_moment_it_counts(session: AsyncSession) -> None:
    """The look found it unread; before its seat's turn came it was read."""
    new = await new_text(session)
    await new.look(NOW)
    [claim] = (await new.look(NOW + 7 * DAY)).to_vacate
    await new.read()

    assert await new.work_off(NOW + 7 * DAY) == []
    assert claim == new.claim
    assert (await new.claim_now()).state == "held"


async def test_the_start_of_the_shift_is_the_latest(session: AsyncSession) -> None:
    new = await new_text(session, TUESDAY_19)
    looked = await new.look(NOW)
    assert looked.to_vacate == []
    assert await new.work_off(TUESDAY_19 - timedelta(minutes=1)) == []
    # what has begun is nobody's to take away: check-in asks for what is live
    assert await new.work_off(TUESDAY_19) == []


async def test_an_urgent_text_takes_the_seat_at_once(session: AsyncSession) -> None:
    new = await new_text(session, reading_days=0)

    assert await new.work_off(NOW) == [new.claim]

    assert (await new.claim_now()).state == "released"
    with pytest.raises(ClaimRefused):
        await claim_seat(session, new.worker.asker, new.shift.lead, NOW)
    await new.read()
    again = await claim_seat(session, new.worker.asker, new.shift.lead, NOW)
    assert again.state == "held"
    assert await new.look(NOW) == ([], None)


@pytest.mark.parametrize(
    ("author", "pool", "days"), [(3, None, 3), (None, 2, 2), (3, 10, 3), (10, 3, 3), (10, None, 10)]
)
async def test_the_shorter_of_the_authors_and_the_pools_time_counts(
    session: AsyncSession, author: int | None, pool: int | None, days: int
) -> None:
    new = await new_text(session, reading_days=author)
    coordinator = new.members.coordinator
    await set_reading(session, coordinator, new.pool.id, NOW, days=pool, overdue="vacate")
    await new.look(NOW)

    almost = NOW + days * DAY - timedelta(minutes=1)
    assert await new.work_off(almost) == []
    assert await new.work_off(NOW + days * DAY) == [new.claim]


async def test_a_pool_can_choose_to_warn(session: AsyncSession) -> None:
    new = await new_text(session)
    coordinator = new.members.coordinator
    await set_reading(session, coordinator, new.pool.id, NOW, days=None, overdue="warn")
    await new.look(NOW)

    for _ in range(2):
        assert await new.work_off(NOW + 7 * DAY) == []

    assert (await new.claim_now()).state == "held"
    assert (await new.told())[-1] == ("reading-late", TOLD["new"])
    assert await new.told(coordinator) == [(APPROVAL_ASKED, WAITS), ("reading-late", OURS_LATE)]


async def test_a_mended_word_moves_no_deadline_and_a_new_text_does(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)
    mended = await revised(session, new.members, new.text, Told(parts=("A typo less.",)), "notify")
    await take_up(session, new.members, mended)
    await new.look(NOW + 3 * DAY)
    assert (await new.look(NOW + 7 * DAY)).to_vacate == [new.claim]

    second = await revised(session, new.members, new.text, Told(parts=("Quite new.",)))
    await take_up(session, new.members, second)

    assert (await new.look(NOW + 7 * DAY)).to_vacate == []
    assert (await new.look(NOW + 14 * DAY)).to_vacate == [new.claim]


async def test_a_release_that_asks_no_reading_shortens_no_time(session: AsyncSession) -> None:
    new = await new_text(session)
    mended = await revised(
        session, new.members, new.text, Told(parts=("Mended.",)), "notify", reading_days=0
    )
    await take_up(session, new.members, mended)
    assert (await new.look(NOW)).to_vacate == []


async def test_what_a_recall_puts_in_force_has_a_deadline_of_its_own(
    session: AsyncSession,
) -> None:
    new = await new_text(session)
    await new.read()
    assert await new.look(NOW) == ([], None)
    later = NOW + 3 * DAY

    await withdraw(session, new.members, new.text, holds_texts={"en": "Stop."})

    assert (await new.look(later)).to_vacate == []
    assert await new.told() == NEW
    assert (await new.look(later + 7 * DAY)).to_vacate == [new.claim]


async def test_a_moved_shift_keeps_who_still_has_time_to_read(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)
    shift = await session.get_one(Shift, new.shift.id)
    later = ShiftDraft(
        starts=shift.starts + timedelta(hours=1), ends=shift.ends, staffing=AS_BEFORE
    )

    await change_shift(session, new.members.coordinator, new.shift.id, later, NOW)

    assert (await new.claim_now()).state == "held"


async def test_only_who_plans_the_pool_sets_the_time(session: AsyncSession) -> None:
    new = await new_text(session)
    other = await new_text(session)
    for asker, refusal in (
        (new.worker.asker, NotAllowed),
        (other.members.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await set_reading(session, asker, new.pool.id, NOW, days=1, overdue="warn")
    pool = await session.get_one(Pool, new.pool.id)
    assert (pool.reading_days, pool.reading_overdue) == (None, "vacate")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"reading_days": 91}, "ck_pool_reading_days"),
        ({"reading_overdue": "shout"}, "ck_pool_reading_overdue"),
    ],
)
async def test_the_database_keeps_pools_sensible(
    session: AsyncSession, change: dict[str, Any], constraint: str
) -> None:
    new = await new_text(session)
    pool = await session.get_one(Pool, new.pool.id)
    for name, value in change.items():
        setattr(pool, name, value)
    with pytest.raises(IntegrityError) as broken:
        await session.flush()
    assert broken_constraint(broken.value) == constraint
