"""A restored host believes the receipts that it has signed itself, the later before the earlier."""

from datetime import timedelta

from sqlalchemy import text

from tests.rota.reentry.restoring import backed_up, findings, given_back, heal, state, states, taken
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import (
    NOW,
    Planned,
    Worker,
    a_worker,
    claim_now,
)

LATER = NOW + timedelta(minutes=5)


async def test_of_two_who_were_granted_one_seat_the_later_has_it(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """The earlier one must have given it back, which the backup does not know."""
    local = await nodes.host.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.pool.coordinator)
    )
    before = await taken(nodes.host, local, shift.lead)
    await nodes.exchange()
    backup = await backed_up(nodes.host)
    await given_back(nodes.host, local, before)
    await nodes.exchange()
    after = await taken(nodes.home, worker, shift.lead, at=LATER)
    await nodes.exchange(LATER)
    await backup.restore(LATER)
    assert await state(nodes.host, before) == "held"
    await heal(nodes, nodes.host, LATER)
    assert await states(nodes, after) == ["held", "held"]
    assert await state(nodes.host, before) == "released"
    assert await findings(nodes.host) == [("seat-lost", before, shift.id)]


async def test_an_earlier_receipt_does_not_take_a_seat_from_a_later_holder(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """A home that was restored, too, shows a receipt of a seat that it has long given back."""
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    local = await nodes.host.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.pool.coordinator)
    )
    await nodes.host.session.execute(text("DELETE FROM claim WHERE id = :claim"), {"claim": claim})
    await nodes.host.session.execute(
        text("UPDATE seat SET state = 'open' WHERE id = :seat"), {"seat": shift.lead}
    )
    later = await taken(nodes.host, local, shift.lead, at=LATER)
    backup = await backed_up(nodes.host)
    await backup.restore(LATER)
    await heal(nodes, nodes.host, LATER)
    assert await state(nodes.host, later) == "held"
    assert await states(nodes, claim) == ["released"] * 2


async def test_a_receipt_that_this_node_did_not_sign_gives_no_seat(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    kept = await claim_now(nodes.home.session, claim)
    said = {
        "kind": "claim-receipt",
        "claim": str(claim),
        "seat": str(shift.lead),
        "handle": str(worker.handle),
        "state": "held",
        "at": NOW.isoformat(),
    }
    kept.receipt = nodes.home.keys.sign("head", said, purpose="netreach-receipt+jws")
    await nodes.home.session.flush()
    await backup.restore()
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == [
        "refused",
        "released",
    ]


async def test_a_receipt_for_another_seat_gives_no_seat(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    backup = await backed_up(nodes.host)
    claim = await taken(nodes.home, worker, shift.lead)
    await nodes.exchange()
    kept = await claim_now(nodes.home.session, claim)
    kept.seat_id = shift.seats["second"]
    await nodes.home.session.flush()
    await backup.restore()
    await heal(nodes, nodes.host)
    assert await states(nodes, claim) == [
        "refused",
        "released",
    ]
