"""Where somebody is signed in: who sees it, and what ends what."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.actions import (
    end_one_web_session,
    end_web_sessions,
    make_sign_in_link,
    note_session_use,
    open_web_session,
    spend_sign_in_link,
)
from federation.access.errors import LinkUnknown, WebSessionUnknown
from federation.access.models import WebSession
from federation.access.queries import asker_by_web_session, own_web_sessions
from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.restoring.actions import begin_restore, mark_restored
from tests.federation.conftest import NOW, Project

HOUR = timedelta(hours=1)


async def signed_in(
    session: AsyncSession, who: Asker, device: str | None = None, now: datetime = NOW
) -> str:
    return await open_web_session(session, who.person_id, device, now)


async def works(session: AsyncSession, *secrets: str) -> list[bool]:
    return [await asker_by_web_session(session, each, NOW) is not None for each in secrets]


async def test_everybody_sees_their_own_sign_ins_alone(
    session: AsyncSession, home: Project
) -> None:
    ann, coordinator = await home.somebody("worker"), await home.somebody("coordinator")
    phone = await signed_in(session, ann, "phone")
    unnamed = await signed_in(session, ann, now=NOW + HOUR)
    shown = await own_web_sessions(session, ann, phone, NOW + HOUR)
    assert [one[1:] for one in shown] == [
        (NOW + HOUR, NOW.date(), None, False),
        (NOW, NOW.date(), "phone", True),
    ]
    found = await asker_by_web_session(session, unnamed, NOW + HOUR)
    assert found is not None
    assert next(one.id for one in shown) == found.session_id
    assert await own_web_sessions(session, coordinator, phone, NOW) == []
    fortnight = NOW + timedelta(days=14)
    assert [one.device for one in await own_web_sessions(session, ann, None, fortnight)] == [None]


async def test_only_its_owner_ends_a_sign_in_and_only_once(
    session: AsyncSession, home: Project
) -> None:
    ann, coordinator = await home.somebody("worker"), await home.somebody("coordinator")
    lost, kept = await signed_in(session, ann, "phone"), await signed_in(session, ann, "computer")
    subject = next(
        one.id for one in await own_web_sessions(session, ann, None, NOW) if one.device == "phone"
    )
    only_reads = Asker(ann.person_id, home.id, ann.roles, frozenset({"read"}))
    for asker, refusal in ((coordinator, WebSessionUnknown), (only_reads, NotAllowed)):
        with pytest.raises(refusal):
            await end_one_web_session(session, asker, subject, NOW)
    assert await works(session, lost, kept) == [True, True]
    await end_one_web_session(session, ann, subject, NOW)
    assert await works(session, lost, kept) == [False, True]
    with pytest.raises(WebSessionUnknown):
        await end_one_web_session(session, ann, subject, NOW)
    entries = await session.execute(
        select(AuditEntry.actor, AuditEntry.subject_id).where(
            AuditEntry.verb == "web-session.ended"
        )
    )
    assert [tuple(entry) for entry in entries] == [(str(ann.person_id), subject)]


async def test_everywhere_else_is_everywhere_but_here(session: AsyncSession, home: Project) -> None:
    ann, colleague = await home.somebody("worker"), await home.somebody("worker")
    here, there = await signed_in(session, ann), await signed_in(session, ann)
    others = await signed_in(session, colleague)
    me = ann.person_id
    assert await end_web_sessions(session, ann, person_id=me, now=NOW, staying=here) == 1
    assert await works(session, here, there, others) == [True, False, True]
    assert await end_web_sessions(session, ann, person_id=me, now=NOW) == 1
    assert await works(session, here, there, others) == [False, False, True]


async def test_of_use_the_day_is_kept(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    secret = await signed_in(session, ann)
    found = await asker_by_web_session(session, secret, NOW)
    assert found is not None
    await note_session_use(session, found.session_id, date(2027, 1, 6))
    [shown] = await own_web_sessions(session, ann, secret, NOW)
    assert shown.last_seen_on == date(2027, 1, 6)


async def test_a_device_is_called_by_one_of_few_words(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    with pytest.raises(IntegrityError, match="ck_web_session_device"):
        await signed_in(session, ann, "Ann's old Nokia")
    await session.rollback()
    assert (await session.scalars(select(WebSession.device))).all() == []


async def test_after_a_restore_nobody_is_signed_in_who_was_before(
    session: AsyncSession, home: Project
) -> None:
    ann = await home.somebody("worker")
    link = await make_sign_in_link(session, OPERATOR, person_id=ann.person_id, hours=9, now=NOW)
    # the backup knows neither that one was ended since nor that the other was not
    secrets = [await signed_in(session, ann), await signed_in(session, ann)]
    await mark_restored(session, NOW)
    await begin_restore(session, NOW)
    assert await works(session, *secrets) == [False, False]
    assert await own_web_sessions(session, ann, None, NOW) == []
    with pytest.raises(LinkUnknown):
        await spend_sign_in_link(session, link, now=NOW)
