import pytest

from rota.claims.errors import ClaimRefused
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import NOW, a_pool, a_shift, with_handle


@pytest.mark.parametrize("own_pool_allows", [1, 2])
async def test_a_supervisor_is_on_call_for_no_more_than_any_pool_allows_on_any_node(
    nodes: TwoNodes, own_pool_allows: int
) -> None:
    # the pool of the other node allows one session at once
    supervisor = await nodes.worker("supervisor")
    abroad = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    async with nodes.home.door() as session:
        await claim_seat(session, supervisor.asker, abroad.seats["supervisor"], NOW)
    await nodes.exchange()
    async with nodes.home.door() as session:
        pool = await a_pool(session, nodes.coordinator, at_once=own_pool_allows)
        await with_handle(session, pool, supervisor, nodes.coordinator)
        here = await a_shift(session, pool)
        later = await a_shift(session, pool, abroad.starts.replace(hour=21))
    async with nodes.home.door() as session:
        with pytest.raises(ClaimRefused) as said:
            await claim_seat(session, supervisor.asker, here.seats["supervisor"], NOW)
    assert [reason.code for reason in said.value.reasons] == ["on-call-full"]
    # back to back is one at a time
    async with nodes.home.door() as session:
        claim = await claim_seat(session, supervisor.asker, later.seats["supervisor"], NOW)
    assert claim.state == "held"
