"""A home offered a seat and came back from a backup: it reads how that ended, and knows nothing."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from database.ids import new_id
from database.session import door
from federation.feeds.actions import append
from federation.feeds.models import FeedEvent
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


@pytest.mark.parametrize(("gives", "stands"), [(False, "held"), (True, "released")])
async def test_a_seat_that_a_forgotten_wish_is_given_later_goes_back(
    two_nodes: Pair, tmp_path: Path, *, gives: bool, stands: str
) -> None:
    """The host comes back from a backup, too: it settles what its home knows no more."""
    north, south = two_nodes
    shared = await pool_of_two(two_nodes)
    wren = await shared.worker()
    [evening] = await shared.shifts(1)
    hers = await shared.claim(wren, evening.lead)
    backup = tmp_path / "monday.backup"
    await back_up(south, backup)
    await restored(south, backup)
    await settled(shared)

    wished = new_id()
    said: dict[str, str | list[str] | None] = {
        "exchange": str(new_id()),
        "offer": str(new_id()),
        "claim": str(wished),
        "gave": str(hers) if gives else None,
        "state": "held",
        "reasons": [],
        "receipt": "of a seat that nobody knows",
    }
    async with door(north.engine) as session:
        await append(session, "private", south.id, "exchange.answered", said, now=clock())
    await pull_now(south, north)

    assert await set_aside(south) == []
    async with door(south.engine) as session:
        told = select(FeedEvent.payload).where(FeedEvent.kind == "claim.cancelled")
        words = [msgspec.json.decode(word) for word in await session.scalars(told) if word]
    assert words == [{"claim": str(wished)}]
    assert (await standing(south, hers))[0] == stands
