from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from federation.access.errors import LinkExpired, LinkUnknown, LinkUsed
from federation.access.models import ApiToken, SignInLink, WebSession
from federation.access.rules import WEB_SESSION, secret_hash
from federation.errors import ExampleStaysApart, NotFound
from federation.notices.preferences.models import NoticePreference
from federation.people.models import Person, RoleGrant
from federation.people.queries import roles_of_person
from federation.permissions.rules import Asker
from federation.projects.models import Project

OWN_ZONE = func.coalesce(Person.zone, Project.zone)


class TokenInUse(NamedTuple):
    """Whom a token speaks for, and the last day on which it was seen in use."""

    asker: Asker
    token_id: UUID
    last_used_on: date | None
    zone: str
    """By which clock they read what belongs to no shift: their own, else that of their project."""


class SessionInUse(NamedTuple):
    """Who is signed in, and the last day on which this session was seen in use."""

    asker: Asker
    session_id: UUID
    last_seen_on: date | None
    zone: str
    """By which clock they read what belongs to no shift: their own, else that of their project."""
    reads: str | None
    """The language that they have chosen, if any."""
    speaks: Sequence[str]


class SessionShown(NamedTuple):
    """One place where somebody is signed in; `here` marks the one in which that is asked."""

    id: UUID
    begun_at: datetime
    last_seen_on: date | None
    device: str | None
    here: bool


class TokenShown(NamedTuple):
    """A token as its owner sees it: everything but the secret, which nobody has."""

    id: UUID
    label: str
    scopes: list[str]
    expires_at: datetime
    last_used_on: date | None


def _people() -> Select[UUID, UUID, list[str], bool]:
    of_an_example = Project.example_of.is_not(None)
    return (
        select(Person.id, Person.project_id, roles_of_person(), of_an_example)
        .join(Project, Project.id == Person.project_id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .where(Person.left_at.is_(None))
        .group_by(Person.id, Project.id)
    )


def _person_by(
    key: InstrumentedAttribute[UUID], *columns: InstrumentedAttribute[UUID]
) -> Select[UUID, UUID, list[str], bool]:
    return _people().join(key.class_, key == Person.id).group_by(*columns)


async def asker_by_id(session: AsyncSession, person_id: UUID) -> Asker:
    """Give somebody of this node for whom an operator acts; never one of an example, or who left.

    Raises:
        NotFound: Nobody of this node has this id.
        ExampleStaysApart: They exist in an example only.

    """
    row = (await session.execute(_people().where(Person.id == person_id))).one_or_none()
    if row is None:
        raise NotFound
    found, project_id, roles, example = row
    if example:
        raise ExampleStaysApart
    return Asker(found, project_id, frozenset(roles))


async def asker_by_web_session(
    session: AsyncSession, secret: str, now: datetime
) -> SessionInUse | None:
    """Tell who is signed in with this secret; nobody once the session ended or the person left."""
    found = await session.execute(
        _person_by(WebSession.person_id, WebSession.id)
        .add_columns(
            WebSession.id,
            WebSession.last_seen_on,
            OWN_ZONE,
            NoticePreference.language,
            Person.languages,
        )
        .outerjoin(NoticePreference, NoticePreference.person_id == Person.id)
        .group_by(NoticePreference.person_id)
        .where(
            WebSession.secret_hash == secret_hash(secret),
            WebSession.ended_at.is_(None),
            WebSession.expires_at > now,
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    person_id, project_id, roles, example, *rest = row
    asker = Asker(person_id, project_id, frozenset(roles), example=example)
    return SessionInUse(asker, *rest)


async def own_web_sessions(
    session: AsyncSession, asker: Asker, secret: str | None, now: datetime
) -> list[SessionShown]:
    """List where the asker is signed in, the newest first; `secret` is that of this browser."""
    rows = await session.execute(
        select(
            WebSession.id,
            # a session lasts a fixed time, so its end tells when it began
            WebSession.expires_at - WEB_SESSION,
            WebSession.last_seen_on,
            WebSession.device,
            WebSession.secret_hash == secret_hash(secret or ""),
        )
        .where(
            WebSession.person_id == asker.person_id,
            WebSession.ended_at.is_(None),
            WebSession.expires_at > now,
        )
        .order_by(WebSession.expires_at.desc(), WebSession.id)
    )
    return [SessionShown(*row) for row in rows]


async def asker_by_token(session: AsyncSession, secret: str, now: datetime) -> TokenInUse | None:
    """Tell for whom a token speaks; for nobody once it is revoked, expired or its person left."""
    found = await session.execute(
        _person_by(ApiToken.person_id, ApiToken.id)
        .add_columns(ApiToken.id, ApiToken.scopes, ApiToken.last_used_on, OWN_ZONE)
        .where(
            ApiToken.secret_hash == secret_hash(secret),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    person_id, project_id, roles, example, token_id, scopes, *rest = row
    asker = Asker(person_id, project_id, frozenset(roles), frozenset(scopes), example)
    return TokenInUse(asker, token_id, *rest)


async def require_usable_link(session: AsyncSession, secret: str, now: datetime) -> UUID:
    """Say for whom a link is, or why it would let nobody in, without spending it."""
    link = await session.scalar(
        select(SignInLink).where(SignInLink.secret_hash == secret_hash(secret))
    )
    if link is None:
        raise LinkUnknown
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= now:
        raise LinkExpired
    return link.person_id


async def own_tokens(session: AsyncSession, asker: Asker, now: datetime) -> list[TokenShown]:
    """List the asker's own tokens that still work, oldest first."""
    rows = await session.execute(
        select(
            ApiToken.id, ApiToken.label, ApiToken.scopes, ApiToken.expires_at, ApiToken.last_used_on
        )
        .where(
            ApiToken.person_id == asker.person_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.id)
    )
    return [TokenShown(*row) for row in rows]
