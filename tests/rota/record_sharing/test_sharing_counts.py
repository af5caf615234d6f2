"""A project's months: told to members once they are due and wished, each of them once."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.permissions.rules import Asker
from federation.pools.actions import join_pool
from federation.pools.models import Pool
from federation.restoring.models import Restore
from rota.record_sharing.actions import publish_counts, share_counts, stop_sharing
from rota.record_sharing.models import SharedCounts
from rota.record_sharing.queries import Due, counts_due, counts_of, sharing_of
from rota.record_sharing.rules.months import due_at, is_over, months_due
from rota.record_sharing.stated import stated_month
from rota.records.rules.counting import Fact
from tests.questions import counted
from tests.rota.record_sharing.world import DUE, JANUARY, TOLD, count, kept, tick
from tests.rota.two_nodes import TwoNodes
from tests.rota.world import NOW, SHARE, ExamplePool, a_person, a_pool, a_project

FEBRUARY = date(2027, 2, 1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def publish_all(session: AsyncSession, now: datetime) -> int:
    due = await counts_due(session, now)
    for month in due:
        await publish_counts(session, month, now)
    return len(due)


def test_when_a_month_is_due() -> None:
    at = due_at(date(2027, 3, 1), "Europe/Amsterdam")
    assert at.astimezone(UTC) == datetime(2027, 4, 15, 22, tzinfo=UTC)
    assert list(months_due(date(2026, 12, 1), at - MOMENT, "Europe/Amsterdam")) == [
        date(2026, 12, 1),
        JANUARY,
        FEBRUARY,
    ]
    assert list(months_due(date(2027, 3, 1), at, "Europe/Amsterdam")) == [date(2027, 3, 1)]
    ends = datetime(2027, 1, 31, 23, tzinfo=UTC)
    over = [is_over(JANUARY, now, "Europe/Amsterdam") for now in (ends - MOMENT, ends)]
    assert over == [False, True]


async def test_a_month_is_told_once_it_is_due_and_never_again(
    session: AsyncSession, pool: ExamplePool
) -> None:
    project = pool.coordinator.project_id
    await count(session, project, pool.id)
    await tick(session, pool.coordinator, pool.id, NOW)
    await tick(session, pool.coordinator, pool.id, NOW + timedelta(days=40))
    assert await publish_all(session, DUE - MOMENT) == 0
    assert await counts_due(session, DUE) == [Due(project, pool.id, JANUARY)]
    assert await publish_all(session, DUE) == 1
    # what is corrected later stays at home, whoever asks to publish it
    await count(session, project, pool.id, Counter({Fact("contacts", "talked"): 5}))
    assert await counts_due(session, DUE) == []
    await publish_counts(session, Due(project, pool.id, JANUARY), DUE)
    assert await kept(session) == [("2027-01", TOLD)]
    audit = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb, AuditEntry.facts)
        .where(AuditEntry.subject_id == pool.id, AuditEntry.verb.like("%counts"))
        .order_by(AuditEntry.id)
    )
    facts = {"project": str(project)}
    assert audit.all() == [
        (str(pool.coordinator.person_id), "shared-counts", facts),
        ("system", "published-counts", facts),
    ]


async def test_the_database_holds_that_a_month_is_told_once(
    session: AsyncSession, pool: ExamplePool
) -> None:
    for _ in range(2):
        row = SharedCounts(
            project_id=pool.coordinator.project_id,
            pool_id=pool.id,
            month=JANUARY,
            published_at=DUE,
            content={},
        )
        session.add(row)
    with pytest.raises(IntegrityError, match="uq_shared_counts_project_id_pool_id_month"):
        await session.flush()


async def test_nothing_is_told_before_the_tick_or_after_it_was_taken_back(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await count(session, pool.coordinator.project_id, pool.id)
    assert await publish_all(session, DUE) == 0
    found = await session.get_one(Pool, pool.id)
    await tick(session, pool.coordinator, pool.id, NOW)
    await stop_sharing(session, pool.coordinator, found, NOW)
    await publish_counts(session, Due(pool.coordinator.project_id, pool.id, JANUARY), DUE)
    # ticked again in February, it is January no more
    await tick(session, pool.coordinator, pool.id, datetime(2027, 2, 3, tzinfo=UTC))
    assert (await publish_all(session, DUE), await kept(session)) == (0, [])


async def test_what_may_have_been_told_before_a_restore_is_not_told_again(
    session: AsyncSession, pool: ExamplePool
) -> None:
    await tick(session, pool.coordinator, pool.id, NOW)
    restore = Restore(restored_at=DUE + MOMENT)
    session.add(restore)
    march = DUE + timedelta(days=28)
    assert await counts_due(session, march) == []
    restore.over_at = DUE + MOMENT
    await session.flush()
    assert await counts_due(session, march) == [Due(pool.coordinator.project_id, pool.id, FEBRUARY)]


async def test_only_coordinators_share_and_see(session: AsyncSession, pool: ExamplePool) -> None:
    found = await session.get_one(Pool, pool.id)
    worker = await a_person(session, pool.coordinator.project_id, "worker", "supervisor")
    reads = Asker(
        pool.coordinator.person_id,
        pool.coordinator.project_id,
        pool.coordinator.roles,
        frozenset({"read"}),
    )
    await tick(session, pool.coordinator, pool.id, NOW)
    for asker in (worker, reads):
        for act in (share_counts, stop_sharing):
            with pytest.raises(NotAllowed):
                await act(session, asker, found, NOW)
    with pytest.raises(NotAllowed):
        await sharing_of(session, worker, found, NOW)
    with pytest.raises(NotAllowed):
        await counts_of(session, worker, found, JANUARY, FEBRUARY)
    assert (await sharing_of(session, pool.coordinator, found, NOW)).first_month == JANUARY


async def test_what_is_looked_at_beforehand_is_what_is_told(
    session: AsyncSession, pool: ExamplePool
) -> None:
    found = await session.get_one(Pool, pool.id)
    await count(session, pool.coordinator.project_id, pool.id)
    before = await sharing_of(session, pool.coordinator, found, NOW)
    assert (before.first_month, before.next_month, before.last_month) == (
        None,
        JANUARY,
        date(2026, 12, 1),
    )
    await tick(session, pool.coordinator, pool.id, NOW)
    waits = await sharing_of(session, pool.coordinator, found, DUE - MOMENT)
    assert (waits.first_month, waits.next_month, waits.sent_at) == (JANUARY, JANUARY, DUE)
    assert waits.next_content == waits.last_content == stated_month(40, TOLD)
    await publish_all(session, DUE)
    told = await counts_of(session, pool.coordinator, found, JANUARY, FEBRUARY)
    assert [one.content for one in told] == [waits.next_content]
    after = await sharing_of(session, pool.coordinator, found, DUE)
    assert (after.next_month, after.last_content) == (FEBRUARY, waits.next_content)


async def test_members_alone_are_seen_and_the_database_is_asked_as_often(
    session: AsyncSession, engine: AsyncEngine, pool: ExamplePool
) -> None:
    found = await session.get_one(Pool, pool.id)
    asked = []
    for others in range(3):
        if others:
            other = await a_project(session, f"other-{others}")
            await join_pool(session, other, pool.id, SHARE, NOW)
            await tick(session, other, pool.id, NOW)
            await count(session, other.project_id, pool.id)
            await publish_all(session, DUE)
        with counted(engine) as questions:
            told = await counts_of(session, pool.coordinator, found, JANUARY, FEBRUARY)
            await sharing_of(session, pool.coordinator, found, DUE)
        assert [one.project for one in told] == [f"other-{n + 1}" for n in range(others)]
        asked.append(len(questions))
    assert asked == [5, 5, 5]


async def test_two_nodes_tell_one_another_a_month_and_both_keep_the_same(nodes: TwoNodes) -> None:
    pool, theirs = nodes.pool.id, nodes.coordinator.project_id
    for side, coordinator in (
        (nodes.host, nodes.pool.coordinator),
        (nodes.home, nodes.coordinator),
    ):
        async with side.door() as session:
            await count(session, coordinator.project_id, pool)
            await tick(session, coordinator, pool, NOW)
            assert await publish_all(session, DUE) == 1
    await nodes.exchange(DUE)
    for side in (nodes.host, nodes.home):
        async with side.door() as session:
            assert await kept(session) == [("2027-01", TOLD), ("2027-01", TOLD)]
    [said] = await nodes.home.said("counts.stated")
    told = await nodes.host.said("counts.stated")
    assert [(one.feed_kind, one.content["project"]) for one in told] == [
        ("pool/shifts", str(nodes.pool.coordinator.project_id)),
        ("pool/shifts", str(theirs)),
    ]
    assert (said.feed_kind, said.content) == ("private", told[1].content)


async def test_what_a_partner_says_of_counts_is_believed_within_bounds(nodes: TwoNodes) -> None:
    pool, theirs = nodes.pool.id, nodes.coordinator.project_id
    async with nodes.home.door() as session:
        await tick(session, nodes.coordinator, pool, NOW)
        await publish_all(session, DUE)
    [said] = await nodes.home.said("counts.stated")
    small = {"name": "unmet", "cells": [{"value": "tax", "count": 4}]}
    ours = str(nodes.pool.coordinator.project_id)
    tries = {
        "as it is": said,
        "once more": said.saying(content={"sessions": 9, "tables": []}),
        "small": said.saying(content={"sessions": 9, "tables": [small]}),
        "in its month": said.saying(month="2027-02-01"),
        "no month": said.saying(month="2027-01-02"),
        "of another": said.saying(project=ours),
        "in a pool's feed": said._replace(feed_kind="pool/shifts", subject=str(pool)),
        "too long": said.saying(content={"sessions": 9, "tables": [small | {"name": "x" * 99}]}),
    }
    heard = {name: await nodes.host.hear(nodes.home, one, DUE) for name, one in tries.items()}
    assert heard == {
        "as it is": None,
        "once more": None,
        "small": "small-counts",
        "in its month": "month-not-over",
        "no month": "month-not-over",
        "of another": "not-found",
        "in a pool's feed": "not-found",
        "too long": "ValidationError",
    }
    async with nodes.host.door() as session:
        [(month, tables)] = await kept(session)
    assert (month, {count for cells in tables.values() for count in cells.values()}) == (
        "2027-01",
        {0},
    )
    # a host that speaks of a member's own project, or of a stranger's, changes nothing there
    [told] = await nodes.host.said("counts.stated")
    for project in (str(theirs), str(pool)):
        false = told.saying(project=project, month="2026-12-01")
        assert await nodes.home.hear(nodes.host, false, DUE) is None
    async with nodes.home.door() as session:
        assert [month for month, _ in await kept(session)] == ["2027-01"]
