"""For how long somebody was there: what took place, in which language, and beside whom."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.pools.actions import join_pool
from federation.projects.models import Project
from rota.attendance.models import CheckIn
from rota.demand.queries import Choice
from rota.demand.rules.advice import LanguageSeen
from rota.demand.rules.estimates import Seen
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat
from tests.rota.demand.world import HOUR, WEDNESDAY_10, WEEK, held, hours, seen
from tests.rota.record_imports.world import taken
from tests.rota.records.world import talk, turned_away
from tests.rota.world import (
    NOW,
    SHARE,
    TUESDAY_19,
    ExamplePool,
    Worker,
    a_project,
    a_worker,
)

LATELY = TUESDAY_19 + 3 * WEEK
AGAIN = TUESDAY_19 + 2 * WEEK


async def stood(
    session: AsyncSession,
    shift_id: UUID,
    at: datetime,
    ended_at: datetime | None,
    reason: str | None = None,
) -> None:
    """Keep how a session stood, as its people or the pool's host said it."""
    session.add(
        CheckIn(shift_id=shift_id, claim_id=None, at=at, ended_at=ended_at, did_not_happen=reason)
    )
    await session.flush()


async def seat_beside(session: AsyncSession, shift_id: UUID, role: str, worker: Worker) -> None:
    seat = Seat(shift_id=shift_id, role=role)
    session.add(seat)
    await session.flush()
    starts = (await session.get_one(Shift, shift_id)).starts
    (await session.get_one(Shift, shift_id)).open = False
    await claim_seat(session, worker.asker, seat.id, starts - timedelta(days=1))
    (await session.get_one(Shift, shift_id)).open = True
    await session.flush()


async def test_what_did_not_take_place_was_watched_and_covered_by_nobody(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    await held(session, pool, worker, [talk()])
    before = await seen(session, pool)
    missed = await held(session, pool, worker, [], LATELY)
    await stood(session, missed, LATELY, LATELY, "too-few-people")
    # another node is told no reason: only that it was over when it began, or began after its end
    for starts, said in ((TUESDAY_19 + WEEK, -HOUR), (AGAIN, 3 * HOUR)):
        told = await held(session, pool, worker, [], starts)
        await stood(session, told, starts + said, starts + said + timedelta(minutes=said > HOUR))
    after = await seen(session, pool)
    assert (after.hours, after.mean, after.weeks) == (before.hours, before.mean, before.weeks)
    assert after.helpful == before.helpful
    assert after.languages == [LanguageSeen("en", 1, 0, 0.5)]


async def test_a_session_that_did_not_take_place_is_not_the_first_one(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    missed = await held(session, pool, worker, [])
    await stood(session, missed, TUESDAY_19, TUESDAY_19, "technical")
    await held(session, pool, worker, [talk(at=LATELY)], LATELY)
    assert (await seen(session, pool)).weeks == 1


async def test_a_session_that_ended_early_counts_up_to_its_end(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    shift = await held(session, pool, worker, [talk()])
    await stood(session, shift, TUESDAY_19 - HOUR / 4, TUESDAY_19 + HOUR / 2)
    # one that goes on longer than planned does not count for longer, nor one still on for less
    longer = await held(session, pool, worker, [], WEDNESDAY_10)
    await stood(session, longer, WEDNESDAY_10, WEDNESDAY_10 + 3 * HOUR)
    never_closed = await held(session, pool, worker, [], WEDNESDAY_10 + WEEK)
    await stood(session, never_closed, WEDNESDAY_10 + WEEK, None)
    found = await seen(session, pool)
    assert hours(found) == {43: Seen(1, 0, 0.5), 58: Seen(0, 0, 2.0), 59: Seen(0, 0, 2.0)}
    assert found.languages == [LanguageSeen("en", 1, 0, 4.5 / 4)]


async def test_languages_are_the_same_whatever_the_region(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    british = await a_worker(session, pool.id, pool.coordinator, languages=("en-GB", "sr-Latn"))
    await held(session, pool, british, [talk()])
    dutch = await held(session, pool, worker, [talk(at=WEDNESDAY_10, language="nl")], WEDNESDAY_10)
    (await session.get_one(Shift, dutch)).languages = ["nl-BE"]
    await session.flush()
    english = {43: Seen(1, 0, 1.0), 44: Seen(0, 0, 1.0), 58: Seen(0, 0, 1.0), 59: Seen(0, 0, 1.0)}
    assert hours(await seen(session, pool, Choice(52, language="en"))) == english
    assert hours(await seen(session, pool, Choice(52, language="en-IE"))) == english
    assert hours(await seen(session, pool, Choice(52, language="nl"))) == {
        43: Seen(0, 0, 0.0, 1.0),
        44: Seen(0, 0, 0.0, 1.0),
        58: Seen(1, 0, 1.0),
        59: Seen(0, 0, 1.0),
    }
    # no language is the beginning of another one, and nothing in it is a pattern
    for tag in ("s", "e%", "en.", ".*"):
        assert (await seen(session, pool, Choice(52, language=tag))).hours == []
    serbian = hours(await seen(session, pool, Choice(52, language="sr")))
    assert (serbian[43].open_hours, serbian[58].open_hours) == (1.0, 0.0)


async def test_old_tables_are_in_the_languages_of_their_project_whatever_the_region(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await session.execute(update(Project).values(languages=["en-GB", "nl"]))
    await taken(session, pool, "Date,Time,Session,Language\n2026-12-01,19:30,19:00-21:00,English\n")
    found = hours(await seen(session, pool, Choice(52, language="en")))
    assert found == {43: Seen(1, 0, 1.0), 44: Seen(0, 0, 1.0)}


async def test_of_somebody_who_was_erased_only_the_sessions_own_languages_are_known(
    session: AsyncSession, pool: ExamplePool
) -> None:
    speaker = await a_worker(session, pool.id, pool.coordinator, languages=("en", "ro"))
    await held(session, pool, speaker, [talk(language="ro")])
    await session.execute(update(Handle).where(Handle.id == speaker.handle).values(languages=[]))
    assert hours(await seen(session, pool, Choice(52, language="ro")))[43] == Seen(1, 0, 0.0, 1.0)
    assert hours(await seen(session, pool, Choice(52, language="en")))[43] == Seen(0, 0, 1.0)


async def test_a_session_shared_with_others_counts_by_the_seats_of_ones_own(
    session: AsyncSession, pool: ExamplePool, worker: Worker
) -> None:
    partner = await a_project(session)
    await join_pool(session, partner, pool.id, SHARE, NOW)
    theirs = await a_worker(session, pool.id, partner)
    shared = await held(session, pool, worker, [talk(), turned_away()])
    await seat_beside(session, shared, "second", theirs)
    # who only watches, and a seat that nobody holds, take nobody's place
    await seat_beside(session, shared, "observer", await a_worker(session, pool.id, partner))
    alone = await held(session, pool, worker, [talk(at=WEDNESDAY_10)], WEDNESDAY_10)
    colleague = await a_worker(session, pool.id, pool.coordinator)
    await seat_beside(session, alone, "second", colleague)
    found = await seen(session, pool)
    assert hours(found) == {
        43: Seen(1, 1, 0.5),
        44: Seen(0, 0, 0.5),
        58: Seen(1, 0, 1.0),
        59: Seen(0, 0, 1.0),
    }
    assert found.mean == 1.0
    assert hours(await seen(session, pool, asker=partner)) == {
        43: Seen(0, 0, 0.5),
        44: Seen(0, 0, 0.5),
    }
