"""A partner speaks at the moment in which somebody here ends working with it: the end holds."""

import asyncio
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.outbox import OutboxRow
from database.session import door
from federation.partners.actions import RESTATE_SPEAKERS, end, heard
from federation.partners.documents.actions import renew_document
from federation.partners.keys import Node, NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.document import contents, sign_document
from federation.partners.rules.handshake import ENDED, FROZEN, WAITING_FOR_THEM
from federation.permissions.rules import Asker
from tests.locks import until_somebody_waits
from tests.rota.world import NOW

ADMINISTRATOR = Asker(uuid4(), uuid4(), frozenset({"partner-administrator"}))


async def a_partner(engine: AsyncEngine, folder: Path) -> Node:
    """Meet a node that has not typed its words yet."""
    NodeKeys.create(folder)
    node = Node.open(folder, name="Meanwhile", base_url="https://meanwhile.example")
    document = contents(node.document)
    async with door(engine) as session:
        session.add(
            Partner(
                node_id=node.node_id,
                name=node.name,
                base_url=node.base_url,
                state=WAITING_FOR_THEM,
                document=node.document,
                document_version=document.version,
                keys=document.pinned(),
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=NOW,
            )
        )
    return node


async def stands(engine: AsyncEngine, node: Node) -> tuple[str, str | None]:
    async with door(engine) as session:
        partner = await session.get_one(Partner, node.node_id)
        return partner.state, partner.alarm


async def test_who_was_waited_for_is_not_joined_by_a_word_that_came_as_it_was_ended(
    committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    node = await a_partner(committing_engine, tmp_path / "keys")

    async def speaks() -> None:
        async with door(committing_engine) as session:
            await heard(session, node_id=node.node_id, now=NOW)

    async with door(committing_engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=node.node_id, now=NOW)
        await session.flush()
        speaking = asyncio.create_task(speaks())
        await until_somebody_waits(committing_engine)
    await speaking

    assert await stands(committing_engine, node) == (ENDED, None)


def of_a_thief(node: Node) -> str:
    other = msgspec.structs.replace(contents(node.document), base_url="https://elsewhere.example")
    return sign_document(other, [node.keys.by_role["root"]])


async def test_who_was_ended_is_not_frozen_by_a_document_that_was_on_its_way(
    committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    node = await a_partner(committing_engine, tmp_path / "keys")
    async with door(committing_engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=node.node_id, now=NOW)

    async with door(committing_engine) as session:
        await renew_document(
            session, node_id=node.node_id, text=of_a_thief(node), now=NOW, shown_by_itself=True
        )

    assert await stands(committing_engine, node) == (ENDED, None)


async def test_of_whom_is_frozen_the_people_are_counted_anew(
    committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    node = await a_partner(committing_engine, tmp_path / "keys")

    async with door(committing_engine) as session:
        await renew_document(session, node_id=node.node_id, text=of_a_thief(node), now=NOW)

    assert await stands(committing_engine, node) == (FROZEN, "document-differs")
    async with door(committing_engine) as session:
        work = select(OutboxRow.payload).where(OutboxRow.kind == RESTATE_SPEAKERS)
        assert (await session.scalars(work)).all() == [{"node_id": node.node_id}]
