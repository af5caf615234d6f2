from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from api.parts import current_time
from api.settings import Settings
from api.worker.sweeping import SWEEP_EVERY, sweep
from api.worker.workshop import Workshop, open_workshop
from database.base import Base
from database.session import door
from federation.access.models import SignInLink, WebSession
from federation.notices.actions import mark_seen, notify
from federation.notices.models import Notice
from federation.partners.keys import Node as OwnNode
from federation.partners.keys import NodeKeys
from rota.attendance.models import SessionStep
from rota.claims.models import KeptAnswer
from rota.plans.models import PoolPlan
from rota.readings.models import ShiftReading
from rota.record_imports.models import RecordImport
from rota.record_keeping.actions import set_keeping
from rota.record_keeping.rules import Settings as Keeping
from rota.records.actions import keep_record
from rota.records.models import SessionRecord
from rota.sign_up.actions import claim_seat
from rota.supervisor_calls.models import CallAsked, SupervisorCall
from rota.what_ifs.models import WhatIf
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening
from tests.rota.record_imports.world import taken
from tests.rota.records.world import DEBRIEF, a_lead, done, sums, talk
from tests.rota.world import a_pool, a_project, a_shift

GROWING: tuple[InstrumentedAttribute[UUID], ...] = (Notice.person_id, KeptAnswer.person_id)


async def kept(evening: Evening) -> list[int | None]:
    """Count what is kept of the worker; the node serves other tests, too."""
    whose = evening.worker.id
    async with door(evening.node.engine) as session:
        return [
            await session.scalar(select(func.count(each)).where(each == whose)) for each in GROWING
        ]


async def test_the_sweep_forgets_what_would_only_grow(node: Node, tmp_path: Path) -> None:
    evening, now = await an_evening(node), current_time()
    who = evening.worker
    async with door(node.engine) as session:
        await claim_seat(session, who.asker, evening.shift.lead, now, key="k1")
        notice = await notify(session, person_id=who.id, code="one", text="One.", now=now)
        await mark_seen(session, who.asker, notice_id=notice, now=now)
    later = now + timedelta(days=31)
    workshop = a_workshop(node, tmp_path, now, later)
    for at, expected in ((now, [1, 1]), (later, [0, 0])):
        assert await sweep(workshop, {}) == at + SWEEP_EVERY
        assert await kept(evening) == expected


def a_workshop(node: Node, folder: Path, *moments: datetime) -> Workshop:
    """Open a workshop whose clock shows these moments, one after the other."""
    settings = Settings(database_url=node.settings.database_url, keys=folder / "keys")
    NodeKeys.create(settings.keys)
    own = OwnNode.open(settings.keys, name="North", base_url=settings.base_url)
    return open_workshop(settings, node.engine, own, iter(moments).__next__)


DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)
THEN = datetime(2031, 6, 3, 12, tzinfo=UTC)


async def what_grows(evening: Evening) -> list[tuple[Base, int]]:
    """Give rows of THEN, each with the number of days for which it is kept."""
    who, secret = evening.worker.id, b"of a test: "
    async with door(evening.node.engine) as session:
        over = await a_shift(session, evening.pool, THEN - timedelta(hours=2), trainings=[])
    plan: dict[str, Any] = {"pool_id": evening.pool.id, "scenario": {}, "made_at": THEN}
    call = SupervisorCall(
        shift_id=over.id, claim_id=None, called_at=THEN, step="deputy", step_at=THEN
    )
    link: dict[str, Any] = {"person_id": who, "expires_at": THEN + 400 * DAY}
    return [
        (SignInLink(**link, secret_hash=secret + b"1", used_at=THEN), 30),
        (SignInLink(**link | {"expires_at": THEN}, secret_hash=secret + b"2"), 30),
        (WebSession(**link, secret_hash=secret + b"3", ended_at=THEN), 30),
        (WebSession(**link | {"expires_at": THEN}, secret_hash=secret + b"4"), 30),
        (PoolPlan(**plan, state="refused", plan=None), 90),
        (PoolPlan(**plan, state="published", plan={}, published_at=THEN), 365),
        (
            WhatIf(
                pool_id=evening.pool.id,
                state="ordered",
                change={},
                scenario={},
                answer=None,
                made_at=THEN,
            ),
            30,
        ),
        (call, 90),
        (CallAsked(call_id=call.id, step="deputy", at=THEN, person_id=who), 90),
        (SessionStep(shift_id=over.id, step="ask", at=THEN), 30),
        (
            ShiftReading(
                shift_id=over.id,
                project_id=evening.pool.coordinator.project_id,
                passes=False,
                at=THEN,
            ),
            30,
        ),
    ]


async def test_each_thing_is_kept_for_its_time_and_no_longer(
    fresh_node: Node, tmp_path: Path
) -> None:
    evening = await an_evening(fresh_node)
    rows = await what_grows(evening)
    ages = sorted({days for _, days in rows})
    async with door(fresh_node.engine) as session:
        for row, _ in rows:
            session.add(row)
            await session.flush()
        named = [(type(row), inspect(row).identity, days) for row, days in rows]
    moments = [THEN + days * DAY - early for days in ages for early in (MOMENT, MOMENT * 0)]
    workshop = a_workshop(fresh_node, tmp_path, *moments)
    for now in moments:
        await sweep(workshop, {})
        async with door(fresh_node.engine) as session:
            left = [
                (kind, days)
                for kind, identity, days in named
                if await session.get(kind, identity) is not None
            ]
        assert left == [(kind, days) for kind, _, days in named if now < THEN + days * DAY]


async def test_what_is_in_use_stays(fresh_node: Node, tmp_path: Path) -> None:
    evening = await an_evening(fresh_node)
    who = evening.worker.id
    async with door(fresh_node.engine) as session:
        link = SignInLink(person_id=who, secret_hash=b"unused", expires_at=THEN + 40 * DAY)
        used = WebSession(person_id=who, secret_hash=b"in use", expires_at=THEN + 40 * DAY)
        session.add_all([link, used])
        await session.flush()
    await sweep(a_workshop(fresh_node, tmp_path, THEN), {})
    async with door(fresh_node.engine) as session:
        assert await session.get(SignInLink, link.id) is not None
        assert await session.get(WebSession, used.id) is not None


async def test_single_records_end_by_themselves_and_sums_stay(
    fresh_node: Node, tmp_path: Path
) -> None:
    async with door(fresh_node.engine) as session:
        pool = await a_pool(session, await a_project(session))
        shift, worker = await a_lead(session, pool)
        await keep_record(session, worker.asker, shift.id, done(talk()), DEBRIEF)
        await set_keeping(session, pool.coordinator, Keeping(30), DEBRIEF)
        await taken(session, pool)
        before = await sums(session, pool)
    # of 5 January, and taken in on 1 February
    days = [datetime(2027, *day, 0, 1, tzinfo=UTC) for day in ((2, 4), (2, 5), (3, 3), (3, 4))]
    workshop, found = a_workshop(fresh_node, tmp_path, *days), []
    for _ in days:
        await sweep(workshop, {})
        async with door(fresh_node.engine) as session:
            records = await session.scalar(select(func.count(SessionRecord.id)))
            parts = await session.scalar(
                select(func.count()).where(RecordImport.added.is_not(None))
            )
            assert await sums(session, pool) == before
        found.append((records, parts))
    assert found == [(1, 1), (0, 1), (0, 1), (0, 0)]
