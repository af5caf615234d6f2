"""A host comes back from a backup older than every seat of a plan; members keep theirs."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url, select

from api.demo import rota, sharing, story
from api.demo.stage import Stage, wait_until, wait_until_agreed
from database.session import door
from federation.people.models import Handle
from federation.projects.models import Project
from federation.restoring.queries import is_restoring
from rota.claims.models import Claim
from tests.conftest import own_name
from tests.journeys.agreement import disagreements
from tests.journeys.theatre import PACE, Theatre, theatre
from tests.postgres import copy_of

WEEKS = 2
HELD = "held"


@pytest.fixture
async def nodes(server_url: str, template: str, tmp_path: Path) -> AsyncIterator[Theatre]:
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        theatre(north_url, south_url, tmp_path) as made,
    ):
        yield made


async def by_hand(nodes: Theatre, *words: str, typed: str = "") -> str:
    """Run a command as North's keeper does, in a process of its own."""
    north = nodes.north.settings.database_url
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "api.server.main",
        *words,
        env={**nodes.roles["north"].environment(north), **PACE},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await process.communicate(typed.encode())
    assert process.returncode == 0, errors.decode()
    return out.decode().strip()


async def held_by_south(stage: Stage, south: str | None) -> dict[UUID, UUID]:
    """Read who of South holds which seat, by handle, as one of the two nodes says."""
    async with door(stage.engine) as session:
        rows = await session.execute(
            select(Claim.seat_id, Claim.handle_id)
            .join(Handle, Handle.id == Claim.handle_id)
            .join(Project, Project.id == Handle.project_id)
            .where(
                Claim.state == HELD,
                Project.node.is_(None) if south is None else Project.node == south,
            )
        )
        return {row.seat_id: row.handle_id for row in rows}


async def test_members_have_their_seats_again(nodes: Theatre, tmp_path: Path) -> None:
    north, south = nodes.north, nodes.south
    pool_id = await story.bring_together(north, south, print)
    await sharing.share_texts(north, south, pool_id)
    await rota.plan_sessions(north, pool_id, weeks=WEEKS)
    await wait_until_agreed(north, south)
    backup = str(tmp_path / "before.backup")
    await by_hand(nodes, "backup", backup)
    await rota.publish(north, await rota.make_plan(north, pool_id, weeks=WEEKS))
    await wait_until_agreed(north, south)
    before = await held_by_south(south, None)
    assert len(before) > 10

    nodes.kill("north-serve", "north-work")
    await north.engine.dispose()
    database = str(make_url(north.settings.database_url).database)
    said = await by_hand(nodes, "restore", backup, typed=f"{database}\n")
    assert said.splitlines()[-1].startswith("Restoring: waits for ")
    assert await held_by_south(north, south.node.node_id) == {}

    await nodes.start()

    async def over() -> bool:
        async with door(north.engine) as session:
            return not await is_restoring(session)

    await wait_until(over, "South has answered and North has entered what it holds")
    await wait_until_agreed(north, south)
    assert await held_by_south(north, south.node.node_id) == before
    assert await held_by_south(south, None) == before
    assert await by_hand(nodes, "restore", "--status") == (
        "This node is not restoring: it grants seats."
    )
    assert (
        await disagreements(
            north.engine, south.engine, north.node.node_id, south.node.node_id, quiet=True
        )
        == []
    )
