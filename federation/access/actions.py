from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.errors import LinkUnknown, WebSessionUnknown
from federation.access.models import ApiToken, SignInLink, WebSession
from federation.access.queries import require_usable_link
from federation.access.rules import (
    LONGEST_LINK,
    LONGEST_TOKEN,
    SCOPES,
    WEB_SESSION,
    granted_scopes,
    lifetime,
    new_secret,
    secret_hash,
)
from federation.audit.actions import record
from federation.errors import NotFound
from federation.people.models import Person
from federation.people.rules import (
    Operator,
    name_for_audit,
    require_coordinator_of,
    require_self_or_coordinator,
)
from federation.permissions.rules import Asker, require_write

ACCESS_KEPT = timedelta(days=30)
"""How long a link that was used, or a session that has ended, can still be looked into."""


class NewToken(NamedTuple):
    """A token at the only moment when its secret is known."""

    id: UUID
    secret: str
    scopes: list[str]
    expires_at: datetime


async def _project_of(session: AsyncSession, person_id: UUID) -> UUID:
    project_id = await session.scalar(
        select(Person.project_id).where(Person.id == person_id, Person.left_at.is_(None))
    )
    if project_id is None:
        raise NotFound
    return project_id


async def make_sign_in_link(
    session: AsyncSession,
    asker: Asker | Operator,
    *,
    person_id: UUID,
    hours: float,
    now: datetime,
) -> str:
    """Make a one-time link that a coordinator hands over; gives the secret of its address."""
    require_coordinator_of(asker, await _project_of(session, person_id))
    secret = new_secret()
    expires_at = now + lifetime(hours, LONGEST_LINK)
    link = SignInLink(person_id=person_id, secret_hash=secret_hash(secret), expires_at=expires_at)
    session.add(link)
    await session.flush()
    await record(
        session,
        actor=name_for_audit(asker),
        verb="sign-in-link.made",
        subject="sign-in-link",
        subject_id=link.id,
        now=now,
        facts={"person": str(person_id)},
    )
    return secret


async def spend_sign_in_link(session: AsyncSession, secret: str, *, now: datetime) -> UUID:
    """Use a link up, once, whoever presses first; gives the person, who is not signed in by it.

    What else is asked for at the door stands in `federation.second_steps`.
    """
    spent = await session.execute(
        update(SignInLink)
        .where(
            SignInLink.secret_hash == secret_hash(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLink.id, SignInLink.person_id)
    )
    link = spent.one_or_none()
    if link is None:
        await require_usable_link(session, secret, now)
        raise LinkUnknown
    person_id: UUID = link.person_id
    await _project_of(session, person_id)
    await record(
        session,
        actor=person_id,
        verb="sign-in-link.used",
        subject="sign-in-link",
        subject_id=link.id,
        now=now,
    )
    return person_id


async def open_web_session(
    session: AsyncSession, person_id: UUID, device: str | None, now: datetime
) -> str:
    """Sign somebody in who has shown all that is asked for; gives the session's secret."""
    secret = new_secret()
    opened = WebSession(
        person_id=person_id,
        secret_hash=secret_hash(secret),
        expires_at=now + WEB_SESSION,
        device=device,
        last_seen_on=now.date(),
    )
    session.add(opened)
    await session.flush()
    await _record_web_session(session, "web-session.opened", opened.id, person_id, now)
    return secret


async def end_web_session(session: AsyncSession, secret: str, *, now: datetime) -> None:
    """Sign out: end the session that has this secret; one that has ended stays as it is."""
    ended = await session.execute(
        update(WebSession)
        .where(WebSession.secret_hash == secret_hash(secret), WebSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(WebSession.id, WebSession.person_id)
    )
    for row in ended:
        await _record_web_session(session, "web-session.ended", row.id, row.person_id, now)


async def _record_web_session(
    session: AsyncSession, verb: str, subject_id: UUID, actor: UUID | str, now: datetime
) -> None:
    await record(
        session, actor=actor, verb=verb, subject="web-session", subject_id=subject_id, now=now
    )


async def end_one_web_session(
    session: AsyncSession, asker: Asker, session_id: UUID, now: datetime
) -> None:
    """Sign out on one device, from this or another one."""
    require_write(asker)
    ended = await session.scalar(
        update(WebSession)
        .where(
            WebSession.id == session_id,
            WebSession.person_id == asker.person_id,
            WebSession.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(WebSession.id)
    )
    if ended is None:
        raise WebSessionUnknown
    await _record_web_session(session, "web-session.ended", ended, asker.person_id, now)


async def end_web_sessions(
    session: AsyncSession,
    asker: Asker | Operator,
    *,
    person_id: UUID,
    now: datetime,
    staying: str | None = None,
) -> int:
    """Sign somebody out everywhere, as after a lost phone; tells how many sessions that ended.

    The one that has the secret `staying` goes on.
    """
    project_id = await _project_of(session, person_id)
    require_self_or_coordinator(asker, person_id, project_id)
    ended = await session.scalars(
        update(WebSession)
        .where(
            WebSession.person_id == person_id,
            WebSession.ended_at.is_(None),
            WebSession.secret_hash != secret_hash(staying or ""),
        )
        .values(ended_at=now)
        .returning(WebSession.id)
    )
    ids = list(ended)
    for subject_id in ids:
        actor = name_for_audit(asker)
        await _record_web_session(session, "web-session.ended", subject_id, actor, now)
    return len(ids)


async def make_api_token(
    session: AsyncSession,
    asker: Asker | Operator,
    *,
    person_id: UUID,
    label: str,
    scopes: Collection[str],
    days: float,
    now: datetime,
) -> NewToken:
    """Make a program's way in on behalf of one person, who alone (or the operator) may do so."""
    await _project_of(session, person_id)
    if isinstance(asker, Asker) and asker.person_id != person_id:
        raise NotFound
    secret = new_secret()
    token = ApiToken(
        person_id=person_id,
        label=label.strip(),
        secret_hash=secret_hash(secret),
        scopes=granted_scopes(scopes, SCOPES if isinstance(asker, Operator) else asker.scopes),
        expires_at=now + lifetime(days * 24, LONGEST_TOKEN),
    )
    session.add(token)
    await session.flush()
    await _record_token(session, "api-token.made", token.id, asker, now)
    return NewToken(token.id, secret, token.scopes, token.expires_at)


async def revoke_api_token(
    session: AsyncSession, asker: Asker | Operator, *, token_id: UUID, now: datetime
) -> None:
    """End a token at once; its owner and the owner's coordinators may."""
    token = await session.get(ApiToken, token_id, with_for_update=True)
    if token is None or token.revoked_at is not None:
        raise NotFound
    project_id = await _project_of(session, token.person_id)
    require_self_or_coordinator(asker, token.person_id, project_id)
    token.revoked_at = now
    await session.flush()
    await _record_token(session, "api-token.revoked", token.id, asker, now)


async def _record_token(
    session: AsyncSession, verb: str, token_id: UUID, asker: Asker | Operator, now: datetime
) -> None:
    await record(
        session,
        actor=name_for_audit(asker),
        verb=verb,
        subject="api-token",
        subject_id=token_id,
        now=now,
    )


async def note_token_use(session: AsyncSession, token_id: UUID, today: date) -> None:
    """Remember the day on which a token was last used; the hour would tell too much."""
    await session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.last_used_on.is_distinct_from(today))
        .values(last_used_on=today)
    )


async def note_session_use(session: AsyncSession, session_id: UUID, today: date) -> None:
    """Remember the day on which a session was last seen, and neither the hour nor from where."""
    await session.execute(
        update(WebSession)
        .where(WebSession.id == session_id, WebSession.last_seen_on.is_distinct_from(today))
        .values(last_seen_on=today)
    )


async def sweep_access(session: AsyncSession, now: datetime) -> None:
    """Forget links and web sessions a month after they opened their last door."""
    before = now - ACCESS_KEPT
    await session.execute(
        delete(SignInLink).where((SignInLink.used_at <= before) | (SignInLink.expires_at <= before))
    )
    await session.execute(
        delete(WebSession).where(
            (WebSession.ended_at <= before) | (WebSession.expires_at <= before)
        )
    )
