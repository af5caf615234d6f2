"""The new host takes a pool over: it keeps what the old one said, and decides from then on."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, NotHereYet
from federation.feeds.models import FeedCursor
from federation.feeds.queries import POOL_SHIFTS
from federation.handing.actions import handing_of, keep_part, take_parts
from federation.handing.queries import current_term
from federation.handing.rules import read
from federation.handing.terms import believe
from federation.partners.keys import NodeKeys
from federation.people.models import Handle
from federation.pools.announce import announce_pool
from federation.pools.from_partners import StatedHandle
from federation.pools.models import Channel, Pool
from federation.pools.rules import ROLES_ABROAD
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from federation.restoring.actions import look_again
from protocols.pool_texts.restating import restate_pool_texts
from rota.handing import taking_claims
from rota.handing.after_loss import go_on_if_known
from rota.handing.contents import SAME_OF_PATTERN, SAME_OF_SETTING
from rota.handing.stated import HandedPattern, HandedSetting, PoolContents
from rota.handing.wishes import take_wishes
from rota.passport.models import ToolAccount
from rota.reentry.actions import BEGIN_REENTRY, lock_everybody
from rota.session_details.models import SessionSetting
from rota.shifts.keeping import KeptAnswer, KeptPause, timing_of
from rota.shifts.models import Shift, ShiftPattern
from rota.shifts.rules.patterns import checked
from rota.swaps.stating import restate_offers

KIND = "contents"
Parts = Sequence[PoolContents]


async def receive_contents(
    session: AsyncSession, host: str, payload: dict[str, Any], now: datetime, keys: NodeKeys
) -> None:
    """Keep what the old host says of a pool; with the last part this node becomes its host.

    So does one that was just restored, and may have hosted it before: it grants nothing yet, and
    what partners hold in the pool is entered with all that they have told.
    """
    said = msgspec.convert(payload, PoolContents)
    handing = await handing_of(session, said.pool)
    agreed = (host, said.term, "accepted")
    if await _was_taken(session, said):
        return
    if handing is None or (handing.node_id, handing.term, handing.state) != agreed:
        raise NotFound
    if not said.last:
        await keep_part(session, said.pool, host, KIND, said.part, payload)
        return
    if not await _has_read(session, host, said):
        raise NotHereYet
    earlier = await take_parts(session, said.pool, host, KIND)
    parts = [*(msgspec.convert(each, PoolContents) for each in earlier), said]
    if [part.part for part in parts] != list(range(said.part + 1)):
        raise NotHereYet
    await lock_everybody(session, now)
    agreed_on = read(handing.document)
    change = await believe(session, said.statements, keys, now, takes=True)
    if change is None or change.document != agreed_on:
        raise NotFound
    await _take(session, change.pool, parts, now)
    await look_again(session, now)
    await record(
        session,
        actor=host,
        verb="take-pool-over",
        subject="pool",
        subject_id=said.pool,
        now=now,
        facts={"term": said.term},
    )


async def _was_taken(session: AsyncSession, said: PoolContents) -> bool:
    """Tell whether this term has begun without these words; the pool may have gone on since."""
    term = await current_term(session, said.pool)
    return term is not None and term.term >= said.term


async def _has_read(session: AsyncSession, host: str, said: PoolContents) -> bool:
    """Tell whether this node has heard all that the old host has said to all members."""
    read_to = said.read_to
    found = await session.scalar(
        select(FeedCursor.id).where(
            FeedCursor.node_id == host,
            FeedCursor.kind == POOL_SHIFTS,
            FeedCursor.subject == str(said.pool),
            FeedCursor.epoch == read_to.epoch,
            FeedCursor.seq >= read_to.seq,
        )
    )
    return found is not None


async def _take(session: AsyncSession, pool: Pool, parts: Parts, now: datetime) -> None:
    await session.execute(BEGIN_REENTRY)
    await _keep_channels(session, pool, parts)
    await _keep_handles(session, pool.id, parts, now)
    await _keep_patterns(session, pool.id, parts)
    await _keep_settings(session, pool.id, parts)
    await _keep_accounts(session, pool.id, parts)
    await taking_claims.take(
        session, pool.id, [each for part in parts for each in part.claims], now
    )
    await take_wishes(session, pool.id, now)
    await restate_offers(session, pool.id, now)
    await announce_pool(session, pool.id, now)
    await restate_pool_texts(session, pool.id, now)
    await go_on_if_known(session, pool.id, now)


async def _keep_channels(session: AsyncSession, pool: Pool, parts: Parts) -> None:
    pool.trainings = parts[0].trainings
    for said in (each for part in parts for each in part.channels):
        channel = await session.get(Channel, said.id)
        if channel is not None and channel.pool_id == pool.id:
            channel.trainings = said.trainings
            channel.tool_owner = said.tool_owner if channel.tool_account else None
    await session.flush()


async def _keep_handles(session: AsyncSession, pool_id: UUID, parts: Parts, now: datetime) -> None:
    """Know everybody's pseudonym; who our own people are, is known here already."""
    for said in (each for part in parts for each in part.handles if each.pool == pool_id):
        facts = _facts_of(said, now)
        row = insert(Handle).values(id=said.id, pool_id=pool_id, project_id=said.project, **facts)
        await session.execute(
            row.on_conflict_do_update(
                index_elements=[Handle.id],
                set_=facts,
                where=(Handle.pool_id == pool_id) & Handle.person_id.is_(None),
            )
        )


def _facts_of(said: StatedHandle, now: datetime) -> dict[str, Any]:
    return {
        "display": said.display,
        "roles": [role for role in said.roles if role in ROLES_ABROAD],
        "languages": said.languages,
        "hours_per_week": float(said.hours_per_week),
        "shifts_per_week": said.shifts_per_week,
        "rest_hours": float(said.rest_hours),
        "retired_at": now if said.retired else None,
    }


async def _keep_patterns(session: AsyncSession, pool_id: UUID, parts: Parts) -> None:
    patterns = [each for part in parts for each in part.patterns]
    for said in patterns:
        row = ShiftPattern(**_columns(said), pool_id=pool_id)
        checked(timing_of(row))
        await session.merge(row)
    await session.flush()
    for said in patterns:
        if said.successor is not None:
            (await session.get_one(ShiftPattern, said.id)).successor_id = said.successor
    for made in (each for part in parts for each in part.shifts):
        shift = await session.get(Shift, made.shift)
        if shift is not None and shift.pool_id == pool_id:
            shift.pattern_id, shift.pattern_day = made.pattern, made.day
            shift.exception_at = made.exception_at
    await session.flush()


def _columns(said: HandedPattern) -> dict[str, Any]:
    same = {name: getattr(said, name) for name in SAME_OF_PATTERN}
    # what is odd must be refused here: later it would stop each making of sessions
    msgspec.convert(said.pauses, list[KeptPause])
    msgspec.convert(said.clock_answers, list[KeptAnswer])
    own = {
        "id": said.id,
        "channel_id": said.channel,
        "starts": time.fromisoformat(said.starts),
        "demand": float(said.demand),
    }
    return same | own


async def _keep_settings(session: AsyncSession, pool_id: UUID, parts: Parts) -> None:
    for said in (each for part in parts for each in part.settings):
        place = _place(said, pool_id)
        name, of = next(iter(place.items()))
        await session.execute(delete(SessionSetting).where(getattr(SessionSetting, name) == of))
        facts: dict[str, Any] = {each: getattr(said, each) for each in SAME_OF_SETTING}
        session.add(SessionSetting(**facts | place, deputy_handle_id=said.deputy))
        await session.flush()


def _place(said: HandedSetting, pool_id: UUID) -> dict[str, UUID]:
    if said.channel is not None:
        return {"channel_id": said.channel}
    return {"shift_id": said.shift} if said.shift is not None else {"pool_id": pool_id}


async def _keep_accounts(session: AsyncSession, pool_id: UUID, parts: Parts) -> None:
    channels = set(await session.scalars(select(Channel.id).where(Channel.pool_id == pool_id)))
    slots = set(
        await session.scalars(select(LanguageSlot.id).where(LanguageSlot.pool_id == pool_id))
    )
    for part in parts:
        for said in part.accounts:
            if said.channel in channels:
                account = insert(ToolAccount).values(
                    id=new_id(),
                    channel_id=said.channel,
                    handle_id=said.handle,
                    granted_at=said.granted_at,
                )
                await session.execute(account.on_conflict_do_nothing())
        for yes in part.agreements:
            if yes.slot in slots:
                agreed = insert(SlotAgreement).values(
                    slot_id=yes.slot, handle_id=yes.handle, agreed_at=yes.agreed_at
                )
                await session.execute(agreed.on_conflict_do_nothing())
