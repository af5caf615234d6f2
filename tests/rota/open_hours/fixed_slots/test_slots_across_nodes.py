"""Speakers of several nodes agree to a regular time, and nothing of whom crosses between them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.errors import NotTheHost
from federation.pools.models import Pool
from federation.pools.slots.actions import answer_slot, end_slot
from federation.pools.slots.errors import SlotOver
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.pools.slots.queries import own_slots
from rota.open_hours.fixed_slots.actions import propose_slot
from rota.shifts.models import Shift
from tests.rota.open_hours.fixed_slots.test_fixed_slots import (
    TWO,
    asked,
    confirmed,
    proposed,
    shown,
    speaker,
)
from tests.rota.two_nodes import Side, TwoNodes, private_kinds
from tests.rota.world import (
    NOW,
    ExamplePool,
    Worker,
    a_pool,
    a_shift,
    a_worker,
)


async def languages_at(side: Side, pool: ExamplePool) -> list[tuple[str, ...]]:
    return [each.languages for each in (await shown(side.session, pool.id)).hours]


async def test_speakers_on_two_nodes_each_agree_and_either_takes_it_back(
    nodes: TwoNodes,
) -> None:
    abroad = await nodes.home.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.coordinator, languages=TWO)
    )
    async with nodes.host.door() as session:
        here = await speaker(session, nodes.pool)
        await confirmed(session, nodes.pool)
    await nodes.exchange()
    async with nodes.host.door() as session:
        slot = await proposed(session, nodes.pool)
    await nodes.exchange()
    for side, worker in ((nodes.host, here), (nodes.home, abroad)):
        assert await asked(side.session) == {worker.id}

    async def answer(side: Side, worker: Worker, *, agrees: bool) -> None:
        async with side.door() as session:
            await answer_slot(session, worker.asker, slot, NOW, agrees=agrees)

    async with nodes.home.door() as session:
        await session.execute(update(Shift).values(open=True))
    await answer(nodes.home, abroad, agrees=True)
    await nodes.exchange()
    await answer(nodes.host, here, agrees=True)
    assert await languages_at(nodes.host, nodes.pool) == [("ro",)]
    # a member trusts the host's word on people whom it does not know
    assert await languages_at(nodes.home, nodes.pool) == [()]
    await nodes.exchange()
    assert await languages_at(nodes.home, nodes.pool) == [("ro",)]
    # at home a no counts before the host has heard of it
    await answer(nodes.home, abroad, agrees=False)
    assert await languages_at(nodes.home, nodes.pool) == [()]
    await nodes.exchange()
    assert await languages_at(nodes.host, nodes.pool) == [()]
    await answer(nodes.home, abroad, agrees=True)
    await nodes.exchange()
    assert await languages_at(nodes.home, nodes.pool) == [("ro",)]
    await answer(nodes.host, here, agrees=False)
    await nodes.exchange()
    assert await languages_at(nodes.home, nodes.pool) == [()]
    async with nodes.host.door() as session:
        await end_slot(session, nodes.pool.coordinator, nodes.pool.id, slot, NOW)
    await nodes.exchange()
    for side in (nodes.host, nodes.home):
        assert (await side.session.scalars(select(SlotAgreement.slot_id))).all() == []
    async with nodes.home.door() as session:
        with pytest.raises(SlotOver):
            await answer_slot(session, abroad.asker, slot, NOW, agrees=True)


async def test_a_new_speaker_on_either_node_hides_it_on_both(nodes: TwoNodes) -> None:
    async with nodes.host.door() as session:
        here = await speaker(session, nodes.pool)
        await confirmed(session, nodes.pool)
    await nodes.exchange()
    async with nodes.home.door() as session:
        await session.execute(update(Shift).values(open=True))
    async with nodes.host.door() as session:
        slot = await proposed(session, nodes.pool)
        await answer_slot(session, here.asker, slot, NOW, agrees=True)
    await nodes.exchange()
    both = (nodes.host, nodes.home)
    # a member without a speaker of its own takes the host's word
    assert [await languages_at(side, nodes.pool) for side in both] == [[("ro",)]] * 2
    abroad = await nodes.home.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.coordinator, languages=("ro",))
    )
    assert await languages_at(nodes.home, nodes.pool) == [()]
    assert await asked(nodes.home.session) == {abroad.id}
    await nodes.exchange()
    assert await languages_at(nodes.host, nodes.pool) == [()]
    for side in both:
        assert (await side.session.scalars(select(LanguageSlot.agreed))).all() == [False]
    async with nodes.home.door() as session:
        await answer_slot(session, abroad.asker, slot, NOW, agrees=True)
    await nodes.exchange()
    assert [await languages_at(side, nodes.pool) for side in both] == [[("ro",)]] * 2
    async with nodes.host.door() as session:
        await session.execute(update(Pool).values(speakers_shown_from=4))
        await speaker(session, nodes.pool, "ro")
    await nodes.exchange()
    assert [await languages_at(side, nodes.pool) for side in both] == [[()]] * 2


async def test_members_learn_whether_all_agree_and_nothing_of_whom(nodes: TwoNodes) -> None:
    abroad = await nodes.home.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.coordinator, languages=TWO)
    )
    await nodes.shift(
        lambda session: a_shift(session, nodes.pool, series="tue-19", languages=list(TWO))
    )
    async with nodes.host.door() as session:
        here = await speaker(session, nodes.pool)
        slot = await proposed(session, nodes.pool)
        await answer_slot(session, here.asker, slot, NOW, agrees=True)
    await nodes.exchange()

    async def stated() -> list[dict[str, Any]]:
        slots: list[dict[str, Any]] = (await nodes.host.said("pool.stated"))[-1].content["slots"]
        return slots

    expected = {
        "id": str(slot),
        "series": "tue-19",
        "language": "ro",
        "weekday": 1,
        "starts": "19:00",
        "zone": "Europe/London",
        "agreed": False,
    }
    assert await stated() == [expected]
    async with nodes.home.door() as session:
        await answer_slot(session, abroad.asker, slot, NOW, agrees=True)
    await nodes.exchange()
    assert await stated() == [expected | {"agreed": True}]
    for said in await nodes.host.said():
        assert str(here.handle).encode() not in said.payload
        assert str(abroad.handle).encode() not in said.payload
    # what crossed is the speaker's own answer, in the feed that only the host reads
    assert (await private_kinds(nodes.home)).count("slot.answered") == 1
    # a host of before says nothing of slots: then there are none
    last = (await nodes.host.said("pool.stated"))[-1]
    old = {name: value for name, value in last.content.items() if name != "slots"}
    assert await nodes.home.hear(nodes.host, last._replace(payload=b"{}").saying(**old)) is None
    assert await own_slots(nodes.home.session, abroad.asker) == []


async def test_a_node_answers_for_its_own_people_only(nodes: TwoNodes) -> None:
    await nodes.home.do(
        lambda session: a_worker(session, nodes.pool.id, nodes.coordinator, languages=TWO)
    )
    await nodes.shift(
        lambda session: a_shift(session, nodes.pool, series="tue-19", languages=list(TWO))
    )
    async with nodes.host.door() as session:
        here = await speaker(session, nodes.pool)
        slot = await proposed(session, nodes.pool)
        other = await a_pool(session, nodes.pool.coordinator)
    async with nodes.home.door() as session:
        own = await session.scalar(select(Handle.id).where(Handle.person_id.is_not(None)))
        with pytest.raises(NotTheHost):
            await propose_slot(session, nodes.coordinator, nodes.pool.id, "tue-19", "ro", NOW)
    await nodes.exchange()
    async with nodes.home.door() as session:
        worker = (await own_slots(session, await _as(session, own)))[0]
        await answer_slot(session, await _as(session, own), worker.slot.id, NOW, agrees=True)
    said = (await nodes.home.said("slot.answered"))[-1]
    assert await nodes.host.hear(nodes.home, said.saying(handle=str(here.handle))) == "not-found"
    assert await nodes.host.hear(nodes.home, said.saying(slot=str(other.id))) == "not-found"
    in_pool_feed = said._replace(feed_kind="pool/shifts", subject=str(nodes.pool.id))
    assert await nodes.host.hear(nodes.home, in_pool_feed) == "not-found"
    assert (await nodes.host.session.scalars(select(SlotAgreement.handle_id))).all() == []
    assert await nodes.host.hear(nodes.home, said) is None
    assert await nodes.host.hear(nodes.home, said) is None
    assert (await nodes.host.session.scalars(select(SlotAgreement.handle_id))).all() == [own]
    # what was ended while it was on its way changes nothing, and is no fault
    async with nodes.host.door() as session:
        await end_slot(session, nodes.pool.coordinator, nodes.pool.id, slot, NOW)
    assert await nodes.host.hear(nodes.home, said) is None
    assert (await nodes.host.session.scalars(select(SlotAgreement.handle_id))).all() == []


async def _as(session: AsyncSession, handle: UUID | None) -> Asker:
    row = await session.get_one(Handle, handle)
    person = await session.get_one(Person, row.person_id)
    return Asker(person.id, person.project_id, frozenset({"worker"}))
