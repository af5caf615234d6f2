"""The page of one partner: what crossed, what is late or wrong, and what a tick would let cross."""

import re
from hashlib import sha256
from html import unescape

import pytest
from sqlalchemy import update

from api.pages.event_words import KINDS, TROUBLES
from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from database.ids import new_id
from database.outbox import OutboxRow
from database.session import door
from federation.feeds.actions import append
from federation.feeds.cursors.recalls_aside import RECALL
from federation.feeds.errors import FeedTrouble
from federation.feeds.models import Feed, FeedRecall
from federation.partners.actions import grant, withdraw
from federation.relations.crossed.rules import WOULD_HELP
from federation.relations.leaving.actions import end
from tests.api.peers.desk import desk, own_pool
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock
from tests.api.peers.test_partners_json import program
from tests.api.peers.test_pulling_feeds import note_in, pull_now, say
from tests.questions import counted

Pair = tuple[RunningNode, RunningNode]
SECRET = "Harbour at seven"
REFUSED = "It was refused, and is not kept; nothing else waits for it."
PARKED = "This version does not know it; it is kept, and read after an update."
FORGETTING = (
    "Look at it first. What was refused is not kept anyway; forgotten, it no longer counts here. "
    "What waits is lost: after an update, or when what it speaks of arrives, it would have counted."
)
WHEN = re.compile(r"\b\w+day \d+ \w+, \d\d:\d\d")

NOTHING_SENT = "Nothing yet. It receives what you tick above, and what a pool that you share needs."
NOTHING_CAME = (
    "Nothing yet. What they tick for you, and what a pool that you share needs, comes by itself."
)


async def see(node: RunningNode, path: str) -> list[str]:
    """Give the lines that stand on a page below its heading, each moment as WHEN."""
    async with desk(node, "partner-administrator") as here:
        html = (await here.see(path)).split("<main", 1)[1].split("</main>", 1)[0]
    lines = re.sub(r"</(p|li|h\d)>", "\n", html.replace("&times;", "x"))
    text = unescape(re.sub(r"<[^>]+>", "", lines))
    return [" ".join(WHEN.sub("WHEN", line).split()) for line in text.splitlines() if line.strip()]


def part(lines: list[str], start: str, end: str) -> list[str]:
    return lines[lines.index(start) + 1 : lines.index(end)]


async def page(node: RunningNode, other: RunningNode) -> list[str]:
    return await see(node, f"/partners/{other.id}")


async def sent(node: RunningNode, other: RunningNode) -> list[str]:
    return part(await page(node, other), "What it has received", "What came from it")[1:]


async def received(node: RunningNode, other: RunningNode) -> list[str]:
    return part(await page(node, other), "What came from it", "End it")


@pytest.fixture
async def shared(two_nodes: Pair) -> str:
    """Give the capability of a pool's shifts, with three events in its feed."""
    north, _ = two_nodes
    pool = await own_pool(north, "Evenings")
    async with door(north.engine) as session:
        for kind in ("pool.stated", "shift.stated", "shift.stated"):
            told = {"n": SECRET}
            await append(session, "pool/shifts", str(pool.id), kind, told, now=clock())
    return f"shifts:{pool.id}"


async def tick(node: RunningNode, other: RunningNode, capability: str) -> None:
    async with door(node.engine) as session:
        await grant(
            session, asker=ADMINISTRATOR, node_id=other.id, capability=capability, now=clock()
        )


async def test_what_crossed_stands_there_by_kind_without_its_content(
    two_nodes: Pair, shared: str
) -> None:
    north, south = two_nodes
    assert await sent(north, south) == [NOTHING_SENT]
    await tick(north, south, shared)
    waiting = ["Sessions: Evenings", "3 not confirmed The oldest is of WHEN.", "Nothing yet."]
    assert await sent(north, south) == waiting
    for _ in range(2):
        await pull_now(south, north)
    kinds = ["1 x settings of a pool, last WHEN", "2 x session with its seats, last WHEN"]
    assert await sent(north, south) == ["Sessions: Evenings", "up to date", *kinds]
    assert not any(SECRET in line for line in await page(north, south))
    async with door(north.engine) as session:
        await withdraw(
            session, asker=ADMINISTRATOR, node_id=south.id, capability=shared, now=clock()
        )
    closed = ["Sessions: Evenings", "closed now It receives nothing new of this.", *kinds]
    assert await sent(north, south) == closed


async def test_what_came_is_told_with_what_was_set_aside(two_nodes: Pair) -> None:
    north, south = two_nodes
    assert await received(south, north) == [NOTHING_CAME]
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1}, {"bad": "missing"}, {"bad": "missing"})
    async with door(north.engine) as session:
        for kind in ("of-tomorrow", "greeting"):
            await append(session, "private", south.id, kind, {"n": SECRET}, now=clock())
    await pull_now(south, north)
    assert await received(south, north) == [
        "Between the two of you",
        "up to date",
        "5 messages read, last looked WHEN.",
        "Set aside",
        f"2 x greeting, last WHEN. {REFUSED} Tell their operator the code KeyError.",
        f"1 x of-tomorrow, last WHEN. {PARKED}",
        "Forget what was set aside",
        FORGETTING,
        "Forget what was refused",
        "Forget also what waits",
    ]


async def test_a_feed_in_trouble_says_what_would_help(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"n": 1}, {"n": 2})
    await pull_now(south, north)
    async with door(north.engine) as session:
        await session.execute(update(Feed).values(seq=1))
    await pull_now(south, north)
    assert await received(south, north) == [
        "Between the two of you",
        f"not read now {TROUBLES['feed-rollback']}",
        f"{WOULD_HELP['feed-rollback']} feed-rollback",
        "2 messages read, last looked WHEN.",
    ]


async def test_01_a_recall_that_is_not_confirmed_is_named(two_nodes: Pair, shared: str) -> None:
    north, south = two_nodes
    await tick(north, south, shared)
    for _ in range(2):
        await pull_now(south, north)
    async with door(north.engine) as session:
        feed = await north.feed("pool/shifts", shared.removeprefix("shifts:"))
        digest = sha256(b"one").digest()
        session.add(FeedRecall(feed_id=feed.id, digest=digest, statement="one", at=clock()))
    told = "withdrawals not confirmed It has not confirmed what is withdrawn here (1 in all)."
    assert f"{told} Call them if it is urgent." in await sent(north, south)
    for _ in range(2):
        await pull_now(south, north)
    assert not any("withdrawals" in line for line in await sent(north, south))


async def test_30_a_partner_that_is_not_reached_is_said_to_be(two_nodes: Pair) -> None:
    north, south = two_nodes
    await say(north, south, {"n": 1})
    async with door(north.engine) as session:
        failed = update(OutboxRow).where(OutboxRow.kind == "poke")
        await session.execute(failed.values(attempts=4, last_error="ConnectError"))
    first, *_ = part(await page(north, south), "What it has received", "What came from it")
    assert first.startswith("This node could not reach theirs, 4 times in a row.")
    assert "ConnectError" not in first


async def test_a_dry_run_tells_kinds_and_counts_before_the_tick(
    two_nodes: Pair, shared: str
) -> None:
    north, south = two_nodes
    path = f"/partners/{south.id}/dry-run?capability={shared}"
    would = await see(north, path)
    assert part(would, "At once", "From then on") == [
        "1 x settings of a pool, last WHEN",
        "2 x session with its seats, last WHEN",
    ]
    assert (would[-1], any(SECRET in line for line in would)) == ("Tick this", False)
    assert await sent(north, south) == [NOTHING_SENT]
    await tick(north, south, shared)
    ticked = await see(north, path)
    assert any(line.startswith("It receives this already") for line in ticked)
    assert ticked[-1] != "Tick this"


async def test_a_dry_run_of_what_cannot_be_ticked_is_not_found(two_nodes: Pair) -> None:
    north, south = two_nodes
    async with desk(north, "partner-administrator") as here:
        for capability in (f"shifts:{south.id}", "everything"):
            path = f"/partners/{south.id}/dry-run?capability={capability}"
            assert (await here.browser.get(path)).status_code == 404


async def test_a_coordinator_reads_a_dry_run_and_a_worker_does_not(
    two_nodes: Pair, shared: str
) -> None:
    north, south = two_nodes
    path = f"/partners/{south.id}/dry-run?capability={shared}"
    async with desk(north, "coordinator") as reads, desk(north, "worker") as nobody:
        seen = (await reads.see(path)).split("<main", 1)[1].split("</main>", 1)[0]
        assert ("session with its seats" in seen, "<form" in seen) == (True, False)
        refused = await nobody.browser.get(path)
        assert (refused.status_code, "Evenings" in refused.text) == (403, False)


async def test_as_much_is_asked_for_many_feeds_as_for_one(two_nodes: Pair, shared: str) -> None:
    north, south = two_nodes
    await tick(north, south, shared)
    asked = []
    for name in ("Mornings", "Nights"):
        pool = await own_pool(north, name)
        async with door(north.engine) as session:
            await append(session, "pool/shifts", str(pool.id), "pool.stated", {}, now=clock())
            await append(session, "private", south.id, name, {"n": 1}, now=clock())
        await tick(north, south, f"shifts:{pool.id}")
        await pull_now(south, north)
        for node, other in ((north, south), (south, north)):
            async with desk(node, "partner-administrator") as here:
                with counted(node.app.state.engine) as statements:
                    await here.see(f"/partners/{other.id}")
            asked.append(len(statements))
    assert asked[:2] == asked[2:]


def test_everything_that_nodes_tell_one_another_has_words(two_nodes: Pair) -> None:
    north, _ = two_nodes
    assert {*APPLY, *rota_events(north.node.keys), RECALL} == set(KINDS)
    troubles: list[type[FeedTrouble]] = [FeedTrouble, *FeedTrouble.__subclasses__()]
    codes = {trouble.code for trouble in troubles}
    assert codes == set(TROUBLES) == set(WOULD_HELP)


async def test_01_who_has_not_confirmed_an_erasure_is_named_also_once_it_has_left(
    two_nodes: Pair,
) -> None:
    """South is told of one, and hears of a second only after it was left."""
    north, south = two_nodes
    south.apply["handover.erased"] = note_in("erased")
    names = "erasures not confirmed It has not confirmed that it has erased what you erased here"
    for number in (1, 2):
        async with door(north.engine) as session:
            told = {"note": str(new_id())}
            await append(session, "private", south.id, "handover.erased", told, now=clock())
        [named] = [line for line in await sent(north, south) if line.startswith(names)]
        assert named == f"{names} (1). Call them if it is urgent."
        if number == 1:
            for _ in range(2):
                await pull_now(south, north)
            assert not any(line.startswith(names) for line in await sent(north, south))
            async with door(north.engine) as session:
                await end(session, asker=ADMINISTRATOR, node_id=south.id, now=clock())
    left = await program(north, "coordinator")
    [told_in_json] = (await left.ask("GET", f"/{south.id}")).json()["sent"]
    assert (told_in_json["open"], told_in_json["erasures_unconfirmed"]) == (False, 1)
