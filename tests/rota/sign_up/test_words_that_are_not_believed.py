"""What a node says of claims that are not its own, or cannot be, changes nothing."""

import msgspec
import pytest

from database.ids import new_id
from federation.restoring.actions import begin_restore, mark_restored
from rota.sign_up.actions import claim_seat
from tests.rota.sign_up.test_claiming_on_another_node import RECEIPT, ask, withdraw
from tests.rota.two_nodes import Said, TwoNodes, of_claim
from tests.rota.world import (
    NOW,
    Planned,
    Worker,
    a_shift,
    a_worker,
    everything,
)


@pytest.fixture
async def worker(nodes: TwoNodes) -> Worker:
    return await nodes.worker()


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(lambda session: a_shift(session, nodes.pool))


@pytest.fixture
async def granted(nodes: TwoNodes, worker: Worker, shift: Planned) -> Said:
    """Give the host's yes to a claim, which home has not heard yet."""
    claim = await ask(nodes, worker, shift.lead)
    assert await nodes.host.catch_up(nodes.home) == []
    return await of_claim(nodes.host, "claim.answered", claim)


async def test_a_forged_receipt_confirms_nothing(
    nodes: TwoNodes, worker: Worker, shift: Planned, granted: Said
) -> None:
    receipt = {
        "kind": "claim-receipt",
        "claim": granted.content["claim"],
        "seat": str(shift.lead),
        "handle": str(worker.handle),
        "state": "held",
        "at": NOW.isoformat(),
    }
    head, foreign = nodes.host.keys, nodes.home.keys
    before = await everything(nodes.home.session)
    for forged, code in {
        None: "bad-signature",
        "": "bad-signature",
        granted.content["receipt"][:-8] + "AAAAAAAA": "bad-signature",
        # another node's key, another role's key, another purpose
        foreign.sign("head", receipt, purpose=RECEIPT): "bad-signature",
        head.sign("transport", receipt, purpose=RECEIPT): "bad-signature",
        head.sign("head", receipt, purpose="netreach-head+jws"): "bad-signature",
        # well signed, but about something else
        head.sign("head", receipt | {"seat": str(new_id())}, purpose=RECEIPT): "bad-receipt",
        head.sign("head", receipt | {"claim": str(new_id())}, purpose=RECEIPT): "bad-receipt",
        head.sign("head", receipt | {"handle": str(new_id())}, purpose=RECEIPT): "bad-receipt",
        head.sign("head", receipt | {"state": "refused"}, purpose=RECEIPT): "bad-receipt",
        head.sign("head", receipt | {"kind": "other"}, purpose=RECEIPT): "bad-receipt",
    }.items():
        assert await nodes.home.hear(nodes.host, granted.saying(receipt=forged)) == code
    assert await everything(nodes.home.session) == before
    # fields that this version does not know are no forgery
    newer = head.sign("head", receipt | {"later": "yes"}, purpose=RECEIPT)
    assert await nodes.home.hear(nodes.host, granted.saying(receipt=newer)) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"state": "open"}, "ValidationError"),
        ({"state": "refused", "reasons": [{"why": "no"}]}, "ValidationError"),
        ({"state": "refused", "reasons": [{"code": "x", "text": "y" * 501}]}, "ValidationError"),
        ({"claim": "7"}, "ValidationError"),
        ({"claim": str(new_id())}, "not-found"),
    ],
)
async def test_an_answer_that_cannot_be_is_set_aside(
    nodes: TwoNodes, granted: Said, changed: dict[str, object], code: str
) -> None:
    before = await everything(nodes.home.session)
    assert await nodes.home.hear(nodes.host, granted.saying(**changed)) == code
    assert await everything(nodes.home.session) == before


async def test_the_end_of_what_was_never_here_changes_nothing(
    nodes: TwoNodes, granted: Said
) -> None:
    """A host that was restored ends what it had offered in a feed that nobody reads any more."""
    before = await everything(nodes.home.session)
    words = {"claim": str(new_id()), "state": "refused"}
    ended = granted._replace(kind="claim.ended", payload=msgspec.json.encode(words))
    assert await nodes.home.hear(nodes.host, ended) is None
    assert await everything(nodes.home.session) == before
    # a home that forgot it may be told of it yet
    await nodes.home.do(lambda session: mark_restored(session, NOW))
    await nodes.home.do(lambda session: begin_restore(session, NOW))
    later = ended.saying(claim=str(new_id()))
    assert await nodes.home.hear(nodes.host, later) == "not-here-yet"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"handle": str(new_id())}, "not-found"),
        ({"answer_by": "2027-01-05T12:00:00"}, "ValidationError"),
        ({"answer_by": "soon"}, "ValidationError"),
    ],
)
async def test_a_request_that_cannot_be_is_set_aside(
    nodes: TwoNodes, worker: Worker, shift: Planned, changed: dict[str, object], code: str
) -> None:
    claim = await ask(nodes, worker, shift.lead)
    asked = await of_claim(nodes.home, "claim.requested", claim)
    before = await everything(nodes.host.session)
    assert await nodes.host.hear(nodes.home, asked.saying(**changed)) == code
    assert await everything(nodes.host.session) == before


async def test_a_home_speaks_for_its_own_handles_only(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """A local worker holds the seat; their handle and claim are known to the partner's people."""
    async with nodes.host.door() as session:
        local = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        held = (await claim_seat(session, local.asker, shift.lead, NOW)).id
    claim = await ask(nodes, worker, shift.seats["second"])
    asked = await of_claim(nodes.home, "claim.requested", claim)
    await withdraw(nodes, worker, claim)
    cancel = await of_claim(nodes.home, "claim.cancelled", claim)
    before = await everything(nodes.host.session)
    for forged in (
        asked.saying(handle=str(local.handle)),
        asked.saying(claim=str(held)),
        cancel.saying(claim=str(held)),
        cancel._replace(kind="proposal.answered").saying(claim=str(held), yes=False),
    ):
        assert await nodes.host.hear(nodes.home, forged) == "not-found"
    # nor does it say such things in the feed of a pool
    public = asked._replace(feed_kind="pool/shifts", subject=str(nodes.pool.id))
    assert await nodes.host.hear(nodes.home, public) == "not-found"
    assert await everything(nodes.host.session) == before


async def test_a_pool_is_claimed_at_its_host_only(
    nodes: TwoNodes, worker: Worker, shift: Planned
) -> None:
    """Home keeps a copy of the host's shift; it does not decide who sits there."""
    claim = await ask(nodes, worker, shift.lead)
    asked = await of_claim(nodes.home, "claim.requested", claim)
    before = await everything(nodes.home.session)
    assert await nodes.home.hear(nodes.host, asked) == "not-found"
    assert await everything(nodes.home.session) == before
