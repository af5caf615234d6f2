"""Languages on a member's public page: what the host states, which alone knows all who speak."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from database.outbox import OutboxRow
from federation.partners.actions import RESTATE_SPEAKERS, heard
from federation.partners.models import Partner
from federation.partners.rules.handshake import ENDED, JOINED, WAITING_FOR_THEM
from federation.pools.models import Pool
from federation.pools.settings import set_publication
from federation.pools.slots.actions import answer_slot
from federation.pools.slots.models import LanguageSlot
from federation.pools.slots.restating import restate_for_partner
from rota.open_hours.fixed_slots.actions import propose_slot
from rota.open_hours.queries import public_hours
from rota.shifts.models import Shift
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Worker, a_shift, a_worker

WEEK = timedelta(weeks=1)
RO = ("en", "ro")


@pytest.fixture
async def open_evening(nodes: TwoNodes) -> None:
    """Confirm a session in two languages on both nodes."""
    shift = await nodes.shift(lambda db: a_shift(db, nodes.pool, series="tue-19", languages=RO))
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            await session.execute(update(Shift).where(Shift.id == shift.id).values(open=True))


async def speakers(nodes: TwoNodes, *, here: int, at_home: int) -> list[Worker]:
    """Take in people who speak both languages; gives those at home."""
    async with nodes.host.door() as session:
        for _ in range(here):
            await a_worker(session, nodes.pool.id, nodes.pool.coordinator, languages=RO)
    return [await nodes.worker(languages=RO) for _ in range(at_home)]


async def shown(side: Side, nodes: TwoNodes) -> list[tuple[str, ...]]:
    async with side.door() as session:
        slug = await session.scalar(select(Pool.slug).where(Pool.id == nodes.pool.id))
        found = await public_hours(await session.connection(), str(slug), NOW, NOW + WEEK)
        return [each.languages for each in found.hours]


async def both(nodes: TwoNodes) -> list[list[tuple[str, ...]]]:
    await nodes.exchange()
    return [await shown(nodes.host, nodes), await shown(nodes.home, nodes)]


@pytest.mark.usefixtures("open_evening")
async def test_a_member_shows_what_its_host_shows(nodes: TwoNodes) -> None:
    await speakers(nodes, here=1, at_home=1)
    assert await both(nodes) == [[()], [()]]
    await speakers(nodes, here=1, at_home=0)
    assert await both(nodes) == [[RO], [RO]]


@pytest.mark.usefixtures("open_evening")
async def test_a_member_with_many_speakers_of_its_own_does_not_know_better(
    nodes: TwoNodes,
) -> None:
    await speakers(nodes, here=0, at_home=3)
    assert await both(nodes) == [[RO], [RO]]
    async with nodes.host.door() as session:
        await session.execute(update(Pool).values(speakers_shown_from=4))
        asker = nodes.pool.coordinator
        await set_publication(
            session, asker, nodes.pool.id, NOW, planned=False, message_languages=[]
        )
    assert await both(nodes) == [[()], [()]]


@pytest.mark.usefixtures("open_evening")
async def test_of_a_host_that_does_not_state_them_a_member_counts_its_own(
    nodes: TwoNodes,
) -> None:
    await speakers(nodes, here=2, at_home=1)
    await nodes.exchange()
    async with nodes.home.door() as session:
        await session.execute(update(Pool).values(languages_shown=None))
    assert await shown(nodes.home, nodes) == [()]


@pytest.mark.usefixtures("open_evening")
async def test_a_partner_that_is_no_longer_joined_counts_as_a_no(nodes: TwoNodes) -> None:
    [speaker] = await speakers(nodes, here=0, at_home=1)
    async with nodes.host.door() as session:
        lead = nodes.pool.coordinator
        slot = (await propose_slot(session, lead, nodes.pool.id, "tue-19", "ro", NOW)).id
    await nodes.exchange()
    async with nodes.home.door() as session:
        await answer_slot(session, speaker.asker, slot, NOW, agrees=True)
    assert await both(nodes) == [[("ro",)], [("ro",)]]
    for state, expected in ((ENDED, [()]), (JOINED, [("ro",)])):
        async with nodes.host.door() as session:
            partner = await session.get_one(Partner, nodes.home.id)
            partner.state = state
            await session.flush()
            await restate_for_partner(session, nodes.home.id, NOW)
        assert await shown(nodes.host, nodes) == expected
        agreed = await nodes.host.session.scalar(
            select(LanguageSlot.agreed).where(LanguageSlot.id == slot)
        )
        assert agreed is (state == JOINED)


@pytest.mark.usefixtures("open_evening")
async def test_nor_do_its_people_count_among_those_who_speak_a_language(nodes: TwoNodes) -> None:
    await speakers(nodes, here=2, at_home=1)
    assert await both(nodes) == [[RO], [RO]]
    async with nodes.host.door() as session:
        before = await session.scalar(select(Pool.revision)) or 0
        (await session.get_one(Partner, nodes.home.id)).state = ENDED
        await session.flush()
        await restate_for_partner(session, nodes.home.id, NOW)
        assert (await session.scalar(select(Pool.revision)) or 0) > before
    assert await shown(nodes.host, nodes) == [()]


@pytest.mark.usefixtures("open_evening")
async def test_once_connected_again_they_count_again(nodes: TwoNodes) -> None:
    await speakers(nodes, here=2, at_home=1)
    await nodes.exchange()
    async with nodes.host.door() as session:
        (await session.get_one(Partner, nodes.home.id)).state = WAITING_FOR_THEM
        await session.flush()
        await restate_for_partner(session, nodes.home.id, NOW)
    assert await shown(nodes.host, nodes) == [()]
    async with nodes.host.door() as session:
        await heard(session, node_id=nodes.home.id, now=NOW)
        work = select(OutboxRow.payload).where(OutboxRow.kind == RESTATE_SPEAKERS)
        for payload in (await session.scalars(work)).all():
            await restate_for_partner(session, payload["node_id"], NOW)
    assert await both(nodes) == [[RO], [RO]]
