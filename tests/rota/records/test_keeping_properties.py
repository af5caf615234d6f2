"""No record goes too early or stays too long, and sums agree with all that was ever kept."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from rota.record_keeping.actions import delete_old_records, set_keeping
from rota.record_keeping.rules import MOST_DAYS, Settings, last_day_to_delete
from rota.records.actions import erase_record, keep_record
from rota.records.errors import RecordTooLate
from rota.records.models import SessionRecord
from rota.records.rules.counting import facts, hours
from rota.records.rules.drafts import Draft
from rota.records.rules.lists import TOPICS
from tests.rota.records.world import a_lead, done, hour_sums, sums, talk, turned_away
from tests.rota.world import TUESDAY_19, ExamplePool, Planned, Worker, a_pool, a_project

A_DAY = timedelta(days=1)
FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ZONES = ("Europe/London", "Europe/Bucharest", "America/Havana", "Asia/Beirut", "Pacific/Apia")
"""Clocks that change at one, three and midnight, and one on the other side of the date line."""


def first_moment(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@settings(max_examples=500)
@given(
    zone=st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})),
    day=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    keep_days=st.integers(1, MOST_DAYS),
    off=st.one_of(
        st.sampled_from([timedelta(0), timedelta(microseconds=-1)]),
        st.timedeltas(-2 * A_DAY, 2 * A_DAY),
    ),
)
def test_a_day_is_kept_to_the_very_end_of_its_last_one(
    zone: str, day: date, keep_days: int, off: timedelta
) -> None:
    over = first_moment(day + (keep_days + 1) * A_DAY, zone)
    now = over + off
    assert (day <= last_day_to_delete(now, zone, keep_days)) is (now >= over)


@FEW
@given(
    zone=st.sampled_from(ZONES),
    keep_days=st.one_of(st.sampled_from([1, 14, 30, 365]), st.integers(1, MOST_DAYS)),
    shift_day=st.integers(0, 80),
    early=st.lists(st.floats(0, 1, exclude_max=True), max_size=3),
)
async def test_the_first_run_after_its_last_day_takes_a_record_and_none_before(
    session: AsyncSession, zone: str, keep_days: int, shift_day: int, early: list[float]
) -> None:
    pool = await a_pool(session, await a_project(session))
    await session.execute(
        update(Project).where(Project.id == pool.coordinator.project_id).values(zone=zone)
    )
    starts = TUESDAY_19 + shift_day * A_DAY
    await set_keeping(session, pool.coordinator, Settings(keep_days), starts)
    shift, worker = await a_lead(session, pool, starts=starts)
    await keep_record(session, worker.asker, shift.id, done(talk(at=starts)), starts)
    counted = await sums(session, pool), await hour_sums(session, pool)
    kept = select(SessionRecord.shift_id).where(SessionRecord.pool_id == pool.id)
    day = starts.astimezone(ZoneInfo(zone)).date()
    over = first_moment(day + (keep_days + 1) * A_DAY, zone)
    for part in [*sorted(early), 1 - 1e-12]:
        before = min(starts + (over - starts) * part, over - timedelta(microseconds=1))
        await delete_old_records(session, before)
        assert list(await session.scalars(kept)) == [shift.id]
    await delete_old_records(session, over)
    assert list(await session.scalars(kept)) == []
    assert (await sums(session, pool), await hour_sums(session, pool)) == counted


class Play:
    """Three workers keep, replace and erase records while the sweep runs; all choices are drawn."""

    def __init__(
        self, session: AsyncSession, pool: ExamplePool, held: list[tuple[Planned, Worker]]
    ) -> None:
        self.session, self.pool, self.held = session, pool, held
        self.now = max(shift.starts for shift, _ in held)
        self.ever: dict[int, Draft] = {}
        """What was kept and neither replaced nor erased, whether it is still there or not."""

    async def step(self, name: str, random: Random) -> None:
        """Take a step, or be refused: then nothing of it counts."""
        which = random.randrange(len(self.held))
        shift, worker = self.held[which]
        try:
            async with self.session.begin_nested():
                if name == "keep":
                    drawn = draft(random, shift.starts)
                    await keep_record(self.session, worker.asker, shift.id, drawn, self.now)
                    self.ever[which] = drawn
                elif name == "erase":
                    await erase_record(self.session, worker.asker, shift.id, self.now)
                    self.ever.pop(which, None)
                elif name == "set":
                    days = random.choice((1, 3, 10, 30))
                    await set_keeping(self.session, self.pool.coordinator, Settings(days), self.now)
                else:
                    self.now += random.choice((1, 8, 30)) * timedelta(hours=4)
                    await delete_old_records(self.session, self.now)
        except RecordTooLate:
            return

    async def agrees(self) -> None:
        by_month: Counter[tuple[str, str, str]] = Counter()
        by_hour: Counter[tuple[str, int, str, str]] = Counter()
        for which, kept in self.ever.items():
            month = f"{self.held[which][0].starts:%Y-%m}"
            for fact, count in facts(kept).items():
                by_month[month, fact.dimension, fact.value] += count
            for hour, count in hours(kept, "Europe/London").items():
                by_hour[str(hour.monday), hour.hour, hour.language, hour.kind] += count
        assert await sums(self.session, self.pool) == dict(by_month)
        assert await hour_sums(self.session, self.pool) == dict(by_hour)


def draft(random: Random, starts: datetime) -> Draft:
    contacts = [
        random.choice((talk, turned_away))(
            at=starts + random.choice((0, 1)) * timedelta(hours=1),
            language=random.choice(("en", "nl", "ro")),
            topics=random.sample(TOPICS[:4], random.randrange(3)),
        )
        for _ in range(random.randrange(4))
    ]
    return done(*contacts, done=random.random() < 0.8, staff_abused=random.random() < 0.5)


@FEW
@given(
    steps=st.lists(
        st.sampled_from(("keep", "keep", "keep", "erase", "set", "sweep", "sweep")),
        min_size=6,
        max_size=25,
    ),
    random=st.randoms(use_true_random=False),
)
async def test_sums_are_those_of_all_records_ever_kept_in_whatever_order(
    session: AsyncSession, steps: list[str], random: Random
) -> None:
    pool = await a_pool(session, await a_project(session))
    # the last evening of a month and the first of the next are among them
    starts = [datetime(2027, 1, 30, 19, tzinfo=UTC) + days * A_DAY for days in range(3)]
    play = Play(session, pool, [await a_lead(session, pool, starts=one) for one in starts])
    for name in steps:
        await play.step(name, random)
        await play.agrees()
