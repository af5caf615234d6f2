"""Who may make and end ways in for whom; the web's side of it is tested with the web."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.access.actions import (
    end_web_sessions,
    make_api_token,
    make_sign_in_link,
    open_web_session,
    spend_sign_in_link,
)
from federation.access.errors import LinkExpired, LinkUsed
from federation.access.models import ApiToken, SignInLink
from federation.access.queries import asker_by_token, asker_by_web_session, own_tokens
from federation.errors import NotAllowed, NotFound
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from tests.federation.conftest import NOW, Project


async def test_a_coordinator_makes_links_for_their_own_people(
    session: AsyncSession, home: Project, elsewhere: Project
) -> None:
    ann, coordinator = await home.somebody("worker"), await home.somebody("coordinator")
    secret = await make_sign_in_link(
        session, coordinator, person_id=ann.person_id, hours=1, now=NOW
    )
    for asker, refusal in (
        (ann, NotAllowed),
        (await home.somebody("worker"), NotAllowed),
        (await elsewhere.somebody("coordinator"), NotFound),
    ):
        with pytest.raises(refusal):
            await make_sign_in_link(session, asker, person_id=ann.person_id, hours=1, now=NOW)
    assert await session.scalar(select(func.count()).select_from(SignInLink)) == 1
    assert await spend_sign_in_link(session, secret, now=NOW) == ann.person_id
    opened = await open_web_session(session, ann.person_id, None, NOW)
    found = await asker_by_web_session(session, opened, NOW)
    assert found is not None
    assert found.asker == Asker(ann.person_id, home.id, frozenset({"worker"}))
    with pytest.raises(LinkUsed):
        await spend_sign_in_link(session, secret, now=NOW)


async def test_a_link_ends_at_its_hour(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    secret = await make_sign_in_link(session, OPERATOR, person_id=ann.person_id, hours=1, now=NOW)
    with pytest.raises(LinkExpired):
        await spend_sign_in_link(session, secret, now=NOW + timedelta(hours=1))
    last = NOW + timedelta(minutes=59, seconds=59)
    assert await spend_sign_in_link(session, secret, now=last) == ann.person_id


async def test_a_web_session_ends_after_its_days_or_when_told(
    session: AsyncSession, home: Project, elsewhere: Project
) -> None:
    ann, stranger = await home.somebody("worker"), await elsewhere.somebody("coordinator")
    secret = await open_web_session(session, ann.person_id, None, NOW)
    days = timedelta(days=14)
    assert await asker_by_web_session(session, secret, NOW + days - timedelta(seconds=1))
    assert await asker_by_web_session(session, secret, NOW + days) is None
    for asker, refusal in ((stranger, NotFound), (await home.somebody("worker"), NotAllowed)):
        with pytest.raises(refusal):
            await end_web_sessions(session, asker, person_id=ann.person_id, now=NOW)
    assert await asker_by_web_session(session, secret, NOW)
    assert await end_web_sessions(session, ann, person_id=ann.person_id, now=NOW) == 1
    assert await asker_by_web_session(session, secret, NOW) is None


async def test_nobody_makes_a_token_that_speaks_for_somebody_else(
    session: AsyncSession, home: Project
) -> None:
    ann, coordinator = await home.somebody("worker"), await home.somebody("coordinator")
    with pytest.raises(NotFound):
        await make_api_token(
            session,
            coordinator,
            person_id=ann.person_id,
            label="x",
            scopes=["read"],
            days=1,
            now=NOW,
        )
    assert await session.scalar(select(func.count()).select_from(ApiToken)) == 0


async def test_a_token_ends_with_its_day(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    made = await make_api_token(
        session, ann, person_id=ann.person_id, label="x", scopes=["read"], days=1, now=NOW
    )
    found = await asker_by_token(session, made.secret, NOW)
    assert found is not None
    assert found.asker == Asker(ann.person_id, home.id, frozenset({"worker"}), frozenset({"read"}))
    assert await asker_by_token(session, made.secret, NOW + timedelta(days=1)) is None
    assert [token.id for token in await own_tokens(session, ann, NOW)] == [made.id]
    assert await own_tokens(session, ann, NOW + timedelta(days=1)) == []
    assert await own_tokens(session, await home.somebody("coordinator"), NOW) == []


@pytest.mark.parametrize("roles", [("worker",), ("worker", "supervisor", "coordinator")])
async def test_finding_out_who_asks_is_one_question_to_the_database(
    session: AsyncSession, engine: AsyncEngine, home: Project, roles: tuple[str, ...]
) -> None:
    ann = await home.somebody(*roles)
    made = await make_api_token(
        session, ann, person_id=ann.person_id, label="x", scopes=["read"], days=1, now=NOW
    )
    asked: list[str] = []

    def note(_c: object, _x: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        assert await asker_by_token(session, made.secret, NOW)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) == 1
