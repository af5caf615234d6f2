from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.feeds.models import FeedEvent
from federation.partners.models import Partner
from federation.people.models import Handle
from federation.permissions.rules import Asker
from rota.attendance.actions import check_in, end_session, say_busy
from rota.attendance.errors import NotCheckedIn, SessionOver, TooEarly
from rota.attendance.from_homes import receive_attended
from rota.attendance.models import CheckIn
from tests.rota.example_rota import ExampleRota, example_rota

START = datetime(2027, 1, 5, 19, tzinfo=UTC)
BRIEFING = START - timedelta(minutes=15)


def worker_of(rota: ExampleRota, handle: Handle, *scopes: str) -> Asker:
    assert handle.person_id
    return Asker(
        handle.person_id,
        rota.project.id,
        frozenset({"worker"}),
        frozenset(scopes or ("read", "write")),
    )


async def kept(session: AsyncSession) -> list[tuple[Any, ...]]:
    rows = await session.execute(select(CheckIn.at, CheckIn.busy, CheckIn.ended_at))
    return [tuple(row) for row in rows]


async def south(rota: ExampleRota) -> None:
    await rota.add(
        Partner(
            node_id="south",
            name="South",
            base_url="https://south.example",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=[],
            we_grant=[],
            they_grant=[],
            met_at=BRIEFING,
        )
    )


async def test_holder_checks_in_once_and_the_first_time_stands(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    shift, handle = await rota.shift(START), await rota.person("en")
    await rota.hold(shift, handle)
    before = rota.pool.revision
    for minutes in (0, 5):
        at = BRIEFING + timedelta(minutes=minutes)
        await check_in(session, worker_of(rota, handle), shift.id, at)
    assert await kept(session) == [(BRIEFING, False, None)]
    await session.refresh(rota.pool)
    assert rota.pool.revision == before + 2
    rows = await session.execute(
        select(AuditEntry.verb, AuditEntry.actor, AuditEntry.subject_id, AuditEntry.facts)
    )
    assert {tuple(map(str, row)) for row in rows} == {
        ("checked-in", str(handle.person_id), str(shift.id), "{}")
    }


async def test_busy_end_and_return(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    shift, handle = await rota.shift(START), await rota.person("en")
    await rota.hold(shift, handle, "second")
    asker = worker_of(rota, handle)
    with pytest.raises(NotCheckedIn):
        await say_busy(session, asker, shift.id, START, busy=True)
    await check_in(session, asker, shift.id, START)
    await say_busy(session, asker, shift.id, START, busy=True)
    ended = START + timedelta(hours=1)
    await end_session(session, asker, shift.id, ended)
    assert await kept(session) == [(START, True, ended)]
    await check_in(session, asker, shift.id, ended)
    assert await kept(session) == [(START, False, None)]


async def test_only_who_sits_there_may_check_in(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    shift, holder, stranger = (
        await rota.shift(START),
        await rota.person("en"),
        await rota.person("en"),
    )
    claim = await rota.hold(shift, holder)
    supervisor = await rota.person("en", roles=("supervisor",))
    await rota.hold(shift, supervisor, "supervisor")
    for handle in (stranger, supervisor):
        with pytest.raises(NotFound):
            await check_in(session, worker_of(rota, handle), shift.id, START)
    with pytest.raises(NotAllowed):
        await check_in(session, worker_of(rota, holder, "read"), shift.id, START)
    claim.state = "released"
    await session.flush()
    with pytest.raises(NotFound):
        await check_in(session, worker_of(rota, holder), shift.id, START)
    assert await kept(session) == []


async def test_only_from_briefing_to_end_and_not_if_cancelled(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    shift, handle = await rota.shift(START), await rota.person("en")
    await rota.hold(shift, handle)
    asker = worker_of(rota, handle)
    with pytest.raises(TooEarly):
        await check_in(session, asker, shift.id, BRIEFING - timedelta(seconds=1))
    with pytest.raises(SessionOver):
        await check_in(session, asker, shift.id, shift.ends)
    shift.cancelled_at = BRIEFING
    await session.flush()
    with pytest.raises(SessionOver):
        await check_in(session, asker, shift.id, START)


async def test_host_elsewhere_is_told_in_the_same_transaction(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    await south(rota)
    rota.pool.host = "south"
    shift, handle = await rota.shift(START), await rota.person("en")
    claim = await rota.hold(shift, handle)
    await check_in(session, worker_of(rota, handle), shift.id, START, busy=True)
    event = await session.scalar(select(FeedEvent))
    assert event
    assert event.payload
    assert (event.kind, msgspec.json.decode(event.payload)) == (
        "shift.attended",
        {
            "claim": str(claim.id),
            "at": START.isoformat(),
            "arrived_at": START.isoformat(),
            "busy": True,
            "ended_at": None,
        },
    )


def attended(claim_id: UUID) -> dict[str, Any]:
    return {"claim": str(claim_id), "at": START.isoformat(), "busy": False, "ended_at": None}


async def test_host_believes_only_the_holders_home(session: AsyncSession) -> None:
    rota = await example_rota(session, now=BRIEFING)
    await south(rota)
    shift, handle = await rota.shift(START), await rota.person("en")
    claim = await rota.hold(shift, handle)
    with pytest.raises(NotFound):
        await receive_attended(session, "south", attended(claim.id), START)
    rota.project.node = "south"
    await session.flush()
    for _ in range(2):
        await receive_attended(session, "south", attended(claim.id), START)
    assert await kept(session) == [(START, False, None)]
    # all who publish the pool's hours are told, and nobody in particular
    assert set(await session.scalars(select(FeedEvent.kind))) == {"session.stated"}
    with pytest.raises(msgspec.ValidationError):
        await receive_attended(session, "south", {"claim": "x"}, START)
