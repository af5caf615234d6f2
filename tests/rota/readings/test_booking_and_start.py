"""Texts are asked for twice: when a seat is taken, and when the session begins."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from protocols.releases.rules import AcknowledgementClass
from rota.attendance.actions import check_in
from rota.attendance.errors import TextsNotRead
from rota.claims.errors import ClaimRefused
from rota.sign_up.actions import claim_seat
from tests.protocols.example_texts import (
    Members,
    Told,
    protocol,
    read,
    released,
    revised,
    take_up,
)
from tests.rota.readings.new_texts import members_of
from tests.rota.world import (
    NOW,
    TUESDAY_19,
    Planned,
    Worker,
    a_pool,
    a_project,
    a_shift,
    a_worker,
)

BRIEFING = TUESDAY_19 - timedelta(minutes=15)


@dataclass(frozen=True)
class Evening:
    """A session of tomorrow, with a text in force that nobody has read."""

    session: AsyncSession
    members: Members
    worker: Worker
    shift: Planned
    text: Release

    async def book(self) -> str:
        claim = await claim_seat(self.session, self.worker.asker, self.shift.lead, NOW)
        return claim.state

    async def begin(self) -> None:
        await check_in(self.session, self.worker.asker, self.shift.id, BRIEFING)

    async def new_release(self, asks: AcknowledgementClass) -> None:
        """Release it once more, and let the project take that up."""
        told = Told(parts=("Two of you are always online together.",))
        newer = await revised(self.session, self.members, self.text, told, asks)
        await take_up(self.session, self.members, newer)


@pytest.fixture
async def evening(session: AsyncSession) -> Evening:
    coordinator = await a_project(session)
    pool = await a_pool(session, coordinator)
    worker = await a_worker(session, pool.id, coordinator)
    members = await members_of(session, coordinator, worker.asker)
    text = await released(session, members, protocol(Told()))
    await take_up(session, members, text)
    await name_pool_text(session, coordinator, pool_id=pool.id, urn=text.urn, now=NOW)
    return Evening(session, members, worker, await a_shift(session, pool, TUESDAY_19), text)


async def test_it_is_asked_at_booking_and_again_at_the_start(
    session: AsyncSession, evening: Evening
) -> None:
    with pytest.raises(ClaimRefused) as refused:
        await evening.book()
    assert [reason.code for reason in refused.value.reasons] == ["text-not-read"]
    await read(session, evening.worker.asker, evening.text.urn)
    assert await evening.book() == "held"

    await evening.new_release("re-read")
    with pytest.raises(TextsNotRead) as asked:
        await evening.begin()
    assert [reason.text for reason in asked.value.reasons] == [
        "Read and confirm first: Live chat conduct."
    ]
    await read(session, evening.worker.asker, evening.text.urn)
    await evening.begin()


@pytest.mark.parametrize("asks", ["none", "notify"])
async def test_what_asks_for_no_reading_does_not_stop_a_session(
    session: AsyncSession, evening: Evening, asks: AcknowledgementClass
) -> None:
    await read(session, evening.worker.asker, evening.text.urn)
    assert await evening.book() == "held"

    await evening.new_release(asks)

    await evening.begin()
