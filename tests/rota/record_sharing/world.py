"""Counts of a month that is over, made as records make them."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool
from rota.record_sharing.actions import share_counts
from rota.record_sharing.models import SharedCounts
from rota.record_sums.actions import Place, change_hours, change_sums
from rota.records.rules.counting import Fact, HourOfWeek
from rota.records.rules.lists import TOPICS

JANUARY = date(2027, 1, 1)
MONDAY = date(2027, 1, 4)
DUE = datetime(2027, 2, 16, tzinfo=UTC)
ANSWERED, HEALTH, NEVER_TOLD = 7919, 7920, 8123
"""Hidden beside three others, as all but two, and as what is never told."""
ALL = ANSWERED + 3
FACTS: Counter[Fact] = Counter(
    {
        Fact("records", "session"): 40,
        Fact("contacts", "talked"): ALL,
        Fact("contacts", "turned-away"): 2,
        Fact("language", "en"): ALL,
        Fact("familiarity", "new"): ALL,
        Fact("outcome", "answered"): ANSWERED,
        Fact("outcome", "declined"): 3,
        Fact("minutes", "10-30"): ALL - 23,
        Fact("minutes", "over-60"): 3,
        Fact("topic", "tax"): 3,
        Fact("topic", "health"): HEALTH,
        Fact("unmet", "housing"): 6,
        Fact("area", "NE1"): NEVER_TOLD,
        Fact("gender", "woman"): NEVER_TOLD,
    }
)
HOURS: Counter[HourOfWeek] = Counter({HourOfWeek(MONDAY, 43, "en", "talked"): ALL})
TOLD: dict[str, dict[str, int | None]] = {
    "contacts": {"talked": ALL, "turned-away": None, "wrong-channel": 0},
    "language": {"en": ALL, "other": 0},
    "familiarity": {"new": ALL, "returning": 0, "not-said": 0},
    "minutes": {"under-10": 0, "10-30": ALL - 23, "30-60": 0, "over-60": None, "not-said": None},
    "outcome": {"answered": None, "signposted": 0, "declined": None, "ended-early": 0},
    "part": {
        "weekday-day": 0,
        "weekday-evening": ALL,
        "weekend-day": 0,
        "weekend-evening": 0,
        "night": 0,
    },
    "topic": {**dict.fromkeys(TOPICS, 0), "health": None, "tax": None},
    "unmet": {**dict.fromkeys(TOPICS, 0), "housing": 6, "nothing": None},
}


async def count(
    session: AsyncSession,
    project_id: UUID,
    pool_id: UUID,
    facts: Counter[Fact] = FACTS,
    month: date = JANUARY,
) -> None:
    """Count in a channel of the pool what a project has recorded in a month."""
    channel = await session.scalar(select(Channel.id).where(Channel.pool_id == pool_id))
    assert channel is not None
    place = Place(project_id, pool_id, channel, month)
    await change_sums(session, place, Counter(), facts)
    if facts is FACTS:
        await change_hours(session, place, Counter(), HOURS)


async def tick(session: AsyncSession, coordinator: Asker, pool_id: UUID, at: datetime) -> None:
    await share_counts(session, coordinator, await session.get_one(Pool, pool_id), at)


async def kept(session: AsyncSession) -> list[tuple[str, dict[str, dict[str, int | None]]]]:
    """Give what is kept of members' months, as month and tables."""
    rows = await session.scalars(select(SharedCounts).order_by(SharedCounts.month))
    return [
        (
            f"{row.month:%Y-%m}",
            {
                table["name"]: {cell["value"]: cell["count"] for cell in table["cells"]}
                for table in row.content["tables"]
            },
        )
        for row in rows
    ]
