"""Words about cover that come from the wrong node, too early, twice, or in another order."""

from uuid import UUID

from database.ids import new_id
from rota.cover.follow import follow_seat
from rota.cover.models import CoverRequest
from rota.sign_up.actions import release_claim
from tests.rota.cover.across import DAY, ask, cover_at, hold, state, step, take
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import NOW, Planned, Worker, claim_now, everything


async def both_ask(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> tuple[UUID, UUID]:
    """Let a mate take the seat of `away`, unheard; gives the claim of `local` and its request."""
    theirs = await hold(nodes.home, away, shift.lead, nodes)
    ours = await hold(nodes.host, local, shift.seats["second"], nodes)
    cover = await ask(nodes.home, away, theirs)
    await nodes.exchange()
    own = await ask(nodes.host, local, ours)
    mate = await nodes.worker()
    await take(nodes.home, mate, cover)
    return ours, own


async def test_a_partner_speaks_only_of_its_own_people_and_pools(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> None:
    """Whoever forges another's claim, handle or request is told that there is none."""
    ours, own = await both_ask(nodes, shift, away, local)
    asked = (await nodes.home.said("cover.asked"))[-1]
    taken = (await nodes.home.said("cover.taken"))[-1]
    before = await everything(nodes.host.session)
    for said in (
        asked.saying(cover=str(new_id()), claim=str(ours)),
        asked._replace(kind="cover.withdrawn").saying(cover=str(own)),
        taken.saying(handle=str(local.handle)),
        taken.saying(seat=str(shift.seats["second"])),
        asked._replace(feed_kind="pool/shifts", subject=str(nodes.pool.id)),
    ):
        assert await nodes.host.hear(nodes.home, said) in {"not-found", "ValidationError"}
    assert await everything(nodes.host.session) == before
    stated = (await nodes.host.said("cover.stated"))[-1]
    before = await everything(nodes.home.session)
    for said in (
        stated.saying(claim=str(ours)),
        stated.saying(cover=str(new_id()), claim=None),
        stated.saying(seat=str(new_id())),
        stated._replace(feed_kind="pool/shifts", subject=str(new_id())),
    ):
        assert await nodes.home.hear(nodes.host, said) in {"not-found", "not-here-yet"}
    assert await everything(nodes.home.session) == before


async def test_a_home_that_was_not_asked_yet_cannot_take_it(
    nodes: TwoNodes, shift: Planned, away: Worker, local: Worker
) -> None:
    """A request of another project's first step is over for everybody else, were its id known."""
    ours, own = await both_ask(nodes, shift, away, local)
    taken = (await nodes.home.said("cover.taken"))[-1]
    forged = taken.saying(cover=str(own), seat=str(shift.seats["second"]))
    assert await nodes.host.hear(nodes.home, forged) is None
    refused = await claim_now(nodes.host.session, UUID(taken.content["claim"]))
    assert (refused.state, [reason["code"] for reason in refused.reasons]) == (
        "refused",
        ["cover-over"],
    )
    assert await state(nodes.host, ours) == "held"


async def test_two_feeds_may_say_the_same_in_any_order(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    assert await nodes.host.catch_up(nodes.home) == []
    await step(nodes.host, cover, "own-project", 1)
    await step(nodes.host, cover, "partners", 3)
    for said in reversed(await nodes.host.said("cover.stated")):
        assert await nodes.home.hear(nodes.host, said) is None
        assert await cover_at(nodes.home, cover) == ("coordinator", "open")


async def test_a_seat_given_up_is_not_asked_for_again_as_one_that_is_held(
    nodes: TwoNodes, shift: Planned, away: Worker
) -> None:
    claim = await hold(nodes.home, away, shift.lead, nodes)
    cover = await ask(nodes.home, away, claim)
    assert await nodes.host.catch_up(nodes.home) == []
    await step(nodes.host, cover, "own-project", 1)
    await nodes.home.do(lambda db: release_claim(db, away.asker, claim, NOW + DAY))
    assert await nodes.host.catch_up(nodes.home) == []
    await nodes.host.do(lambda db: follow_seat(db, shift.lead, NOW + DAY))
    for said in reversed(await nodes.host.said("cover.stated")):
        assert await nodes.home.hear(nodes.host, said) is None
    async with nodes.home.door() as session:
        assert (await session.get_one(CoverRequest, cover)).kind == "vacated"
