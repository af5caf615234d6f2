"""What a node tells of what crossed is what went over the lines, field by field, both ways.

The lines see every byte between three nodes to which everything happens that a story has. Of each
event the fields are those that the specification names for its kind; and each node tells of each
partner, by kinds and counts, exactly the events that this one was sent, and how far it was read.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
import pytest
from sqlalchemy import select

from benchmarks.repeatable import Repeatable
from database.session import door
from federation.feeds.models import FeedCursor
from federation.feeds.queries import feeds_with_reader
from federation.partners.models import Partner
from federation.relations.crossed.queries import crossed
from tests.api.peers.nodes import ADMINISTRATOR
from tests.federation.canaries.crossed import body_of
from tests.federation.chaos.line import Exchanged
from tests.federation.chaos.node import ShakenNode
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.steps import EVERYTHING
from tests.federation.chaos.trio import Trio, a_trio
from tests.rota.walk.seats import some_are_seated
from tests.specification.kinds import KINDS

SEED, STEPS = 3, 30
READER = replace(ADMINISTRATOR, roles=frozenset({"partner-administrator"}))


class Seen(NamedTuple):
    """One event on the line: in which feed it stood, where, and what it said."""

    feed: str
    epoch: str
    seq: int
    kind: str
    payload: str | None


class Told(NamedTuple):
    """One feed as its node tells of it to its own people: what a partner has confirmed."""

    epoch: str
    confirmed: Counter[str]


@pytest.fixture
async def trio(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Trio]:
    async with a_trio(server_url, template, tmp_path_factory.mktemp("told")) as made:
        walk = Shaken(made, Repeatable(0), server_url)
        await walk.begin()
        await some_are_seated(walk)
        await all_confirmed(made)
        await made.keep_beginning()
        await made.begin_anew(SEED)
        yield made


async def all_confirmed(trio: Trio) -> None:
    """Let all be heard, and then asked once more: who asks for what follows has read the rest."""
    for _ in range(2):
        await trio.calm_down()


def events_in(recorded: Iterable[Exchanged], asker: str) -> Iterator[Seen]:
    """Give the events of all pages that one node was answered."""
    for one in recorded:
        if one.asker == asker and one.asked.startswith(b"GET /fed/v1/feeds"):
            for page in _pages(body_of(one.answered)):
                head = json.loads(page["said"])
                for event in page["events"]:
                    yield Seen(
                        head["feed"],
                        head["epoch"],
                        event["seq"],
                        event["kind"],
                        event.get("payload"),
                    )


def _pages(body: bytes) -> list[dict[str, Any]]:
    if not body.startswith(b"{"):
        return []
    told = json.loads(body)
    return list(told["pages"].values()) if "pages" in told else [told] if "said" in told else []


async def told_by(node: ShakenNode, other: ShakenNode) -> dict[str, Told]:
    """Give what a node tells of what a partner has received, by the id of each feed."""
    async with door(node.engine) as session:
        partner = await session.get_one(Partner, other.id)
        feeds = await feeds_with_reader(session, other.id)
        sent = (await crossed(session, READER, partner)).sent
    return {
        str(feed.id): Told(feed.epoch, Counter({each.kind: each.events for each in one.confirmed}))
        for (feed, _, _), one in zip(feeds, sent, strict=True)
    }


async def read_by(node: ShakenNode, other: ShakenNode) -> dict[tuple[str, str], int]:
    """Give how far a node tells that it has read a partner, by feed and epoch."""
    async with door(node.engine) as session:
        partner = await session.get_one(Partner, other.id)
        received = (await crossed(session, READER, partner)).received
        rows = await session.scalars(
            select(FeedCursor)
            .where(FeedCursor.node_id == other.id)
            .order_by(FeedCursor.kind, FeedCursor.feed_id)
        )
        return {
            (str(cursor.feed_id), cursor.epoch): one.read
            for cursor, one in zip(rows.all(), received, strict=True)
        }


def paths_in(value: Any, above: str = "") -> set[str]:
    """Name every field of something, and of what is in it."""
    if isinstance(value, dict):
        own = {f"{above}.{name}" for name in value}
        return own.union(*(paths_in(each, f"{above}.{name}") for name, each in value.items()))
    if isinstance(value, list):
        return set().union(*(paths_in(each, above) for each in value))
    return set()


def unspecified(seen: Seen) -> set[str]:
    """Name the fields of an event of which the specification says nothing."""
    said = json.loads(seen.payload or "{}")
    shape = KINDS[seen.kind].shape
    known = msgspec.to_builtins(msgspec.convert(said, shape)) if seen.payload else {}
    return {f"{seen.kind}{path}" for path in paths_in(said) - paths_in(known)}


async def test_what_is_told_is_what_went_over_the_lines(trio: Trio, server_url: str) -> None:
    pairs = [(one, other) for one in trio.shaken for other in trio.shaken if one is not other]
    before = {(a.name, b.name): await told_by(a, b) for a, b in pairs}
    for node in trio.shaken:
        node.line.recorded = []
    walk = Shaken(trio, Repeatable(SEED), server_url)
    for _ in range(STEPS):
        await walk.step(EVERYTHING)
    await all_confirmed(trio)

    kinds: set[str] = set()
    for sender, reader in pairs:
        seen = set(events_in(sender.line.recorded or [], reader.name))
        told = await told_by(sender, reader)
        begun = before[sender.name, reader.name]
        for feed, (epoch, confirmed) in told.items():
            of_before = begun.get(feed, Told("", Counter()))
            new = confirmed - of_before.confirmed if of_before.epoch == epoch else confirmed
            places = {(one.seq, one.kind) for one in seen if (one.feed, one.epoch) == (feed, epoch)}
            assert Counter(kind for _, kind in places) == new, (sender.name, reader.name, feed)
        read = await read_by(reader, sender)
        ends = {
            (feed, epoch): max(one.seq for one in seen if (one.feed, one.epoch) == (feed, epoch))
            for feed, epoch in {(one.feed, one.epoch) for one in seen} & read.keys()
        }
        assert ends == {place: read[place] for place in ends}
        spoken = {one for one in seen if one.kind in KINDS}
        assert set().union(*(unspecified(one) for one in spoken)) == set()
        kinds |= {one.kind for one in spoken}
    assert {"shift.stated", "claim.requested", "claim.answered", "handle.stated"} <= kinds


def test_a_field_that_is_not_specified_is_seen() -> None:
    """The look at fields would find a name that travels beside what is agreed."""
    said = json.dumps(
        {"id": "01940000-0000-7000-8000-000000000001", "display": "Wren", "name": "A"}
    )
    assert unspecified(Seen("", "", 1, "handle.renamed", said)) == {"handle.renamed.name"}
