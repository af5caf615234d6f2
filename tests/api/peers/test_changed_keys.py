"""A partner's new keys, new address and new machine, while both nodes go on working."""

import asyncio
import shutil
from datetime import date

import httpx2
import msgspec
import pytest
from sqlalchemy import select

from api.peers.client import PartnerRefusedError, PartnerUnreachableError
from database.outbox import OutboxRow
from database.session import door
from federation.feeds.errors import WrongHead
from federation.feeds.rules import heads
from federation.partners.documents.actions import ANNOUNCE
from federation.partners.documents.queries import newest_document
from federation.partners.key_changes import Found, recover, renew
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import (
    LOST,
    REPLACED,
    ROLES,
    Role,
    contents,
    sign_document,
)
from federation.partners.rules.recovery import words_for
from federation.partners.rules.signatures import public_part
from tests.api.peers.nodes import clock, join
from tests.api.peers.places import Place, begin, port_of
from tests.api.peers.test_pulling_feeds import heard, pull_now, say, trouble
from tests.federation.partners.test_keys_and_documents import describe, new_key

TODAY = date(2027, 1, 5)


@pytest.mark.parametrize("because", [REPLACED, LOST])
@pytest.mark.parametrize("role", ROLES)
async def test_18_a_key_is_renewed_in_the_middle_and_nothing_is_lost(
    places: list[Place], role: Role, because: str
) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    await say(north, south, {"n": 1})
    await pull_now(south, north)
    await say(north, south, {"n": 2})
    retired, port = north.node.keys, port_of(north)
    await places[0].stop()
    renew(NodeKeys.load(north.settings.keys), role, LOST if because == LOST else REPLACED, TODAY)
    north = await places[0].start(port)
    await say(north, south, {"n": 3})
    await pull_now(south, north)
    assert await heard(south) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert {code for _, code in await trouble(south)} == {None}
    pinned = await south.partner(north)
    assert pinned.document_version == 2
    fresh = public_part(north.node.keys.by_role[role])
    assert (pinned.keys[role], public_part(retired.by_role[role]) == fresh) == ([fresh], False)
    await pull_now(north, south)
    if role == "head":
        page = heads.Page(head=retired.sign("head", {"feed": "x"}), recalls=None, events=[])
        place = heads.Place(feed="x", epoch="x", seq=0, hash=b"")
        with pytest.raises(WrongHead):
            heads.read_head(page.head, pinned.keys["head"], place, now=clock())


async def test_18_a_new_transport_key_opens_when_it_has_been_shown_and_the_old_one_never_more(
    places: list[Place],
) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    await say(south, north, {"n": 1})
    port = port_of(north)
    retired = north.node
    await places[0].stop()
    renew(NodeKeys.load(north.settings.keys), "transport", REPLACED, TODAY)
    north = await places[0].start(port)
    with pytest.raises(PartnerRefusedError, match="invalid_client"):
        await pull_now(north, south)
    await begin(north)
    await pull_now(north, south)
    assert await heard(north) == [{"n": 1}]
    assert (await north.partner(south)).told_version == 2
    await north.workshop.close()
    north.workshop.node = retired
    with pytest.raises(PartnerRefusedError, match="invalid_client"):
        await pull_now(north, south)


async def test_a_node_that_has_moved_is_found_again(places: list[Place]) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    await say(north, south, {"n": 1})
    before = north.settings.base_url
    await places[0].stop()
    north = await places[0].start()
    assert north.settings.base_url != before
    with pytest.raises(PartnerUnreachableError):
        await pull_now(south, north)
    await begin(north)
    pinned = await south.partner(north)
    assert (pinned.base_url, pinned.document_version) == (north.settings.base_url, 2)
    await south.loop.work_off()
    assert await heard(south) == [{"n": 1}]


async def test_a_node_whose_machine_is_lost_comes_back_with_its_sheet(places: list[Place]) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    await say(north, south, {"n": 1})
    words = " ".join(words_for(north.node.keys.by_role["root"]))
    await begin(north)
    stolen = north.node.keys
    await places[0].stop()
    shutil.rmtree(places[0].folder)
    async with door(north.engine) as session:
        known = await newest_document(session)
    await north.engine.dispose()
    assert known == north.node.document
    recover(
        north.settings.keys,
        words,
        found=Found(document=contents(known)),
        name="North",
        base_url=north.settings.base_url,
        now=clock(),
    )
    north = await places[0].start()
    await begin(north)
    await south.loop.work_off()
    pinned = await south.partner(north)
    assert (pinned.base_url, north.id) == (north.settings.base_url, stolen.node_id)
    assert await heard(south) == [{"n": 1}]
    await say(south, north, {"n": 2})
    await pull_now(north, south)
    assert await heard(north) == [{"n": 2}]
    in_force = [key for role in ("transport", "release", "head") for key in pinned.keys[role]]
    assert [
        role
        for role in ("transport", "release", "head")
        if public_part(stolen.by_role[role]) in in_force
    ] == []
    assert pinned.keys["replaced"] == {role: [] for role in ROLES}


async def test_who_brings_a_document_learns_nothing_and_changes_nothing_that_is_not_proven(
    places: list[Place],
) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    pinned = await south.partner(north)
    root, own = new_key(), contents(north.node.document)
    forged = msgspec.structs.replace(describe(own.node, root, version=9), name="Forged")
    brought = {
        "a stranger's": sign_document(describe(root.thumbprint(), root), [root]),
        "forged": sign_document(forged, [root]),
        "the same": north.node.document,
    }
    async with httpx2.AsyncClient() as http:
        answers = {
            what: await http.post(
                f"{south.settings.base_url}/fed/v1/document", json={"document": text}
            )
            for what, text in brought.items()
        }
        nonsense = await http.post(
            f"{south.settings.base_url}/fed/v1/document", json={"document": "{}"}
        )
    assert {what: (one.status_code, one.text) for what, one in answers.items()} == dict.fromkeys(
        brought, (204, "")
    )
    assert (nonsense.status_code, nonsense.json()["code"]) == (422, "bad-node-document")
    now = await south.partner(north)
    assert (now.document, now.keys, now.name) == (pinned.document, pinned.keys, "North")


@pytest.mark.parametrize(
    ("status", "told"), [("404 Not Found", 1), ("405 Method Not Allowed", 1), ("503 Busy", 0)]
)
async def test_a_partner_of_an_older_version_is_not_told_for_ever(
    places: list[Place], status: str, told: int
) -> None:
    north, south = [await place.start() for place in places]
    await join(north, south)
    port = port_of(south)
    await places[1].stop()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", port):
        await begin(north)
    assert (await north.partner(south)).told_version == told
    async with door(north.engine) as session:
        waiting = await session.scalars(select(OutboxRow).where(OutboxRow.kind == ANNOUNCE))
        assert [row.last_error for row in waiting] == ([] if told else ["503 "])
