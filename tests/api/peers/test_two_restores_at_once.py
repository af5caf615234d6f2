"""Home and host come back from backups at the same time: what home had asked is asked again."""

from tests.api.peers.handing import claim_at, restore, settled
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import booked, pool_of_two, set_aside, standing

Pair = tuple[RunningNode, RunningNode]


async def test_a_wish_that_the_host_has_not_read_is_not_lost(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    _, south = two_nodes
    wren = await shared.worker()
    first, second = await shared.shifts(2)
    kept = await shared.claim(wren, first.lead)
    asked = await claim_at(south, wren, second.lead)
    for node in two_nodes:
        await restore(node)
    await settled(shared)
    for node in two_nodes:
        assert await standing(node, kept) == ("held", [])
        assert await standing(node, asked) == ("held", [])
        assert await set_aside(node) == []
    assert await booked(south, wren) == [kept, asked]
