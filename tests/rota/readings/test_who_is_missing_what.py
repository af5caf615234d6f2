"""Coordinators see who is missing what: their own people by name, others as ready or not."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.people.models import Person
from federation.pools.actions import join_pool
from protocols.pool_texts.models import PoolText
from protocols.releases.models import Release
from rota.readings.actions import look_at_readings
from rota.readings.models import ShiftReading
from rota.readings.queries import PartnerReading, Readings, readings_seen
from rota.sign_up.actions import claim_seat, release_claim
from tests.protocols.example_texts import Told, protocol, read, released, take_up
from tests.questions import counted
from tests.rota.readings.new_texts import WEEK, NewText, members_of, new_text
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import NOW, SHARE, TUESDAY_19, a_project, a_shift, a_worker


async def test_the_own_people_are_shown_by_name_with_shift_and_text(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)
    name = await session.scalar(select(Person.name).where(Person.id == new.worker.id))

    [missing] = (await readings_seen(session, new.members.coordinator, NOW)).missing

    assert (missing.person_id, missing.name, missing.pool) == (new.worker.id, name, "Evening chat")
    assert (missing.unread.shift_id, missing.unread.urn) == (new.shift.id, new.text.urn)
    assert (missing.unread.title, missing.unread.due) == ("Live chat conduct", NOW + WEEK)
    await new.read()
    assert (await readings_seen(session, new.members.coordinator, NOW)).missing == []


async def test_nobody_else_sees_them(session: AsyncSession) -> None:
    new = await new_text(session)
    await new.look(NOW)
    stranger = await a_project(session)

    with pytest.raises(NotAllowed):
        await readings_seen(session, new.worker.asker, NOW)
    assert await readings_seen(session, stranger, NOW) == Readings([], [], [])


async def test_another_project_of_the_node_is_ready_or_not_and_no_more(
    session: AsyncSession,
) -> None:
    new = await new_text(session)
    other = await a_project(session)
    await join_pool(session, other, new.pool.id, SHARE, NOW)
    await new.look(NOW)

    assert (await readings_seen(session, other, NOW)).missing == []
    [line] = (await readings_seen(session, other, NOW)).partners
    assert line == PartnerReading(
        new.shift.id,
        "Evening chat",
        new.shift.starts,
        "Europe/London",
        "Quayside Outreach",
        passes=False,
    )
    await new.read()
    [line] = (await readings_seen(session, other, NOW)).partners
    assert line.passes
    assert (await readings_seen(session, new.members.coordinator, NOW)).partners == []


async def questions(session: AsyncSession, engine: AsyncEngine, new: NewText) -> int:
    session.expunge_all()
    with counted(engine) as statements:
        await readings_seen(session, new.members.coordinator, NOW)
    return len(statements)


async def test_however_many_are_missing_the_number_of_questions_is_the_same(
    session: AsyncSession, engine: AsyncEngine
) -> None:
    new = await new_text(session)
    await new.look(NOW)
    with_one = await questions(session, engine, new)
    for weeks in (3, 4):
        worker = await a_worker(session, new.pool.id, new.members.coordinator)
        await read(session, worker.asker, new.text.urn)
        shift = await a_shift(session, new.pool, TUESDAY_19 + weeks * WEEK)
        await claim_seat(session, worker.asker, shift.lead, NOW)
    second = await released(session, new.members, protocol(Told(title="Second", parts=("Two.",))))
    await take_up(session, new.members, second)
    await new.look(NOW)

    assert len((await readings_seen(session, new.members.coordinator, NOW)).missing) >= 1
    assert await questions(session, engine, new) == with_one


async def a_text_of_homes_pool(nodes: TwoNodes, worker: Any) -> Release:
    """Put the same text in force on both nodes, as if the host had stated it."""

    async def at_home(session: AsyncSession) -> Release:
        members = await members_of(session, nodes.coordinator, worker.asker)
        text = await released(session, members, protocol(Told()))
        await take_up(session, members, text)
        return text

    text: Release = await nodes.home.do(at_home)
    # these two carry the rota's words only
    nodes.host.unread.add(("project/releases", str(nodes.coordinator.project_id)))
    return text


async def test_a_host_learns_pass_or_fail_for_a_shift_and_never_who_or_what(
    nodes: TwoNodes,
) -> None:
    """ackify#20: confirmations are not for everybody to see."""
    worker = await nodes.worker()
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, TUESDAY_19 + 2 * WEEK))
    claim = await nodes.home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    text = await a_text_of_homes_pool(nodes, worker)
    await nodes.home.do(lambda session: on_the_pool(session, nodes, text.urn))

    for _ in range(2):
        await nodes.home.do(lambda session: look_at_readings(session, NOW))
    await nodes.exchange()

    assert await at_host(nodes) == [False]
    said = await nodes.home.said("shift.readings")
    assert [one.content for one in said] == [
        {"shift": str(shift.id), "project": str(nodes.coordinator.project_id), "passes": False}
    ]
    await nodes.home.do(lambda session: read(session, worker.asker, text.urn))
    await nodes.home.do(lambda session: look_at_readings(session, NOW))
    await nodes.exchange()
    assert await at_host(nodes) == [True]
    assert await shown_at_host(nodes) == [True]
    await nodes.home.do(lambda session: release_claim(session, worker.asker, claim.id, NOW))
    await nodes.exchange()
    assert await shown_at_host(nodes) == []


async def test_a_shift_that_began_unread_is_never_said_to_be_ready(nodes: TwoNodes) -> None:
    worker = await nodes.worker()
    starts = TUESDAY_19 + 2 * WEEK
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, starts))
    await nodes.home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    text = await a_text_of_homes_pool(nodes, worker)
    await nodes.home.do(lambda session: on_the_pool(session, nodes, text.urn))
    await nodes.home.do(lambda session: look_at_readings(session, NOW))

    await nodes.home.do(lambda session: look_at_readings(session, starts))
    await nodes.exchange()

    assert [one.content["passes"] for one in await nodes.home.said("shift.readings")] == [False]
    assert await at_host(nodes) == [False]


async def test_only_a_shifts_own_home_says_so(nodes: TwoNodes) -> None:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool))
    worker = await nodes.worker()
    await nodes.home.do(lambda session: claim_seat(session, worker.asker, shift.lead, NOW))
    await nodes.exchange()
    text = await a_text_of_homes_pool(nodes, worker)
    await nodes.home.do(lambda session: on_the_pool(session, nodes, text.urn))
    await nodes.home.do(lambda session: look_at_readings(session, NOW))
    [said] = await nodes.home.said("shift.readings")
    own = str(nodes.pool.coordinator.project_id)
    nowhere = "0190d000-0000-7000-8000-000000000000"

    assert await nodes.host.hear(nodes.home, said.saying(project=own)) == NotFound.code
    assert await nodes.host.hear(nodes.home, said.saying(shift=nowhere)) == NotFound.code
    assert await nodes.host.hear(nodes.home, said._replace(feed_kind="pool/shifts")) == "not-found"
    assert await nodes.home.hear(nodes.home, said) == NotFound.code
    assert await at_host(nodes) == []


async def on_the_pool(session: AsyncSession, nodes: TwoNodes, urn: str) -> None:
    """Do what the host's `pool-text.stated` does here."""
    session.add(PoolText(pool_id=nodes.pool.id, protocol_kind="conduct", urn=urn))
    await session.flush()


async def at_host(nodes: TwoNodes) -> list[bool]:
    return list(await nodes.host.session.scalars(select(ShiftReading.passes)))


async def shown_at_host(nodes: TwoNodes) -> list[bool]:
    seen = await nodes.host.do(lambda session: readings_seen(session, nodes.pool.coordinator, NOW))
    return [line.passes for line in seen.partners]
