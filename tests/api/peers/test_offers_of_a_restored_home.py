"""A home offered a seat and came back from a backup: it reads how that ended, and knows nothing."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from database.session import door
from rota.shifts.changing import staffing_of_shift
from rota.shifts.models import Shift
from rota.swaps.models import SwapOffer
from rota.timetable.actions import ShiftDraft, change_shift
from tests.api.peers.backups import back_up, restored
from tests.api.peers.handing import offered_at, settled
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now, set_aside, standing
from tests.rota.world import Planned

Pair = tuple[RunningNode, RunningNode]


async def moved(shared: PoolOfTwo, evening: Planned) -> None:
    """Move a session of North's by half an hour, of which South is yet to hear."""
    later = timedelta(minutes=30)
    async with door(shared.north.engine) as session:
        shift = await session.get_one(Shift, evening.id)
        draft = ShiftDraft(
            starts=shift.starts + later,
            ends=shift.ends + later,
            staffing=await staffing_of_shift(session, shift),
        )
        await change_shift(session, shared.pool.coordinator, evening.id, draft, clock())


async def test_the_refusal_of_a_forgotten_offer_changes_nothing(
    two_nodes: Pair, tmp_path: Path
) -> None:
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    hers = await shared.claim(wren, evening.lead)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    await moved(shared, evening)
    await offered_at(south, wren, hers)
    await pull_now(north, south)
    async with door(north.engine) as session:
        assert list(await session.scalars(select(SwapOffer.state))) == ["refused"]
    await restored(south, backup)
    await settled(shared)
    assert await set_aside(south) == []
    for node in two_nodes:
        assert await standing(node, hers) == ("held", [])
