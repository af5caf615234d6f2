"""Erasing somebody who has left: at home, and at every node that knows them by a handle."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.models import ApiToken
from federation.audit.actions import record
from federation.erasing.errors import HandleNotTyped, StillTakesPart
from federation.erasing.models import HandleErasure
from federation.erasing.stubs import erase_said, forget_set_aside, make_stub
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.queries import PRIVATE
from federation.handing.queries import hosts_of
from federation.notices.messages.actions import forget_person
from federation.notices.models import Notice
from federation.partners.models import Partner
from federation.passkeys.models import Passkey, PasskeyChallenge
from federation.people.models import Handle, Person
from federation.people.rules import Operator, name_for_audit, require_coordinator_of
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.slots.restating import restate_slots
from federation.projects.models import Project
from federation.second_steps.models import Authenticator

SAID, CONFIRMED = "handle.erased", "erasure.confirmed"
NAME = "(erased)"


class HandleErased(msgspec.Struct, frozen=True):
    """What the sender's project knew of somebody is gone there, and is to go here."""

    handle: UUID


class ErasureConfirmed(msgspec.Struct, frozen=True):
    """All that was held of a handle is gone."""

    handle: UUID


async def require_left(session: AsyncSession, asker: Asker | Operator, person_id: UUID) -> Person:
    """Lock somebody whom the asker may erase; whoever still takes part has to leave first."""
    person = await session.get(
        Person, person_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if person is None:
        raise NotFound
    require_coordinator_of(asker, person.project_id)
    if person.left_at is None:
        raise StillTakesPart
    return person


async def require_typed(session: AsyncSession, person: Person, typed: str) -> None:
    """Refuse to erase anybody who was not named by one of their handles."""
    handles = await _handles_of(session, person.id)
    if typed.strip() not in ([handle.display for handle in handles] or [person.name]):
        raise HandleNotTyped


async def note_erased(
    session: AsyncSession, asker: Asker | Operator, person_id: UUID, now: datetime
) -> None:
    """Write down that somebody was erased, so that no backup brings them back."""
    await record(
        session,
        actor=name_for_audit(asker),
        verb="person.erased",
        subject="person",
        subject_id=person_id,
        now=now,
    )


async def erase_whom(session: AsyncSession, person: Person, now: datetime) -> None:
    """Erase who somebody is, here and at whoever was told of a handle of theirs."""
    person.name, person.languages, person.zone = NAME, [], None
    person.erased_at = person.erased_at or now
    person.own_hours_per_week = person.own_shifts_per_week = person.own_rest_hours = None
    await forget_person(session, person.id)
    for kind in (Authenticator, Passkey, PasskeyChallenge, Notice):
        await session.execute(delete(kind).where(kind.person_id == person.id))
    label = update(ApiToken).where(ApiToken.person_id == person.id).values(label="")
    await session.execute(label)
    handles = await _handles_of(session, person.id)
    for handle in handles:
        await erase_said(session, handle)
        make_stub(handle, now)
    for pool_id in sorted({handle.pool_id for handle in handles}):
        await restate_slots(session, pool_id, now)
    await _ask_all(session, handles, now)


async def _handles_of(session: AsyncSession, person_id: UUID) -> Sequence[Handle]:
    found = await session.scalars(
        select(Handle).where(Handle.person_id == person_id).order_by(Handle.id)
    )
    return found.all()


async def _ask_all(session: AsyncSession, handles: Sequence[Handle], now: datetime) -> None:
    """Ask each node that hosts, or has hosted, a pool in which somebody had a handle."""
    told = [(node, each.id) for each in handles for node in await _who_knows(session, each)]
    for node, handle_id in sorted(told):
        row = insert(HandleErasure).values(handle_id=handle_id, node_id=node, asked_at=now)
        asked = await session.scalar(row.on_conflict_do_nothing().returning(HandleErasure.node_id))
        if asked is not None:
            await _ask(session, node, handle_id, now)


async def _who_knows(session: AsyncSession, handle: Handle) -> list[str]:
    host = await session.scalar(select(Pool.host).where(Pool.id == handle.pool_id))
    hosts = {*await hosts_of(session, handle.pool_id), host}
    known = await session.scalars(select(Partner.node_id).where(Partner.node_id.in_(hosts)))
    return list(known)


async def _ask(session: AsyncSession, node_id: str, handle_id: UUID, now: datetime) -> None:
    await append(session, PRIVATE, node_id, SAID, {"handle": str(handle_id)}, now=now)


async def ask_again(session: AsyncSession, now: datetime) -> None:
    """Ask once more what was not confirmed before every feed began anew."""
    waiting = await session.execute(
        select(HandleErasure.node_id, HandleErasure.handle_id)
        .where(HandleErasure.confirmed_at.is_(None))
        .order_by(HandleErasure.node_id, HandleErasure.handle_id)
    )
    for node_id, handle_id in waiting.all():
        await _ask(session, node_id, handle_id, now)


async def receive_erased(
    session: AsyncSession, home: str, payload: dict[str, Any], now: datetime
) -> UUID | None:
    """As a host: erase what is held of a home's handle; gives its id, none where it is unknown."""
    said = msgspec.convert(payload, HandleErased)
    row = (
        await session.execute(
            select(Handle, Project.node)
            .join(Project, Project.id == Handle.project_id)
            .where(Handle.id == said.handle)
        )
    ).one_or_none()
    if row is None:
        return None
    handle, node = row
    if node != home:
        raise NotFound
    await erase_said(session, handle)
    await forget_set_aside(session, handle, home)
    make_stub(handle, now)
    await record(
        session, actor=home, verb="handle-erased", subject="handle", subject_id=handle.id, now=now
    )
    return said.handle


async def confirm(session: AsyncSession, home: str, payload: dict[str, Any], now: datetime) -> None:
    """Say that nothing is left; also where nothing was ever known."""
    handle_id = msgspec.convert(payload, HandleErased).handle
    pool_id = await session.scalar(select(Handle.pool_id).where(Handle.id == handle_id))
    if pool_id is not None:
        await restate_slots(session, pool_id, now)
    await append(session, PRIVATE, home, CONFIRMED, {"handle": str(handle_id)}, now=now)


async def receive_confirmed(
    session: AsyncSession, node_id: str, payload: dict[str, Any], now: datetime
) -> None:
    """Note that a node has erased what it was asked to; said twice, the first time counts."""
    said = msgspec.convert(payload, ErasureConfirmed)
    erasure = await session.get(HandleErasure, (said.handle, node_id))
    if erasure is None:
        raise NotFound
    erasure.confirmed_at = erasure.confirmed_at or now
