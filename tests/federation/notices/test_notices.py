from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.models import AuditEntry
from federation.errors import NotFound
from federation.notices.actions import mark_seen, notify, sweep_notices
from federation.notices.models import Notice
from federation.notices.queries import folded, unseen_notices
from tests.federation.conftest import NOW, Project


async def test_a_notice_is_shown_until_it_is_seen(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    first = await notify(session, person_id=ann.person_id, code="one", text="One.", now=NOW)
    later = NOW + timedelta(minutes=1)
    second = await notify(session, person_id=ann.person_id, code="two", text="Two.", now=later)
    assert [notice.id for notice in await unseen_notices(session, ann)] == [second, first]
    for minutes in (2, 3):
        await mark_seen(session, ann, notice_id=second, now=NOW + timedelta(minutes=minutes))
    assert [notice.id for notice in await unseen_notices(session, ann)] == [first]
    seen_at = await session.scalar(select(Notice.seen_at).where(Notice.id == second))
    assert seen_at == NOW + timedelta(minutes=2)
    verbs = await session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == second))
    assert list(verbs) == ["notice.seen"]


async def test_those_that_say_the_same_stand_there_once_and_go_together(
    session: AsyncSession, home: Project
) -> None:
    ann, ben = await home.somebody("worker"), await home.somebody("worker")
    wanted = new_id()

    async def told(minutes: int, code: str, about: UUID | None = None) -> UUID:
        at = NOW + timedelta(minutes=minutes)
        text = f"{code}."
        return await notify(
            session, person_id=ann.person_id, code=code, text=text, now=at, about=about
        )

    new = [await told(minutes, "new") for minutes in (0, 1, 2)]
    other, asked = await told(1, "other"), await told(1, "new", wanted)
    foreign = await notify(session, person_id=ben.person_id, code="new", text="new.", now=NOW)
    shown = folded(await unseen_notices(session, ann))
    assert [(notice.id, times) for notice, times in shown] == [(new[2], 3), (asked, 1), (other, 1)]
    # what comes while the page is open is still to be seen
    later = await told(9, "new")
    await mark_seen(session, ann, notice_id=new[2], now=NOW + timedelta(hours=1))
    shown = folded(await unseen_notices(session, ann))
    assert [(notice.id, times) for notice, times in shown] == [(later, 1), (asked, 1), (other, 1)]
    assert [each.id for each in await unseen_notices(session, ben)] == [foreign]
    seen = select(AuditEntry.subject_id).where(AuditEntry.verb == "notice.seen")
    assert set(await session.scalars(seen)) >= set(new)


async def test_a_notice_is_forgotten_a_month_after_it_was_put_away(
    session: AsyncSession, home: Project
) -> None:
    ann = await home.somebody("worker")
    seen, unseen = [
        await notify(session, person_id=ann.person_id, code=code, text=f"{code}.", now=NOW)
        for code in ("one", "two")
    ]
    await mark_seen(session, ann, notice_id=seen, now=NOW)
    kept = []
    for later in (timedelta(days=30, seconds=-1), timedelta(days=30)):
        await sweep_notices(session, NOW + later)
        kept.append(set(await session.scalars(select(Notice.id))))
    assert kept == [{seen, unseen}, {unseen}]


async def test_nobody_else_sees_it_or_puts_it_away(session: AsyncSession, home: Project) -> None:
    ann, coordinator = await home.somebody("worker"), await home.somebody("coordinator")
    notice_id = await notify(session, person_id=ann.person_id, code="one", text="One.", now=NOW)
    assert await unseen_notices(session, coordinator) == []
    for unknown in (notice_id, new_id()):
        with pytest.raises(NotFound):
            await mark_seen(session, coordinator, notice_id=unknown, now=NOW)
    assert [notice.id for notice in await unseen_notices(session, ann)] == [notice_id]
