"""What a node has published and withdrawn since its backup is so after the restore as well."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from api.ended import FILE
from api.peers.text_events import TEXT_EVENTS
from api.server.postgres_programs import address_for
from database.session import door
from federation.audit.rules import Ended
from federation.feeds.cursors.actions import BAD
from federation.feeds.models import SetAsideEvent
from protocols.adoption.actions import adopt
from protocols.adoption.queries import text_of_project
from protocols.confirmations.models import RecallConfirmation
from protocols.items.actions import approve, ask_for_review, draft_item
from protocols.recalls.models import Recall
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_texts_between_nodes import projects, pull_now, withdraw
from tests.api.server.by_hand_node import at_node, environment_of, said
from tests.protocols.example_texts import Members, Told, protocol

Pair = tuple[RunningNode, RunningNode]
__all__ = ["projects"]


async def publish(node: RunningNode, ours: Members) -> Release:
    async with door(node.engine) as session:
        item = await draft_item(session, ours.reviewer, protocol(Told()), clock())
        await ask_for_review(session, ours.reviewer, item.id, clock())
        await approve(session, ours.coordinator, item.id, clock(), seen=item.version)
        return await release(
            session,
            ours.coordinator,
            item.id,
            sign=lambda raw: node.node.keys.sign("release", raw),
            now=clock(),
        )


async def texts(node: RunningNode) -> dict[str, Any]:
    async with door(node.engine) as session:
        kept = await session.scalars(select(Release.hash).order_by(Release.hash))
        gone = await session.execute(select(Recall.hash, Recall.signature))
        bad = await session.scalars(select(SetAsideEvent.detail).where(SetAsideEvent.why == BAD))
        return {"kept": list(kept), "gone": [tuple(row) for row in gone], "bad": list(bad)}


async def confirmed(node: RunningNode) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(RecallConfirmation.node_id)))


@pytest.mark.parametrize("first", ["worker", "partner"])
async def test_1_a_backup_brings_no_withdrawn_text_back_and_loses_no_release(
    two_nodes: Pair, projects: tuple[Members, Members], tmp_path: Path, first: str
) -> None:
    """Whoever is first to hear of it: the worker, which writes it down, or a partner."""
    north, south = two_nodes
    ours, _ = projects
    north.apply.update(TEXT_EVENTS)
    settings = north.settings
    keeper = environment_of(settings.database_url, settings.keys, settings.base_url)
    published = await publish(north, ours)
    async with door(north.engine) as session:
        await adopt(session, ours.coordinator, urn=published.urn, now=clock())
    await said(keeper, "backup", str(tmp_path / "monday.backup"))
    await withdraw(north, ours, published, now=clock())
    await publish(north, ours)
    if first == "worker":
        await north.loop.work_off()
    await pull_now(south, north)
    await pull_now(north, south)
    before = await texts(north)
    assert (len(before["kept"]), len(before["gone"])) == (2, 1)
    assert await confirmed(north) == [south.id]

    database = str(address_for(settings.database_url, {})["PGDATABASE"])
    await north.engine.dispose()
    backup = str(tmp_path / "monday.backup")
    answer = await at_node(keeper, "restore", backup, typed=f"{database}\n")

    assert answer.exit_code == 0, answer.stderr
    assert await texts(north) == before
    async with door(north.engine) as session:
        shown = await text_of_project(session, ours.project, published.urn)
    assert shown is not None
    assert (shown.manifest, shown.emergency) == (None, {"en": "Close the chat."})
    assert await confirmed(north) == []
    await pull_now(south, north)
    await pull_now(north, south)
    assert await texts(south) == await texts(north) == before
    assert await confirmed(north) == [south.id]


async def test_2_a_text_withdrawn_anew_without_the_list_is_confirmed_in_its_new_words(
    two_nodes: Pair, projects: tuple[Members, Members], tmp_path: Path
) -> None:
    """Who lost the list beside the keys does not know what it withdrew, and withdraws it anew."""
    north, south = two_nodes
    ours, theirs = projects
    north.apply.update(TEXT_EVENTS)
    settings = north.settings
    keeper = environment_of(settings.database_url, settings.keys, settings.base_url)
    published = await publish(north, ours)
    await pull_now(south, north)
    async with door(south.engine) as session:
        await adopt(session, theirs.coordinator, urn=published.urn, now=clock())
    await said(keeper, "backup", str(tmp_path / "monday.backup"))
    await withdraw(north, ours, published, now=clock())
    await north.loop.work_off()
    await pull_now(south, north)
    [before] = (await texts(south))["gone"]

    database = str(address_for(settings.database_url, {})["PGDATABASE"])
    await north.engine.dispose()
    (settings.keys / FILE).unlink()
    backup = str(tmp_path / "monday.backup")
    answer = await at_node(keeper, "restore", backup, typed=f"{database}\n")
    assert answer.exit_code == 0, answer.stderr
    assert (await texts(north))["gone"] == []
    await withdraw(north, ours, published, now=clock(), holds="Call us.")
    await pull_now(south, north)
    await pull_now(north, south)

    [anew] = (await texts(north))["gone"]
    assert (await texts(south))["gone"] == [anew] != [before]
    # what South said of the first one speaks of what North does not know any more
    assert ((await texts(south))["bad"], (await texts(north))["bad"]) == ([], ["not-found"])
    assert await confirmed(north) == [south.id]
    async with door(south.engine) as session:
        shown = await text_of_project(session, theirs.project, published.urn)
    assert shown is not None
    assert (shown.manifest, shown.emergency) == (None, {"en": "Call us."})


async def test_3_what_partners_read_before_the_worker_comes_is_written_down_once(
    two_nodes: Pair, projects: tuple[Members, Members]
) -> None:
    """However often they read: a list that grew with each page would slow all of them down."""
    north, south = two_nodes
    ours, _ = projects
    before = len(await written_down(north))
    published = [await publish(north, ours) for _ in range(3)]
    await pull_now(south, north)
    await withdraw(north, ours, published[0], now=clock())
    await pull_now(south, north)
    await pull_now(south, north)
    expected = [("release", "released", one.id) for one in published]
    read = (await written_down(north))[before:]
    assert [(one.subject, one.verb, one.subject_id) for one in read[:3]] == expected
    assert [(one.subject, one.verb) for one in read[3:]] == [("recall", "recalled")]
    await north.loop.work_off()
    assert (await written_down(north))[before:] == read


async def written_down(node: RunningNode) -> list[Ended]:
    file = node.settings.keys / FILE
    raw = await asyncio.to_thread(file.read_bytes) if file.exists() else b""
    return [msgspec.json.decode(line, type=Ended) for line in raw.splitlines() if line]
