"""A few bytes that open a hundred thousand brackets are no answer, and no fault of this node."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.client import PartnerRefusedError, PartnerUnreachableError
from api.peers.joining import InviterAway
from database.session import door
from federation.partners.models import Partner
from federation.partners.rules.encoding import text_of
from federation.partners.sender import Sender
from tests.api.odd_server import hostile, says
from tests.api.peers.nodes import RunningNode, accept, make_link
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, set_aside, trouble

Pair = tuple[RunningNode, RunningNode]
DEEP = b'{"beside":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


def answers(status: str) -> Any:
    return hostile(says(f"HTTP/1.1 {status}\nContent-Length: {len(DEEP)}", DEEP))


@pytest.fixture(params=["200 OK", "422 Unprocessable Entity"])
async def bottomless(two_nodes: Pair, request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Give two nodes that know one another's tokens; South answers in brackets alone from now."""
    north, south = two_nodes
    north.apply["greeting"] = note_in("greeting")
    await say(south, north, {"n": 1})
    await pull_now(north, south)
    async with answers(request.param) as elsewhere:
        (await north.client(south)).base_url = elsewhere.rstrip("/")
        async with door(north.engine) as session:
            await session.execute(update(Partner).values(base_url=elsewhere.rstrip("/")))
        yield north, south


async def test_23_an_answer_without_a_bottom_is_no_answer(bottomless: Pair) -> None:
    north, south = bottomless
    client = await north.client(south)
    for ask in (
        client.feeds(),
        client.poll("word"),
        client.page(None, (await north.cursors())[0].feed_id, ""),
        client.poke(),
    ):
        with pytest.raises((PartnerUnreachableError, PartnerRefusedError)):
            await ask
    assert await heard(north) == [{"n": 1}]


async def test_23_a_link_to_brackets_connects_nobody(two_nodes: Pair) -> None:
    north, south = two_nodes
    link = await make_link(north)
    async with answers("200 OK") as elsewhere:
        odd = link.replace(north.node.base_url, elsewhere.rstrip("/"))
        with pytest.raises(InviterAway):
            await accept(south, odd)


@pytest.mark.parametrize("claims", [DEEP, b'{"iss":"' + b"A" * 43 + b'",' + DEEP[1:]])
async def test_23_an_assertion_without_a_bottom_opens_nothing(
    two_nodes: Pair, claims: bytes
) -> None:
    north, _ = two_nodes
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": f"{text_of(b'{}')}.{text_of(claims)}.{text_of(bytes(64))}",
    }
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{north.node.base_url}/fed/v1/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("protected", [b"5", b"null", b'"five"', b"[[]]"])
async def test_24_a_document_under_a_header_that_is_none_is_refused(
    two_nodes: Pair, protected: bytes
) -> None:
    """Anybody may bring a document: what cannot be read in it is theirs, not a fault here."""
    north, south = two_nodes
    shown = httpx2.Response(200, text=south.node.document).json()
    shown["signatures"] = [{"protected": text_of(protected), "signature": text_of(bytes(64))}]
    body = httpx2.Request("POST", "http://x", json=shown).read().decode()
    async with httpx2.AsyncClient(trust_env=False) as http:
        url = f"{north.node.base_url}/fed/v1/document"
        answer = await http.post(url, json={"document": body})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-node-document")


async def test_16_what_the_database_finds_too_deep_holds_back_no_other(two_nodes: Pair) -> None:
    """JSON that this node reads may still be deeper than PostgreSQL follows."""
    north, south = two_nodes
    note = note_in("greeting")

    async def tries(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if payload["n"] == 2:
            await session.execute(text("SELECT CAST(repeat('[', 200000) AS jsonb)"))
        await note(session, sender, payload, now)

    south.apply["greeting"] = tries
    await say(north, south, {"n": 1}, {"n": 2}, {"n": 3})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 3}]
    assert await set_aside(south) == [(2, "bad", "UnstorableError")]
    assert await trouble(south) == [(3, None)]
