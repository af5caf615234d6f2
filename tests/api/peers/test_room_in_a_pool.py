"""However much one member says of itself, its pool can still be stated to all others."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import func, insert, select

from database.session import door
from federation.feeds.actions import LARGEST_EVENT, append
from federation.feeds.models import Feed, FeedEvent
from federation.people.models import Handle
from federation.pools.errors import NoRoom
from federation.pools.models import PoolMember
from federation.pools.room import MOST_HANDLES
from federation.pools.settings import set_consent
from rota.shifts.models import Shift
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside, standing
from tests.federation.pools.test_what_partners_state import MEMBER, PROJECT

Pair = tuple[RunningNode, RunningNode]
FULL = NoRoom.code


async def south_says(shared: PoolOfTwo, kind: str, *said: dict[str, Any]) -> None:
    async with door(shared.south.engine) as session:
        for one in said:
            await append(session, "private", shared.north.id, kind, one, now=clock())
    await pull_now(shared.north, shared.south)


async def members_at(node: RunningNode, shared: PoolOfTwo) -> int:
    async with door(node.engine) as session:
        mine = PoolMember.pool_id == shared.pool.id
        return await session.scalar(select(func.count()).where(mine)) or 0


async def last_stated(shared: PoolOfTwo) -> bytes:
    async with door(shared.north.engine) as session:
        said = await session.scalar(
            select(FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.subject == str(shared.pool.id), FeedEvent.kind == "pool.stated")
            .order_by(FeedEvent.seq.desc())
            .limit(1)
        )
        return bytes(said or b"")


def joins(shared: PoolOfTwo, **facts: Any) -> dict[str, Any]:
    project = PROJECT | {"id": str(uuid4()), "slug": f"project-{uuid4().hex[:8]}"} | facts
    return MEMBER | {"pool": str(shared.pool.id), "project": project}


def handle(shared: PoolOfTwo, **facts: Any) -> dict[str, Any]:
    usual = {
        "id": str(uuid4()),
        "pool": str(shared.pool.id),
        "project": str(shared.coordinator.project_id),
        "display": f"wren-{uuid4().hex[:8]}",
        "roles": ["worker"],
        "languages": ["en"],
        "hours_per_week": "8",
        "shifts_per_week": 3,
        "rest_hours": "11",
        "retired": False,
    }
    return usual | facts


async def test_36_a_member_with_projects_without_end_leaves_room_for_all(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    long = {"name": "é" * 200, "region": "é" * 200, "jurisdiction": "é" * 200}
    await south_says(shared, "member.joined", *[joins(shared, **long) for _ in range(60)])
    aside = await set_aside(shared.north)
    assert set(aside) == {("member.joined", "bad", FULL)}
    assert await members_at(shared.north, shared) == 62 - len(aside)
    assert len(await last_stated(shared)) < LARGEST_EVENT / 4
    # whoever hosts it can still change it, and says so
    await shared.exchange()
    async with door(shared.north.engine) as session:
        await set_consent(session, shared.pool.coordinator, shared.pool.id, clock(), needed=True)
    await shared.exchange()
    assert msgspec.json.decode(await last_stated(shared))["consent_needed"]
    assert await members_at(shared.south, shared) == await members_at(shared.north, shared)


async def test_a_language_of_a_page_is_none(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    before = await last_stated(shared)
    long = ["x" * 100_000]
    await south_says(shared, "member.joined", joins(shared, languages=long))
    await south_says(shared, "handle.stated", handle(shared, languages=long))
    assert [detail for _, _, detail in await set_aside(shared.north)] == ["ValidationError"] * 2
    assert await last_stated(shared) == before


async def test_languages_that_nobody_speaks_keep_no_member_from_hearing(two_nodes: Pair) -> None:
    """Eighteen invented people with a hundred languages each: more than any reader takes."""
    shared = await pool_of_two(two_nodes)
    said = [
        handle(shared, languages=[f"zz-{number // 3}x{each}" for each in range(100)])
        for number in range(18)
    ]
    await south_says(shared, "handle.stated", *said)
    assert await set_aside(shared.north) == []
    assert len(msgspec.json.decode(await last_stated(shared))["languages_shown"]) == 500
    await pull_now(shared.south, shared.north)
    assert await set_aside(shared.south) == []


async def has_people(shared: PoolOfTwo, many: int) -> None:
    """Let South have told of so many people before, as North keeps them."""
    facts = {
        "pool_id": shared.pool.id,
        "project_id": shared.coordinator.project_id,
        "roles": ["worker"],
        "languages": ["en"],
        "hours_per_week": 8,
        "shifts_per_week": 3,
        "rest_hours": 11,
    }
    rows = [facts | {"id": uuid4(), "display": f"robin-{number}"} for number in range(many)]
    async with door(shared.north.engine) as session:
        await session.execute(insert(Handle), rows)


async def test_36_handles_without_end_are_refused(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    await has_people(shared, MOST_HANDLES - 3)
    said = [handle(shared) for _ in range(5)]
    await south_says(shared, "handle.stated", *said)
    assert await set_aside(shared.north) == [("handle.stated", "bad", FULL)] * 2
    # one goes, and another may come
    await south_says(shared, "handle.stated", said[0] | {"retired": True}, handle(shared))
    assert await set_aside(shared.north) == [("handle.stated", "bad", FULL)] * 2
    async with door(shared.north.engine) as session:
        live = select(func.count()).select_from(Handle).where(Handle.retired_at.is_(None))
        assert await session.scalar(live) == MOST_HANDLES


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts": "0001-01-01T00:00:00+00:00"}, "odd-times"),
        ({"ends": "9999-12-31T23:59:00+00:00"}, "odd-times"),
        ({"starts": "2027-01-05T19:00:00+00:00", "ends": "2027-01-14T19:00:00+00:00"}, "odd-times"),
        ({"theme": "x" * 1001}, "ValidationError"),
        ({"ground_rules": "x" * 20_001}, "ValidationError"),
        ({"series": "x" * 201}, "ValidationError"),
        ({"languages": ["x" * 36]}, "ValidationError"),
    ],
)
async def test_a_session_that_no_page_could_show_is_not_kept(
    two_nodes: Pair, changed: dict[str, Any], code: str
) -> None:
    shared = await pool_of_two(two_nodes)
    [evening] = await shared.shifts(1)
    pool = str(shared.pool.id)
    async with door(shared.north.engine) as session:
        said = await session.scalar(
            select(FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.subject == pool, FeedEvent.kind == "shift.stated")
            .order_by(FeedEvent.seq.desc())
            .limit(1)
        )
        stated = msgspec.json.decode(said or b"") | changed
        await append(session, "pool/shifts", pool, "shift.stated", stated, now=clock())
    await pull_now(shared.south, shared.north)
    assert await set_aside(shared.south) == [("shift.stated", "bad", code)]
    async with door(shared.south.engine) as session:
        assert (await session.get_one(Shift, evening.id)).starts == evening.starts


async def test_16_a_proposal_to_answer_by_the_end_of_time_holds_back_no_other(
    two_nodes: Pair,
) -> None:
    shared = await pool_of_two(two_nodes)
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    proposed = {
        "claim": str(uuid4()),
        "seat": str(first.lead),
        "handle": str(wren.handle),
        "origin": "coordinator",
        "answer_by": "9999-12-31T23:59:59+00:00",
        "asks_worker": True,
    }
    async with door(shared.north.engine) as session:
        private = shared.south.id
        await append(session, "private", private, "claim.proposed", proposed, now=clock())
    claim = await shared.claim(wren, second.lead)
    assert await standing(shared.south, claim) == ("held", [])
