"""Reads what a project has counted in a pool, and says what it means; its own counts only."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Channel, Pool
from rota.coverage.queries import SESSION
from rota.coverage.rules import week_of
from rota.demand.models import ExcludedWeeks
from rota.demand.rules.advice import (
    Helpful,
    LanguageSeen,
    OnChannel,
    Suggestion,
    languages_seen,
    most_helpful,
    suggestion,
)
from rota.demand.rules.counted import Counted, Counts
from rota.demand.rules.estimates import Estimate, estimates, mean_of
from rota.demand.rules.exposure import (
    Stretch,
    TimeThere,
    covered_shares,
    hours_of_series,
    latest_weeks,
    mondays_between,
    mondays_left_out,
    shared_hours,
)
from rota.demand.time_there import Asked, OpenTimes, open_times, time_there
from rota.record_sums.models import HourSum
from rota.shifts.keeping import timing_of
from rota.shifts.models import ShiftPattern
from rota.timetable.queries import patterns_on_channels

WEEK = timedelta(weeks=1)
LATELY = 4
"""What is covered now is read from so many weeks that count: plans change faster than demand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a coordinator looks at: whole weeks up to the present one, a channel, a language."""

    weeks: int
    channel: str | None = None
    language: str | None = None

    @property
    def spoken(self) -> str | None:
        """Give the language without its region: of contacts no more is recorded."""
        return self.language and self.language.partition("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Weight:
    """What a recurring session weighs for the planner, and what counts suggest."""

    pattern: ShiftPattern
    channel: str
    suggested: Suggestion


@dataclass(frozen=True, slots=True)
class Demand:
    """What one project's own people have counted in a pool, hour by hour, and what follows.

    `weeks` are those that count: from the first session on, without those left out.
    """

    first: date
    until: date
    weeks: int
    channels: dict[str, str]
    mean: float
    hours: list[Estimate]
    languages: list[LanguageSeen]
    helpful: list[Helpful]
    left_out: Sequence[ExcludedWeeks]
    weights: list[Weight]


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All that was read, before anything is worked out of it."""

    pool: Pool
    first: date
    until: date
    lately: Asked
    language: str | None
    channels: dict[UUID, Channel]
    left_out: Sequence[ExcludedWeeks]
    weeks: frozenset[date]
    there: dict[UUID, TimeThere]
    counts: Counts
    open_lately: OpenTimes
    patterns: list[tuple[Channel, ShiftPattern | None]]

    @property
    def counted(self) -> Counted:
        """Lay time and counts out by hour of the week."""

        def hours(there: dict[UUID, list[Stretch]]) -> dict[UUID, dict[int, float]]:
            zone = self.pool.zone
            return {key: shared_hours(each, zone, self.weeks) for key, each in there.items()}

        return Counted(
            len(self.weeks),
            hours({key: each.opened for key, each in self.there.items()}),
            hours({key: each.closed for key, each in self.there.items()}),
            self.counts,
        )


async def demand(
    session: AsyncSession, asker: Asker, pool: Pool, choice: Choice, now: datetime
) -> Demand:
    """Estimate a pool's demand from what one's own project has counted; the caller found the pool.

    Of other projects only the pool's open hours are read, which all its members see.
    """
    require_role(asker, "coordinator")
    gathered = await _gather(session, asker.project_id, pool, choice, now)
    # figures of few contacts stand in it as they are, so it is known who looked
    await record(
        session,
        actor=asker.person_id,
        verb="read-demand",
        subject="pool",
        subject_id=pool.id,
        now=now,
        facts={"weeks": choice.weeks},
    )
    # a large library is loaded once, and then some tens of milliseconds are worked
    return await asyncio.to_thread(_worked_out, gathered, now)


async def _gather(
    session: AsyncSession, project_id: UUID, pool: Pool, choice: Choice, now: datetime
) -> _Gathered:
    until = week_of(now, pool.zone)
    # there people write at the hour at which somebody is there
    patterns = await patterns_on_channels(session, pool, SESSION, now)
    found = sorted((each for each, _ in patterns), key=lambda each: each.slug)
    channels = {each.id: each for each in found}
    first = until - choice.weeks * WEEK
    asked = Asked(pool, channels.keys(), mondays_between(first, until))
    chosen = [key for key, each in channels.items() if choice.channel in {None, each.slug}]
    left_out = await _left_out(session, project_id, pool.id)
    unlike = mondays_left_out((each.first_monday, each.weeks) for each in left_out)
    lately = Asked(pool, chosen, latest_weeks(until, LATELY, unlike))
    there = await time_there(session, project_id, asked, choice.spoken)
    weeks = mondays_between(_first_week(there, pool.zone, until), until) - unlike
    return _Gathered(
        pool=pool,
        first=first,
        until=until,
        lately=lately,
        language=choice.spoken,
        channels=channels,
        left_out=left_out,
        weeks=weeks,
        there=there,
        counts=await _counts(session, project_id, asked, weeks),
        open_lately=await open_times(session, lately, choice.spoken),
        # weights are of whole sessions, whichever language one looks at
        patterns=[] if choice.spoken else patterns,
    )


def _worked_out(gathered: _Gathered, now: datetime) -> Demand:
    counted, chosen = gathered.counted, gathered.lately.channels
    seen = counted.seen(chosen, gathered.language)
    found = estimates(seen, counted.weeks)
    lately = gathered.open_lately
    spoken = {tag: hours / LATELY for tag, hours in lately.by_language.items()}
    return Demand(
        first=gathered.first,
        until=gathered.until,
        weeks=counted.weeks,
        channels={each.slug: each.name for each in gathered.channels.values()},
        mean=mean_of(seen, counted.weeks),
        hours=found,
        languages=languages_seen(counted.by_language(chosen), spoken),
        helpful=most_helpful(_on_channels(counted, gathered)),
        left_out=gathered.left_out,
        weights=_weights(counted, gathered, now),
    )


async def _left_out(
    session: AsyncSession, project_id: UUID, pool_id: UUID
) -> Sequence[ExcludedWeeks]:
    rows = await session.scalars(
        select(ExcludedWeeks)
        .where(ExcludedWeeks.project_id == project_id, ExcludedWeeks.pool_id == pool_id)
        .order_by(ExcludedWeeks.first_monday.desc())
    )
    return rows.all()


def _first_week(there: dict[UUID, TimeThere], zone: str, otherwise: date) -> date:
    """Give the week of the first session: of what was counted before, nobody knows in how long."""
    starts = [one.starts for each in there.values() for one in (*each.opened[:1], *each.closed[:1])]
    return week_of(min(starts), zone) if starts else otherwise


async def _counts(
    session: AsyncSession, project_id: UUID, asked: Asked, weeks: Collection[date]
) -> Counts:
    rows = await session.execute(
        select(
            HourSum.channel_id,
            HourSum.hour,
            HourSum.language,
            HourSum.kind,
            func.sum(HourSum.count),
        )
        .where(
            HourSum.project_id == project_id,
            HourSum.pool_id == asked.pool.id,
            HourSum.channel_id.in_(asked.channels),
            HourSum.monday.in_(weeks),
        )
        .group_by(HourSum.channel_id, HourSum.hour, HourSum.language, HourSum.kind)
    )
    return {(channel, hour, tag, kind): count for channel, hour, tag, kind, count in rows}


def _on_channels(counted: Counted, gathered: _Gathered) -> list[OnChannel]:
    """Set what is expected on each channel beside what is covered, where anything is known."""
    lately = gathered.lately
    found = {
        key: estimates(counted.seen([key], gathered.language), counted.weeks)
        for key in lately.channels
    }
    return [
        OnChannel(
            each,
            covered_shares(
                gathered.open_lately.by_channel.get(key, []),
                lately.spans,
                lately.pool.zone,
                lately.weeks,
            ),
        )
        for key, each in found.items()
        if each
    ]


def _weights(counted: Counted, gathered: _Gathered, now: datetime) -> list[Weight]:
    """Weigh each session by its own channel's hours, beside the mean of all channels."""
    mean = mean_of(counted.seen(gathered.channels), counted.weeks)
    if not mean:
        return []
    sessions = [
        (pattern, channel)
        for channel, pattern in gathered.patterns
        # one that another follows is not changed any more
        if pattern is not None and pattern.successor_id is None
    ]
    by_channel = {
        key: estimates(counted.seen([key]), counted.weeks, otherwise=mean)
        for key in {channel.id for _, channel in sessions}
    }
    return [
        Weight(
            pattern,
            channel.slug,
            suggestion(_hours_of(pattern, gathered.pool, now), by_channel[channel.id], mean),
        )
        for pattern, channel in sessions
    ]


def _hours_of(pattern: ShiftPattern, pool: Pool, now: datetime) -> dict[int, float]:
    return hours_of_series(week_of(now, pattern.zone), timing_of(pattern), pool.zone)
