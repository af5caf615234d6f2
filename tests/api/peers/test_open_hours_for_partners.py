"""The feed `pool/open-hours`: who is no member is told what the public sees, and publishes it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
import time_machine
from httpx2 import AsyncClient
from sqlalchemy import func, select, update

from api.peers.client import PartnerUnreachableError
from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from api.worker import hours_jobs
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import Feed, FeedEvent
from federation.partners.actions import grant, withdraw
from federation.partners.models import Partner
from federation.partners.rules.capabilities import OPEN_HOURS, SHIFTS
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.relations.leaving.actions import end
from rota.claims.models import Claim
from rota.open_hours.heard import sweep_heard
from rota.open_hours.models import HeardHours
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import release_claim
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock
from tests.api.peers.pool_of_two import Pair, pool_of_two, pull_now, set_aside
from tests.api.peers.test_hours_of_a_silent_host import CLOSED, a_running_pool, published
from tests.api.peers.test_partners_that_are_away import move, nowhere

POOL_HOURS = "pool/open-hours"


@pytest.fixture(autouse=True)
def early_in_a_minute() -> Iterator[time_machine.Traveller]:
    """What is published is built once a minute: no test reads in two of them by accident."""
    with time_machine.travel(clock().replace(second=2) + timedelta(hours=1), tick=True) as time:
        yield time


async def told_of_a_pool(pair: Pair) -> tuple[str, UUID]:
    """Let South hear of the hours of a pool of North, and of nothing else there."""
    north, south = pair
    for node in pair:
        node.apply.update({**APPLY, **rota_events(node.node.keys)})
    slug = await a_running_pool(north, south, OPEN_HOURS)
    async with door(north.engine) as session:
        pool = (await session.scalars(select(Pool.id).where(Pool.slug == slug))).one()
    await change(north, south, grant, OPEN_HOURS, pool)
    await hear(pair)
    return slug, pool


async def change(north: RunningNode, south: RunningNode, verb: Any, kind: str, pool: UUID) -> None:
    async with door(north.engine) as session:
        await verb(
            session,
            asker=ADMINISTRATOR,
            node_id=south.id,
            capability=f"{kind}:{pool}",
            now=clock(),
        )


async def hear(pair: Pair) -> None:
    """Let North say what is to be said, and South read it."""
    north, south = pair
    await north.loop.work_off()
    await pull_now(south, north)


async def missing(node: RunningNode, slug: str) -> bool:
    async with AsyncClient(base_url=node.settings.base_url) as anybody:
        answers = [await anybody.get(f"/open/{slug}{form}") for form in ("", ".json", ".ics")]
    return {one.status_code for one in answers} == {404}


async def feed_kinds(at: RunningNode, other: RunningNode) -> list[str]:
    return [line.kind for line in (await (await at.client(other)).feeds()).feeds]


async def counted(node: RunningNode, table: Any) -> int:
    async with door(node.engine) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def said(node: RunningNode) -> list[dict[str, Any] | None]:
    async with door(node.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.kind == POOL_HOURS)
            .order_by(FeedEvent.seq)
        )
        return [msgspec.json.decode(raw) if raw else None for raw in rows]


async def give_up_the_later(node: RunningNode) -> None:
    """Let somebody drop out of the session in two days."""
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Claim.id, Handle.person_id, Handle.project_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Seat, Seat.id == Claim.seat_id)
            .join(Shift, Shift.id == Seat.shift_id)
            .order_by(Shift.starts.desc(), Claim.id)
            .limit(1)
        )
        claim, person, project = rows.one()
        assert person is not None
        worker = Asker(person, project, frozenset({"worker"}))
        await release_claim(session, worker, claim, clock())


async def test_who_is_no_member_publishes_what_the_public_sees_and_knows_no_more(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    slug, pool = await told_of_a_pool(two_nodes)
    there, here = await published(north, slug), await published(south, slug)
    assert (there.json["now"]["open"], len(there.json["hours"])) == (True, 2)
    as_of = here.json.pop("as_of")
    assert here.json == there.json
    assert here.calendar == there.calendar
    assert "Open now" in here.page
    assert "As of" in here.page
    assert as_of
    assert [await counted(south, table) for table in (Pool, Shift, Claim)] == [0, 0, 0]
    assert await feed_kinds(south, north) == [POOL_HOURS]
    [told] = await said(north)
    assert told is not None
    assert told.keys() == {
        "pool",
        "slug",
        "name",
        "zone",
        "channels",
        "hours",
        "open",
        "answered_by",
        "elsewhere",
        "by_message",
    }
    assert told["pool"] == str(pool)
    assert {frozenset(each) for each in told["hours"]} == {
        frozenset({"start", "end", "channel", "languages", "theme", "status"})
    }


async def test_a_silent_host_is_called_open_nowhere_and_its_hours_stay(
    two_nodes: Pair, early_in_a_minute: time_machine.Traveller
) -> None:
    north, south = two_nodes
    slug, _ = await told_of_a_pool(two_nodes)
    before = await published(south, slug)
    await move(south, north, nowhere())
    early_in_a_minute.shift(timedelta(minutes=3))
    with pytest.raises(PartnerUnreachableError):
        await pull_now(south, north)
    silent = await published(south, slug)
    assert silent.json == before.json | {"now": CLOSED, "next": before.json["hours"][0]}
    assert silent.calendar == before.calendar
    assert "Open now" not in silent.page


async def test_a_drop_out_is_told_at_once_and_what_was_said_before_is_erased(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    slug, _ = await told_of_a_pool(two_nodes)
    await give_up_the_later(north)
    await hear(two_nodes)
    there, here = await published(north, slug), await published(south, slug)
    assert len(there.json["hours"]) == 1
    assert here.json["hours"] == there.json["hours"]
    told = await said(north)
    assert [each is None for each in told] == [True, False]


async def test_what_has_not_changed_is_not_said_again(two_nodes: Pair) -> None:
    north, south = two_nodes
    _, pool = await told_of_a_pool(two_nodes)
    again = await hours_jobs.state(north.engine, {"subject": str(pool)}, clock())
    assert again is not None
    assert again > clock()
    assert len(await said(north)) == 1
    await change(north, south, withdraw, OPEN_HOURS, pool)
    assert await hours_jobs.state(north.engine, {"subject": str(pool)}, clock()) is None


async def test_what_is_withdrawn_is_gone_and_comes_back_with_the_tick(two_nodes: Pair) -> None:
    north, south = two_nodes
    slug, pool = await told_of_a_pool(two_nodes)
    before = await published(south, slug)
    await change(north, south, withdraw, OPEN_HOURS, pool)
    await hear(two_nodes)
    assert await missing(south, slug)
    assert await counted(south, HeardHours) == 0
    await change(north, south, grant, OPEN_HOURS, pool)
    await hear(two_nodes)
    again = await published(south, slug)
    assert (again.json["hours"], again.json["now"]) == (before.json["hours"], before.json["now"])


async def test_with_the_partner_its_hours_end(two_nodes: Pair) -> None:
    north, south = two_nodes
    slug, _ = await told_of_a_pool(two_nodes)
    async with door(south.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=north.id, now=clock())
    assert await missing(south, slug)
    async with door(south.engine) as session:
        await sweep_heard(session)
    assert await counted(south, HeardHours) == 0


async def test_a_node_that_does_not_say_it_knows_the_feed_is_not_offered_it(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    slug, _ = await told_of_a_pool(two_nodes)
    async with door(north.engine) as session:
        older = update(Partner).where(Partner.node_id == south.id)
        await session.execute(older.values(reads=[]))
    client = await south.client(north)
    client.reads, knows = (), client.reads
    assert await feed_kinds(south, north) == []
    await hear(two_nodes)
    assert await missing(south, slug)
    # its root key lies on paper: the newer program says it without a document
    client.reads = knows
    assert await feed_kinds(south, north) == [POOL_HOURS]
    assert (await north.partner(south)).reads == list(knows)
    await hear(two_nodes)
    assert not await missing(south, slug)


async def test_who_has_handed_a_pool_over_tells_its_hours_no_more(two_nodes: Pair) -> None:
    north, south = two_nodes
    slug, pool = await told_of_a_pool(two_nodes)
    async with door(north.engine) as session:
        await session.execute(update(Pool).where(Pool.id == pool).values(host=south.id))
    await hear(two_nodes)
    assert await feed_kinds(south, north) == []
    assert await missing(south, slug)


async def test_members_see_the_hours_in_the_shifts_until_those_are_withheld(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    assert await feed_kinds(south, north) == ["pool/shifts"]
    await shared.withhold(SHIFTS)
    await hear(two_nodes)
    assert await feed_kinds(south, north) == [POOL_HOURS]
    assert [row["pool"] for row in await said(north) if row] == [str(shared.pool.id)]
    assert (await published(south, shared.pool.slug)).json["now"] == CLOSED


@pytest.mark.parametrize("feed", [POOL_HOURS, "private"])
async def test_nobody_states_the_hours_of_another_nodes_pool_or_elsewhere(
    two_nodes: Pair, feed: str
) -> None:
    north, south = two_nodes
    slug, pool = await told_of_a_pool(two_nodes)
    if feed == POOL_HOURS:
        async with door(south.engine) as session:
            session.add(Pool(id=pool, slug="mine", name="Mine", zone="Europe/London"))
    [told] = await said(north)
    subject = str(pool) if feed == POOL_HOURS else south.id
    false = (told or {}) | {"name": "Somebody else's"}
    async with door(north.engine) as session:
        await append(session, feed, subject, "open-hours.stated", false, now=clock())
    await pull_now(south, north)
    assert await set_aside(south) == [("open-hours.stated", "bad", "not-found")]
    assert "Somebody else's" not in (await published(south, slug)).page
