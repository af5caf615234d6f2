"""A partner that lies is refused by name, gets no place that it never had, and harms no other."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from api.peers.pull import pull
from database.session import door
from federation.audit.models import AuditEntry
from federation.feeds.models import FeedCursor, SetAsideEvent
from federation.feeds.taken_in.rules import Measure
from federation.partners.actions import confirm_words
from tests.api.peers.conftest import joined_before, running_nodes, strangers, two_nodes
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, make_link
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say
from tests.federation.hostile.liar import EPOCH, HEAD, Liar, Said, a_liar
from tests.specification.stranger import encoded, named, written
from tests.specification.stranger_speaks import JWT_BEARER, jwk_of, signature

__all__ = ["joined_before", "running_nodes", "strangers", "two_nodes"]

MOST = 2**53 - 1
EARLIER = "01930000-0000-7000-8000-000000000066"
MANY = 200


@dataclass(frozen=True)
class Among:
    """North between an honest partner, South, and one that is not."""

    north: RunningNode
    south: RunningNode
    liar: Liar

    async def read(self) -> tuple[int, str | None]:
        """Let North read what the liar says; gives its place and what is wrong."""
        client = await self.north.workshop.client(self.liar.id)
        assert client is not None
        await pull(self.north.workshop.reader, client, self.liar.id)
        async with door(self.north.engine) as session:
            cursor = (
                await session.scalars(select(FeedCursor).where(FeedCursor.node_id == self.liar.id))
            ).one()
            return cursor.seq, cursor.trouble

    async def heard_of_the_liar(self) -> list[Said]:
        async with door(self.north.engine) as session:
            rows = await session.scalars(
                select(AuditEntry.facts)
                .where(AuditEntry.subject == "greeting", AuditEntry.actor == self.liar.id)
                .order_by(AuditEntry.id)
            )
            return list(rows)

    async def south_is_heard(self) -> None:
        """See that nothing is in the way of anybody else."""
        await say(self.south, self.north, {"from": "south"})
        await pull_now(self.north, self.south)
        assert {"from": "south"} in await heard(self.north)


@pytest.fixture
async def among(two_nodes: tuple[RunningNode, RunningNode]) -> AsyncIterator[Among]:
    north, south = two_nodes
    north.apply["greeting"] = note_in("greeting")
    async with a_liar(clock()) as liar:
        words = await asyncio.to_thread(liar.join, await make_link(north))
        liar.reader = north.id
        await type_words_of(north, liar, words)
        await asyncio.to_thread(liar.sign_in)
        for number in (1, 2, 3):
            liar.say("greeting", f'{{"n":{number}}}')
        told = Among(north, south, liar)
        assert await told.read() == (3, None)
        yield told


async def type_words_of(north: RunningNode, liar: Liar, words: list[str]) -> None:
    async with door(north.engine) as session:
        await confirm_words(
            session,
            asker=ADMINISTRATOR,
            node_id=liar.id,
            typed=" ".join(words),
            now=clock(),
        )


Attack = Callable[[Liar], None]


def with_head(**changes: object) -> Attack:
    def begin(liar: Liar) -> None:
        liar.changes_head = lambda head: head | changes

    return begin


def forged(liar: Liar) -> None:
    """Sign with another key, under the name of the pinned one."""
    stolen_name, other = named(jwk_of(liar.keys["head"])), Ed25519PrivateKey.generate()
    honest = liar.page(3)
    _, payload, _ = honest["head"].split(".")
    protected = encoded(written({"alg": "Ed25519", "kid": stolen_name, "typ": HEAD}))
    forged_with = encoded(other.sign(f"{protected}.{payload}".encode()))
    liar.replays = honest | {"head": f"{protected}.{payload}.{forged_with}"}


def signed_by_another_role(liar: Liar) -> None:
    liar.head_key = liar.keys["release"]


def forked(liar: Liar) -> None:
    """Tell another history of what was told before, and go on from there."""
    events, liar.events, liar.hashes = liar.events, [], []
    for number, event in enumerate([*events, {"kind": "greeting"}]):
        liar.say(event["kind"], f'{{"n":{number + 10}}}')


def left_out(liar: Liar) -> None:
    liar.say("greeting", '{"n":5}')
    liar.changes_page = lambda page: page | {"events": page["events"][1:]}


def rolled_back(liar: Liar) -> None:
    del liar.events[2:], liar.hashes[2:]


def frozen(liar: Liar) -> None:
    """Show for ever what was right yesterday."""
    liar.now -= timedelta(hours=25)


def replayed(liar: Liar) -> None:
    del liar.events[1:], liar.hashes[1:]
    liar.replays = liar.page(0)


LIES: dict[str, tuple[Attack, str]] = {
    "forgery": (forged, "feed-head-wrong"),
    "another role's key": (signed_by_another_role, "feed-head-wrong"),
    "another feed's head": (with_head(feed=EPOCH), "feed-head-wrong"),
    "fork": (forked, "feed-fork"),
    "gap": (left_out, "feed-gap"),
    "rollback": (rolled_back, "feed-rollback"),
    "replay": (replayed, "feed-rollback"),
    "freeze": (frozen, "feed-frozen"),
    "an older epoch": (with_head(epoch=EARLIER), "feed-rollback"),
    "fast-forward": (with_head(seq=MOST, last=MOST), "feed-gap"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_04_05_09_19_what_a_partner_lies_is_refused_by_name_and_harms_no_other(
    among: Among, lie: str
) -> None:
    attack, code = LIES[lie]
    events, hashes, now = list(among.liar.events), list(among.liar.hashes), among.liar.now
    among.liar.say("greeting", '{"n":4}')
    attack(among.liar)
    assert await among.read() == (3, code)
    assert await among.heard_of_the_liar() == [{"n": 1}, {"n": 2}, {"n": 3}]
    await among.south_is_heard()
    # who tells the truth again is heard again
    among.liar.be_honest()
    among.liar.events, among.liar.hashes, among.liar.now = events, hashes, now
    among.liar.say("greeting", '{"n":4}')
    assert await among.read() == (4, None)
    assert (await among.heard_of_the_liar())[3:] == [{"n": 4}]


@pytest.mark.parametrize(
    "payload",
    [
        '{"n":1,"n":2}',
        '{"n": 1}',
        '{"n":1.5}',
        '{"n":9007199254740992}',
        '{"b":1,"a":2}',
        "[1]",
        "no json",
    ],
)
async def test_25_bytes_that_are_not_canonical_are_set_aside_and_stop_nothing(
    among: Among, payload: str
) -> None:
    among.liar.say("greeting", payload)
    among.liar.say("greeting", '{"n":5}')
    assert await among.read() == (5, None)
    assert (await among.heard_of_the_liar())[3:] == [{"n": 5}]
    async with door(among.north.engine) as session:
        rows = await session.scalars(select(SetAsideEvent))
        aside = [(one.seq, one.why, one.detail, one.payload) for one in rows]
    assert aside == [(4, "bad", "not-canonical", b"")]
    await among.south_is_heard()


async def test_36_words_without_end_stop_whoever_says_them_and_nobody_else(among: Among) -> None:
    """All of it is signed, in order and well formed; there is only far too much of it."""
    workshop = among.north.workshop
    workshop.reader = replace(workshop.reader, measure=Measure(events=4, bytes=MOST))
    among.liar.say("greeting", '{"n":4}')
    assert await among.read() == (4, None)
    for number in range(5, 5 + MANY // 2):
        among.liar.say("greeting", f'{{"n":{number}}}')
    for _ in range(2):
        assert await among.read() == (4, "feed-too-much-taken-in")
    assert len(await among.heard_of_the_liar()) == 4
    await among.south_is_heard()


async def ask_for_a_token(node: RunningNode, assertion: str) -> tuple[int, str]:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": JWT_BEARER,
        "client_assertion": assertion,
    }
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{node.node.base_url}/fed/v1/token", data=form)
    return answer.status_code, answer.json().get("error", "")


async def test_26_what_was_shown_to_one_node_opens_no_other(among: Among) -> None:
    """North signs in at the liar; the liar shows that at South."""
    assert await ask_for_a_token(among.south, among.liar.assertions[0]) == (401, "invalid_client")
    assert await ask_for_a_token(among.north, among.liar.assertions[0]) == (401, "invalid_client")


async def test_27_a_flood_of_unknown_keys_fetches_nothing(among: Among) -> None:
    before = sum(among.liar.asked.values())
    at = int(clock().timestamp())
    claims = {"iss": among.liar.id, "sub": among.liar.id, "aud": among.north.node.base_url}
    for number in range(MANY):
        said = {**claims, "iat": at, "exp": at + 60, "jti": str(number)}
        protected, payload, _ = signature(Ed25519PrivateKey.generate(), "JWT", written(said))
        signed_with = encoded(among.liar.keys["transport"].sign(f"{protected}.{payload}".encode()))
        answer = await ask_for_a_token(among.north, f"{protected}.{payload}.{signed_with}")
        assert answer == (401, "invalid_client")
    assert sum(among.liar.asked.values()) == before
    await among.south_is_heard()


async def test_a_partners_token_reads_nobody_elses_feed(among: Among) -> None:
    await say(among.north, among.south, {"to": "south"})
    feed = await among.north.feed("private", among.south.id)
    async with httpx2.AsyncClient(
        base_url=among.north.node.base_url,
        headers={"authorization": f"Bearer {among.liar.token}"},
        trust_env=False,
    ) as http:
        listed = (await http.get("/fed/v1/feeds")).json()["feeds"]
        answer = await http.get(f"/fed/v1/feeds/{feed.id}")
    assert str(feed.id) not in json.dumps(listed)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
