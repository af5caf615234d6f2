"""Failure 24: a partner speaks of what is not its own, through the table that its events reach."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent
from federation.partners.rules.canonical import admit
from rota.cover.actions import ask_for_cover
from rota.sign_up.actions import claim_seat
from rota.swaps.offering import offer_seat
from rota.waiting.actions import wait_for_seat
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import DAY, PoolOfTwo, pool_of_two, pull_now, set_aside
from tests.rota.world import Planned, Worker, a_worker, everything

LATER = (clock() + DAY).isoformat()
READING = frozenset(
    {
        "feed_cursor",
        "feed_reader",
        "outbox",
        "partner",
        "partner_token",
        "set_aside_event",
        "taken_in",
        "used_assertion",
    }
)
"""What changes by reading alone."""
Said = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Foreign:
    """Finch is North's, with a seat, an offer, a request for cover; wren is South's."""

    shared: PoolOfTwo
    finch: Worker
    wren: Worker
    shifts: list[Planned]
    held: UUID
    offered: UUID
    offer: UUID
    cover: UUID
    waits: UUID
    wrens: UUID

    async def refused(self, *said: Said) -> None:
        """Let South say all of it in private; nothing of it may change anything at North."""
        before = await kept(self.shared.north)
        async with door(self.shared.south.engine) as session:
            for kind, payload in said:
                north = self.shared.north.id
                await append(session, "private", north, kind, plain(payload), now=clock())
        await self.all_refused(before, [kind for kind, _ in said])

    async def all_refused(self, before: dict[str, Any], kinds: list[str]) -> None:
        await pull_now(self.shared.north, self.shared.south)
        assert await set_aside(self.shared.north) == [(kind, "bad", "not-found") for kind in kinds]
        assert await kept(self.shared.north) == before


async def kept(node: RunningNode) -> dict[str, Any]:
    async with door(node.engine) as session:
        found = await everything(session)
    return {name: rows for name, rows in found.items() if name not in READING}


def plain(payload: dict[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value for name, value in payload.items()
    }


@pytest.fixture
async def foreign(two_nodes: tuple[RunningNode, RunningNode]) -> Foreign:
    shared = await pool_of_two(two_nodes)
    wren, north = await shared.worker(), shared.pool.coordinator
    shifts = list(await shared.shifts(5))
    wrens = await shared.claim(wren, shifts[3].lead)
    async with door(shared.north.engine) as session:
        now, pool = clock(), shared.pool.id
        finch = await a_worker(session, pool, north, hours_per_week=40, shifts_per_week=9)
        held, offered, covered = [
            await claim_seat(session, finch.asker, shift.lead, now) for shift in shifts[:3]
        ]
        offer = await offer_seat(session, finch.asker, offered.id, now, one_way=True)
        cover = await ask_for_cover(session, finch.asker, covered.id, now)
        waits = await wait_for_seat(session, finch.asker, shifts[3].lead, now)
        ids = held.id, offered.id, offer.id, cover.id, waits.id, wrens
    await shared.exchange()
    return Foreign(shared, finch, wren, shifts, *ids)


async def test_24_claims_of_others_are_neither_made_nor_ended(foreign: Foreign) -> None:
    free = {"seat": foreign.shifts[4].lead, "answer_by": LATER}
    await foreign.refused(
        ("claim.requested", {"claim": uuid4(), "handle": foreign.finch.handle, **free}),
        ("claim.requested", {"claim": foreign.held, "handle": foreign.wren.handle, **free}),
        ("claim.cancelled", {"claim": foreign.held}),
        ("proposal.answered", {"claim": foreign.held, "yes": False}),
        ("shift.attended", {"claim": foreign.held, "at": LATER, "busy": False, "ended_at": None}),
        ("shift.missed", {"claim": foreign.held, "reason": "other", "at": LATER}),
    )


async def test_24_nobody_elses_seat_is_covered_or_waited_for(foreign: Foreign) -> None:
    taken = {"seat": foreign.shifts[2].lead, "answer_by": LATER, "claim": uuid4()}
    await foreign.refused(
        ("cover.asked", {"cover": uuid4(), "claim": foreign.held}),
        ("cover.withdrawn", {"cover": foreign.cover}),
        ("cover.taken", {"cover": foreign.cover, "handle": foreign.finch.handle, **taken}),
        ("waiting.left", {"entry": foreign.waits}),
        (
            "waiting.joined",
            {"entry": uuid4(), "seat": foreign.shifts[3].lead, "handle": foreign.finch.handle},
        ),
    )


async def test_24_nobody_elses_seat_is_offered_or_exchanged(foreign: Foreign) -> None:
    terms: dict[str, Any] = {"to": None, "one_way": True, "wanted": [], "until": LATER}
    asked = {
        "exchange": uuid4(),
        "offer": foreign.offer,
        "claim": uuid4(),
        "begins": LATER,
        "ends": LATER,
        "answer_by": LATER,
    }
    await foreign.refused(
        (
            "swap.offered",
            {"offer": uuid4(), "claim": foreign.held, "handle": foreign.wren.handle, **terms},
        ),
        ("swap.withdrawn", {"offer": foreign.offer}),
        ("exchange.asked", {"handle": foreign.finch.handle, "gives": None, **asked}),
        ("exchange.asked", {"handle": foreign.wren.handle, "gives": foreign.held, **asked}),
        ("exchange.agreed", {"exchange": uuid4(), "claim": foreign.held, "yes": True}),
        ("exchange.withdrawn", {"claim": foreign.held}),
    )


async def test_24_nobody_elses_people_are_offered_or_renamed(foreign: Foreign) -> None:
    can = {"offers": [{"shift": str(foreign.shifts[4].id), "preference": 2}]}
    facts = {
        "id": foreign.finch.handle,
        "pool": foreign.shared.pool.id,
        "display": "somebody-else",
        "roles": ["worker"],
        "languages": ["en"],
        "hours_per_week": "8",
        "shifts_per_week": 3,
        "rest_hours": "11",
        "retired": True,
    }
    ours = foreign.shared.pool.coordinator.project_id
    theirs = foreign.shared.coordinator.project_id
    await foreign.refused(
        ("offers.stated", {"handle": foreign.finch.handle, **can}),
        ("offers.added", {"handle": foreign.finch.handle, "statement": "00", **can}),
        ("handle.stated", {"project": ours, **facts}),
        ("handle.stated", {"project": theirs, **facts}),
        ("handle.renamed", {"id": foreign.finch.handle, "display": "somebody-else"}),
    )


async def test_24_nobody_elses_project_is_a_member(foreign: Foreign) -> None:
    ours = foreign.shared.pool.coordinator.project_id
    project = {
        "id": str(ours),
        "slug": "northern",
        "name": "Taken over",
        "region": "North",
        "jurisdiction": "england-and-wales",
        "zone": "Europe/London",
        "languages": ["en"],
    }
    hours = {"hours_offered_per_week": "1", "hours_before_per_week": "1"}
    joined = {"pool": foreign.shared.pool.id, "project": project, **hours}
    await foreign.refused(("member.joined", joined))


async def test_24_a_pool_is_its_hosts_alone(foreign: Foreign) -> None:
    """South repeats all that North has said of its pool, in a feed that bears the pool's name."""
    shared, pool = foreign.shared, str(foreign.shared.pool.id)
    before = await kept(shared.north)
    async with door(shared.north.engine) as session:
        rows = await session.execute(
            select(FeedEvent.kind, FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.kind == "pool/shifts", Feed.subject == pool)
            .order_by(FeedEvent.seq)
        )
        said = [(kind, admit(payload or b"")) for kind, payload in rows]
    async with door(shared.south.engine) as session:
        for kind, payload in said:
            await append(session, "pool/shifts", pool, kind, payload, now=clock())
    await pull_now(shared.north, shared.south)
    assert {kind for kind, _ in said} >= {"pool.stated", "shift.stated", "swap.stated"}
    assert [kind for kind, _, _ in await set_aside(shared.north)] == [kind for kind, _ in said]
    assert await kept(shared.north) == before
