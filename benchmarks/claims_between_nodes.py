"""Claims that another node sends, each of them twice: one winner a seat, one entry a claim.

What is measured is the host's part: it reads the other node's feed, decides, and answers each.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.bare import TABLE, bare_claim
from benchmarks.claims import ROLES
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.joined import Joined
from benchmarks.repeatable import Repeatable
from benchmarks.rota import SLUG, staffed_pool
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import FeedEvent
from federation.partners.rules.capabilities import SHIFTS
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.claims.models import Claim

AT_ONCE = 200
HOUR = timedelta(hours=1)


async def claims_sent_twice(pair: Joined, scale: Scale, now: datetime) -> Figure:
    """Let the other node's people claim the seats of a pool here, each claim sent twice."""
    contested = await staffed_pool(pair.here, now, workers=0, seats=scale.seats, roles=ROLES)
    async with door(pair.here) as session:
        pool = (
            await session.scalars(select(Pool.id).where(Pool.slug == SLUG, Pool.host.is_(None)))
        ).one()
    await pair.let(pair.here, SHIFTS, pool)
    each = scale.claims // scale.seats
    handles = await _bring_in(pair, pool, 2 * each, now)
    await pair.pull()
    wishes = _wishes(contested.seats, handles, each, now)
    await _say(pair, "claim.requested", wishes, now)
    began = perf_counter()
    await pair.pull()
    seconds = perf_counter() - began
    await _require_one_winner_each(pair, contested.seats, len(wishes) // 2)
    alone = await _alone(pair.here, [UUID(wish["seat"]) for wish in wishes])
    return Figure(
        benchmark="federation",
        name="claims of another node, each sent twice",
        against="a bare INSERT … ON CONFLICT",
        unit="claims/s",
        pairs=[Pair(Side(len(wishes) / seconds), Side(len(wishes) / alone))],
    )


async def _bring_in(pair: Joined, pool: UUID, people: int, now: datetime) -> list[UUID]:
    """Let a project of the other node take part, with as many people who are never too busy."""
    async with door(pair.there) as session:
        project = (await session.scalars(select(Project).where(Project.node.is_(None)))).first()
    if project is None:
        raise RuntimeError("There is no project.")
    told = {
        name: getattr(project, name)
        for name in ("slug", "name", "region", "jurisdiction", "zone", "languages")
    }
    joining = {
        "pool": str(pool),
        "project": {"id": str(project.id), **told},
        "hours_offered_per_week": "80",
        "hours_before_per_week": "6",
    }
    handles = [uuid4() for _ in range(people)]
    stated = [
        {
            "id": str(handle),
            "pool": str(pool),
            "project": str(project.id),
            "display": f"Amber Otter {number}",
            "roles": ["worker"],
            "languages": ["en"],
            "hours_per_week": "168",
            "shifts_per_week": 100,
            "rest_hours": "0",
            "retired": False,
        }
        for number, handle in enumerate(handles)
    ]
    await _say(pair, "member.joined", [joining], now)
    await _say(pair, "handle.stated", stated, now)
    return handles


def _wishes(
    seats: Sequence[UUID], handles: Sequence[UUID], each: int, now: datetime
) -> list[dict[str, str]]:
    """Write the claims seat after seat; each comes again among those of its seat."""
    chance = Repeatable(1)
    answer_by = (now + 20 * HOUR).isoformat()
    wishes = []
    for seat in seats:
        once = [
            {
                "claim": str(uuid4()),
                "seat": str(seat),
                "handle": str(handle),
                "answer_by": answer_by,
            }
            for handle in chance.sample(list(handles), each)
        ]
        twice = [*once, *once]
        chance.shuffle(twice)
        wishes += twice
    return wishes


async def _say(
    pair: Joined, kind: str, said: Sequence[Mapping[str, object]], now: datetime
) -> None:
    for begin in range(0, len(said), AT_ONCE):
        async with door(pair.there) as session:
            for payload in said[begin : begin + AT_ONCE]:
                await append(
                    session, "private", pair.here_node.node_id, kind, dict(payload), now=now
                )


async def _require_one_winner_each(pair: Joined, seats: Sequence[UUID], claims: int) -> None:
    """Read from the database that each seat has one holder, and each claim one entry."""
    async with door(pair.here) as session:
        rows = await session.execute(
            select(Claim.seat_id, func.count())
            .where(Claim.seat_id.in_(seats), Claim.state == "held")
            .group_by(Claim.seat_id)
        )
        holders = dict(rows.all())
        entered = await session.scalar(select(func.count()).select_from(Claim))
        answered = await session.scalar(
            select(func.count()).where(FeedEvent.kind == "claim.answered")
        )
    if holders != dict.fromkeys(seats, 1):
        raise RuntimeError("A seat has no holder, or several.")
    if (entered, answered) != (claims, 2 * claims):
        raise RuntimeError(f"{entered} claims were entered and {answered} answered.")


async def _alone(engine: AsyncEngine, seats: Sequence[UUID]) -> float:
    """Take the same seats in the same order, as barely as SQLAlchemy can."""
    async with engine.begin() as connection:
        await connection.execute(text(TABLE))
    began = perf_counter()
    for seat in seats:
        await bare_claim(engine, seat)
    return perf_counter() - began
