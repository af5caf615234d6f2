"""A page that stays open looks again when its mark is another: also for what a host answers."""

from sqlalchemy import select

from federation.pools.models import Pool
from federation.restoring.actions import mark_restored
from rota.board.marks import mark_of_board
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.two_nodes import PRIVATE, Side, TwoNodes
from tests.rota.world import NOW, a_shift, claim_now


async def mark(side: Side) -> str:
    return await mark_of_board(side.session, (await side.session.scalars(select(Pool.id))).one())


async def test_an_answer_that_comes_after_its_shift_was_stated_is_seen(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    home, host = nodes.home, nodes.host
    begun = await mark(home)
    claim = await home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    asked = await mark(home)
    assert await host.catch_up(home) == []

    home.unread = {(PRIVATE, home.id)}
    assert await home.catch_up(host) == []
    stated = await mark(home)
    assert (await claim_now(home.session, claim.id)).state == "requested"
    home.unread = set()
    assert await home.catch_up(host) == []
    answered = await mark(home)

    assert (await claim_now(home.session, claim.id)).state == "held"
    assert len({begun, asked, stated, answered}) == 4


async def test_a_request_that_is_withdrawn_is_seen(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    home = nodes.home
    claim = await home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    asked = await mark(home)
    await home.do(lambda session: release_claim(session, worker.asker, claim.id, NOW))
    assert await mark(home) != asked


async def test_a_node_that_came_back_from_a_backup_is_seen(nodes: TwoNodes) -> None:
    """It counts its revisions once more from the backup's, and may reach the same with others."""
    before = await mark(nodes.home)
    await nodes.home.do(lambda session: mark_restored(session, NOW))
    assert await mark(nodes.home) != before
