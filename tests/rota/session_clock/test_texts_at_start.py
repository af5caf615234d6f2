from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Handle
from federation.permissions.rules import Asker
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import effective_hash, hash_of_what_holds
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from rota.attendance.actions import check_in
from rota.attendance.errors import TextsNotRead
from rota.attendance.models import CheckIn
from rota.session_clock.actions import look_at_session
from rota.session_view.queries import session_seen
from rota.shifts.models import Shift
from tests.protocols.example_texts import (
    Members,
    Told,
    protocol,
    read,
    released,
    take_up,
    withdraw,
)
from tests.rota.example_rota import ExampleRota, example_rota

START = datetime(2027, 1, 5, 19, tzinfo=UTC)
BRIEFING = START - timedelta(minutes=15)


@dataclass(frozen=True)
class Evening:
    """A session with a text in force on its pool, and its lead, who has read nothing."""

    rota: ExampleRota
    members: Members
    shift: Shift
    lead: Asker
    conduct: Release

    @property
    def urn(self) -> str:
        return self.conduct.urn

    async def recorded(self) -> Any:
        return await self.rota.session.scalar(
            select(Shift.texts_at_start).where(Shift.id == self.shift.id)
        )

    async def live(self) -> str:
        text = await text_of_project(self.rota.session, self.rota.project.id, self.urn)
        assert text is not None
        return hash_of_what_holds(text)


def asker_of(rota: ExampleRota, handle: Handle, *roles: str) -> Asker:
    assert handle.person_id
    return Asker(handle.person_id, rota.project.id, frozenset(roles))


@pytest.fixture
async def evening(session: AsyncSession) -> Evening:
    rota = await example_rota(session, now=BRIEFING)
    lead, coordinator, reviewer = [await rota.person("en") for _ in range(3)]
    shift = await rota.shift(START)
    await rota.hold(shift, lead)
    members = Members(
        project=rota.project.id,
        name=rota.project.slug,
        coordinator=asker_of(rota, coordinator, "coordinator"),
        reviewer=asker_of(rota, reviewer, "reviewer"),
        worker=asker_of(rota, lead, "worker"),
    )
    conduct = await released(session, members, protocol(Told()))
    await take_up(session, members, conduct)
    await name_pool_text(
        session, members.coordinator, pool_id=rota.pool.id, urn=conduct.urn, now=BRIEFING
    )
    return Evening(rota, members, shift, members.worker, conduct)


async def test_until_it_starts_a_session_asks_for_the_texts_that_are_live(
    session: AsyncSession, evening: Evening
) -> None:
    with pytest.raises(TextsNotRead) as refused:
        await check_in(session, evening.lead, evening.shift.id, BRIEFING)
    assert [reason.text for reason in refused.value.reasons] == [
        "Read and confirm first: Live chat conduct."
    ]
    assert await session.scalar(select(CheckIn.id)) is None
    seen = await session_seen(session, evening.lead, evening.shift.id, BRIEFING)
    assert [text.urn for text in seen.lacking] == [evening.urn]
    await read(session, evening.lead, evening.urn)
    await check_in(session, evening.lead, evening.shift.id, BRIEFING)
    assert await session.scalar(select(CheckIn.at)) == BRIEFING


async def test_at_its_start_it_records_the_hashes_and_never_again(
    session: AsyncSession, evening: Evening
) -> None:
    await look_at_session(session, evening.shift.id, BRIEFING)
    assert await evening.recorded() is None
    await look_at_session(session, evening.shift.id, START)
    text = await text_of_project(session, evening.rota.project.id, evening.urn)
    assert text
    assert text.manifest
    began_with = {
        str(evening.rota.project.id): {
            evening.urn: effective_hash(text.manifest, text.values).hex()
        }
    }
    assert await evening.recorded() == began_with
    before = await evening.live()
    await withdraw(session, evening.members, evening.conduct, holds_texts={"en": "Stop."})
    # what holds is what the recall says; the record stays what it was
    assert await evening.live() != before
    for minutes in (1, 5, 60):
        await look_at_session(session, evening.shift.id, START + timedelta(minutes=minutes))
    assert await evening.recorded() == began_with
    seen = await session_seen(session, evening.lead, evening.shift.id, START)
    assert [text.urn for text in seen.lacking] == [evening.urn]


async def test_a_record_that_is_there_is_not_written_over(
    session: AsyncSession, evening: Evening
) -> None:
    evening.shift.texts_at_start = {"kept": {}}
    await session.flush()
    await look_at_session(session, evening.shift.id, START)
    assert await evening.recorded() == {"kept": {}}
