"""The same canaries in all else that leaves: recalls, exports, files, public pages, mails."""

import io
import zipfile
from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.parts import current_time
from api.peers.pull import pull
from database.session import door
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from protocols.adoption.actions import adopt
from protocols.recalls.models import Recall
from tests.api.peers.nodes import RunningNode
from tests.api.peers.test_nothing_personal_leaves import (
    DRAFT,
    WORDS,
    Pair,
    Writer,
    asking,
    done,
    dumped,
    somebody,
    world,
)
from tests.protocols.example_texts import Members

__all__ = ["world"]

TOOLS = ("live-helper-chat", "chatwoot", "zammad", "rocket-chat")
ANSWER = {
    "kind": "answer",
    "title": "Free test",
    "question": "Where?",
    "use_limits": ["reply-only"],
    "protocol_kind": None,
}


async def made(author: Any, approver: Any, owner: Writer, **facts: Any) -> str:
    """Write, review, approve and release a text, and say a word about it; gives its id."""
    text = await done(author, "POST", "/texts", json=DRAFT | {"owner": str(owner.id)} | facts)
    path = f"/texts/{text['text']['id']}"
    await done(approver, "POST", f"{path}/comments", json={"said": "CanaryRemark"})
    await done(approver, "POST", f"{path}/lived-reviews", json={"who": "CanaryLived"})
    await done(author, "POST", f"{path}/review")
    await done(approver, "POST", f"{path}/approval", json={"version": 1})
    await done(approver, "POST", f"{path}/releases")
    return str(text["text"]["id"])


async def take_up(node: RunningNode, project: UUID, approver: Writer, item: str) -> None:
    asker = Asker(approver.id, project, frozenset({"coordinator"}))
    async with door(node.engine) as session:
        await adopt(session, asker, urn=f"urn:uuid:{item}", now=current_time())


async def public_pages(node: RunningNode, client: Any) -> str:
    async with door(node.engine) as session:
        slug = await session.scalar(select(Pool.slug))
    base = node.settings.base_url
    paths = (f"/open/{slug}", f"/open/{slug}.json", f"/open/{slug}.ics", "/widget.js")
    found = [await client.get(f"{base}{path}") for path in paths]
    found.append(await client.get(f"{base}/.well-known/netreach-node"))
    assert [one.status_code for one in found] == [200] * 5
    return "\n".join(one.text for one in found)


def unpacked(given: bytes) -> str:
    """Give everything in an archive, names included."""
    with zipfile.ZipFile(io.BytesIO(given)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())


async def carried(north: RunningNode, client: Any) -> dict[str, str]:
    """Give every file that a coordinator can carry out."""
    left = {}
    for tool in TOOLS:
        answer = await client.post(f"/answer-exports/{tool}", json={})
        assert (answer.status_code, b"Two of you" in answer.content) == (200, True), tool
        left[tool] = answer.text
    files = f"{north.settings.base_url}/texts/files"
    for name in ("texts.json", "texts.csv", "texts.zip"):
        answer = await client.get(f"{files}/{name}")
        assert answer.status_code == 200, answer.text
        left[name] = unpacked(answer.content) if name.endswith("zip") else answer.text
        assert "Two of you are online." in left[name]
    return left


async def test_no_trace_of_them_is_carried_out_either(
    two_nodes: Pair, world: tuple[UUID, Members]
) -> None:
    north, south = two_nodes
    ours, _ = world
    author = await somebody(north, ours, "CanaryAuthor", "reviewer")
    approver = await somebody(north, ours, "CanaryApprover", "coordinator")
    owner = await somebody(north, ours, "CanaryOwner", "worker")
    async with asking(north, author.token) as one, asking(north, approver.token) as other:
        texts = [await made(one, other, owner, **ANSWER), await made(one, other, owner)]
        for text in texts:
            await take_up(north, ours, approver, text)
        left = await carried(north, other)
        for text in texts:
            recall = {"reason": "It was wrong.", "holds": {"texts": {"en": "Close the chat."}}}
            await done(other, "POST", f"/texts/{text}/recalls", json=recall)
        left["the bundle"] = (await other.get("/bundle")).text
        left["the public pages"] = await public_pages(north, one)
    await north.loop.work_off()
    await pull(south.workshop.reader, await south.client(north), north.id)
    await south.loop.work_off()
    left["north's feeds"] = await dumped(north, "feed", "feed_event", "feed_recall")
    left["what south has"] = await dumped(south, "release", "release_text", "recall", "notice")
    async with door(north.engine) as session:
        left["what mails say"] = "\n".join(await session.scalars(select(Notice.text)))
    async with door(south.engine) as session:
        assert len((await session.scalars(select(Recall))).all()) == 2
    canaries = [*WORDS, *author.canaries, *approver.canaries, *owner.canaries]
    assert [
        (where, canary) for where, said in left.items() for canary in canaries if canary in said
    ] == []
