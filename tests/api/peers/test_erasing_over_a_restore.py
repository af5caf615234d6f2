"""Home comes back from a backup: whom it has erased goes again, there and at a host that was."""

from pathlib import Path

from sqlalchemy import update

from database.session import door
from federation.audit.models import AuditEntry
from tests.api.peers.backups import restored
from tests.api.peers.handing import hand_over
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, set_aside
from tests.api.peers.test_erasing_somebody import WORDS, a_leaver, erase, erasures, known, leave
from tests.api.server.by_hand_node import environment_of, said
from tests.rota.world import Worker

Pair = tuple[RunningNode, RunningNode]


async def back_up(node: RunningNode, backup: Path) -> None:
    async with door(node.engine) as session:
        # who makes the world of a test says that it is later than the nodes' clocks do
        await session.execute(update(AuditEntry).values(at=clock()))
    settings = node.settings
    there = environment_of(settings.database_url, settings.keys, settings.base_url)
    await said(there, "backup", str(backup))


async def known_to_a_host_that_was(two_nodes: Pair) -> tuple[PoolOfTwo, Worker]:
    """Let somebody leave whom North knows from when it hosted the pool; South hosts it now."""
    shared = await pool_of_two(two_nodes)
    worker, _ = await a_leaver(shared)
    await hand_over(shared)
    await leave(shared, worker)
    await shared.exchange()
    assert await known(shared.north) == WORDS
    return shared, worker


async def all_is_said(shared: PoolOfTwo) -> None:
    for _ in range(3):
        await shared.exchange()
        for node in (shared.north, shared.south):
            await node.loop.work_off()


async def test_who_was_erased_since_the_backup_goes_again(two_nodes: Pair, tmp_path: Path) -> None:
    shared, worker = await known_to_a_host_that_was(two_nodes)
    north, south = two_nodes
    await back_up(south, tmp_path / "monday.backup")
    await erase(shared, worker)
    await south.loop.work_off()
    await restored(south, tmp_path / "monday.backup")
    # the backup knew nobody who was to be asked: the host that was is asked as at first
    assert (await known(south), await erasures(south)) == (set(), [False])
    assert await known(north) == WORDS
    await all_is_said(shared)
    assert (await known(north), await erasures(south)) == (set(), [True])
    assert await set_aside(north) == await set_aside(south) == []


async def test_what_was_asked_before_the_backup_is_asked_again(
    two_nodes: Pair, tmp_path: Path
) -> None:
    shared, worker = await known_to_a_host_that_was(two_nodes)
    north, south = two_nodes
    await erase(shared, worker)
    await south.loop.work_off()
    await back_up(south, tmp_path / "monday.backup")
    # North has not read it, and the feed in which it stands begins anew
    await restored(south, tmp_path / "monday.backup")
    assert (await known(north), await erasures(south)) == (WORDS, [False])
    await all_is_said(shared)
    assert (await known(north), await erasures(south)) == (set(), [True])
    assert await set_aside(north) == await set_aside(south) == []
