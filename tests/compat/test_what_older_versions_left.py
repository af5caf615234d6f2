"""Every later version upgrades the databases, and understands the events, recorded here."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from sqlalchemy import cast, select
from sqlalchemy.dialects.postgresql import TSQUERY

from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from api.public.answers import answer
from database import migrate
from database.session import door, make_engine
from federation.partners.keys import NodeKeys
from federation.partners.sender import Sender
from protocols.releases.models import ReleaseText
from protocols.releases.searching import spread_out_again
from protocols.search_words.queries import asked_for
from rota.open_hours.queries import public_hours
from tests.compat import rows
from tests.conftest import own_name
from tests.postgres import copy_of

HERE = Path(__file__).parent
RECORDED = sorted(path.parent for path in HERE.glob("*/facts.json"))
KEPT = ("pool", "channel", "shift", "seat", "claim", "booking", "handle", "release", "offer")
# revisions only grow; a host works out the languages that it shows when it hears of speakers
WORKED_OUT = {"pool": {"revision", "languages_shown"}, "offer": {"id"}}


def facts_of(recorded: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((recorded / "facts.json").read_text(encoding="utf-8"))
    return told


def events_of(recorded: Path, node: str) -> list[dict[str, Any]]:
    with gzip.open(recorded / f"{node}.events.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(params=[(path, node) for path in RECORDED for node in ("north", "south")], ids=str)
async def upgraded(
    request: pytest.FixtureRequest, server_url: str, template: str
) -> AsyncIterator[tuple[Path, str, str]]:
    """Load an old node's database as it was, and bring it to this version."""
    recorded, node = request.param
    old = rows.read(recorded / f"{node}.rows.gz")
    async with copy_of(server_url, "template1", own_name(template)) as url:
        await asyncio.to_thread(migrate.upgrade, url, rows.version_of(old))
        await rows.load(url.replace("+asyncpg", ""), old)
        await asyncio.to_thread(migrate.upgrade, url)
        yield recorded, node, url


def test_something_is_recorded() -> None:
    assert RECORDED


async def test_an_old_database_keeps_every_row(upgraded: tuple[Path, str, str]) -> None:
    recorded, node, url = upgraded
    old = rows.read(recorded / f"{node}.rows.gz")
    had: dict[str, int] = {}
    for table, _ in old:
        had[table] = had.get(table, 0) + 1
    now = await rows.counts(url.replace("+asyncpg", ""))
    assert {table: now.get(table, 0) for table in had} == had


async def test_an_old_database_publishes_the_same_hours(upgraded: tuple[Path, str, str]) -> None:
    recorded, node, url = upgraded
    if node != "north":
        return  # the recorded hours are the host's
    told = facts_of(recorded)
    taken = datetime.fromisoformat(told["taken_at"])
    engine = make_engine(url, connections=1)
    async with engine.connect() as connection:
        found = await public_hours(connection, told["pool"], taken, taken + timedelta(weeks=12))
    await engine.dispose()
    assert msgspec.to_builtins(answer(found))["hours"] == told["hours"]


async def test_old_events_are_understood(upgraded: tuple[Path, str, str], tmp_path: Path) -> None:
    """Hearing all of a partner's events once more changes nothing that they had not changed."""
    recorded, node, url = upgraded
    other = "south" if node == "north" else "north"
    before = await _kept(url)
    apply = {**APPLY, **rota_events(NodeKeys.create(tmp_path / "keys"))}
    engine = make_engine(url, connections=2)
    node_id, name = await _partner(url)
    for event in events_of(recorded, other):
        sender = Sender(node_id, name, event["feed"], event["subject"])
        async with door(engine) as session:
            payload = json.loads(event["payload"])
            await apply[event["kind"]](
                session, sender, payload, datetime.fromisoformat(event["at"])
            )
    await engine.dispose()
    assert await _kept(url) == before


async def test_what_was_released_before_is_found_without_accents(
    upgraded: tuple[Path, str, str],
) -> None:
    _, _, url = upgraded
    engine = make_engine(url, connections=1)
    async with door(engine) as session:
        assert await spread_out_again(session) is False
        asked = await asked_for(session, "multumire", ["ro"])
        assert asked is not None
        has_it = ReleaseText.words.op("@@")(cast(asked.exactly, TSQUERY))
        found = await session.scalars(select(ReleaseText.title).where(has_it))
    await engine.dispose()
    assert list(found) == ["Când suntem aici"]


async def _partner(url: str) -> tuple[str, str]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    [row] = await connection.fetch("SELECT node_id, name FROM partner")
    await connection.close()
    return row["node_id"], row["name"]


async def _kept(url: str) -> dict[str, list[dict[str, Any]]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    found = {}
    for table in KEPT:
        told = await connection.fetch(f'SELECT row_to_json(r) FROM "{table}" r')  # noqa: S608 -- named above
        lines = [json.loads(row[0]) for row in told]
        without = WORKED_OUT.get(table, set())
        found[table] = sorted(
            (
                {name: value for name, value in line.items() if name not in without}
                for line in lines
            ),
            key=str,
        )
    await connection.close()
    return found
