"""A node that came back from a backup: its feeds begin anew, its partners are asked what they hold.

What partners answer is kept here unread; what it means for seats is the rota's to say.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.access.models import SignInLink, WebSession
from federation.audit.actions import SYSTEM, record
from federation.feeds.actions import append, begin_epoch
from federation.feeds.models import Feed, FeedEvent
from federation.feeds.queries import PRIVATE
from federation.partners.models import Partner, PartnerToken
from federation.people.models import Role
from federation.people.rules import Operator
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.restating import restate_members_and_handles
from federation.restoring.errors import NotRestoring, NotWaitedFor
from federation.restoring.models import Restore, RestoreAnswer, RestoreWait
from federation.restoring.queries import current_restore, partners_of_pools

ASKED = "restore.asked"
CARRIED_OVER = ("release.stated", "pool-text.stated", "pool-text-rule.stated")
"""Signed once and stated once; all else is stated anew as it stands."""
BEGIN = "begin-restore"
REENTER = "reenter"


MARK = """
UPDATE public.restore SET over_at = clock_timestamp() WHERE over_at IS NULL;
INSERT INTO public.restore (id, restored_at) VALUES (gen_random_uuid(), clock_timestamp());
"""
"""Run in the transaction that puts a backup in place, by whatever program does so."""


async def mark_restored(session: AsyncSession, now: datetime) -> None:
    """Mark a database that was copied back: nothing is granted from here on."""
    await session.execute(update(Restore).where(Restore.over_at.is_(None)).values(over_at=now))
    session.add(Restore(restored_at=now))
    await session.flush()


async def begin_restore(session: AsyncSession, now: datetime) -> Sequence[str]:
    """Begin every feed anew and ask every partner of our pools; give who was asked."""
    restore = await current_restore(session, lock=True)
    if restore is None or restore.begun_at is not None:
        return ()
    restore.begun_at = now
    feeds = await session.scalars(select(Feed).order_by(Feed.kind == PRIVATE, Feed.id))
    for feed in feeds.all():
        await _begin_anew(session, feed, now)
    await _sign_all_out(session, now)
    asked = await partners_of_pools(session)
    await _ask(session, restore.id, asked, now)
    await restate_members_and_handles(session, now)
    await record(
        session,
        actor=SYSTEM,
        verb="begin-restore",
        subject="restore",
        subject_id=restore.id,
        now=now,
        facts={"asked": asked},
    )
    await _reenter_if_all_answered(session, restore.id, now)
    return asked


async def _begin_anew(session: AsyncSession, feed: Feed, now: datetime) -> None:
    """Begin a feed's next epoch, with what newcomers could learn nowhere else."""
    said = await session.execute(
        select(FeedEvent.kind, FeedEvent.payload)
        .where(
            FeedEvent.feed_id == feed.id,
            FeedEvent.epoch == feed.epoch,
            FeedEvent.kind.in_(CARRIED_OVER),
            FeedEvent.payload.is_not(None),
        )
        .order_by(FeedEvent.seq)
    )
    carried = [(kind, msgspec.json.decode(payload or b"")) for kind, payload in said]
    await begin_epoch(session, feed.id, now=now)
    for kind, payload in carried:
        await append(session, feed.kind, feed.subject, kind, payload, now=now)


async def _sign_all_out(session: AsyncSession, now: datetime) -> None:
    """Let nobody in by what was ended or spent after the backup was taken."""
    await session.execute(delete(PartnerToken))
    await session.execute(delete(SignInLink))
    await session.execute(
        update(WebSession).where(WebSession.ended_at.is_(None)).values(ended_at=now)
    )


async def keep_answer(
    session: AsyncSession,
    node_id: str,
    restore_id: UUID,
    part: int,
    said: dict[str, Any],
    now: datetime,
    *,
    last: bool,
) -> None:
    """Keep one part of a partner's answer; the last one of the last partner begins the re-entry."""
    wait = await session.scalar(
        select(RestoreWait)
        .join(Restore, Restore.id == RestoreWait.restore_id)
        .where(
            RestoreWait.restore_id == restore_id,
            RestoreWait.node_id == node_id,
            Restore.over_at.is_(None),
        )
        .with_for_update(of=RestoreWait)
    )
    if wait is None or wait.answered_at is not None:
        # of a restore that is over, or said twice
        return
    row = insert(RestoreAnswer).values(restore_id=restore_id, node_id=node_id, part=part, said=said)
    await session.execute(row.on_conflict_do_nothing())
    if last:
        wait.answered_at = now
        await session.flush()
        await _reenter_if_all_answered(session, restore_id, now)


async def ask_again(session: AsyncSession, node_id: str, now: datetime) -> None:
    """Ask a partner once more that was itself restored: its answer may have gone with its feed."""
    wait = await session.scalar(
        select(RestoreWait)
        .join(Restore, Restore.id == RestoreWait.restore_id)
        .where(
            Restore.over_at.is_(None),
            RestoreWait.node_id == node_id,
            RestoreWait.answered_at.is_(None),
            RestoreWait.given_up_at.is_(None),
        )
        .with_for_update(of=RestoreWait)
    )
    if wait is None:
        return
    of_this = (RestoreAnswer.restore_id == wait.restore_id, RestoreAnswer.node_id == node_id)
    await session.execute(delete(RestoreAnswer).where(*of_this))
    await append(session, PRIVATE, node_id, ASKED, {"restore": str(wait.restore_id)}, now=now)


async def go_on_without(
    session: AsyncSession, asker: Asker | Operator, node_id: str, now: datetime
) -> None:
    """Wait no longer for a partner: what only it knows of seats held is lost to this node."""
    if isinstance(asker, Asker):
        require_write(asker)
        require_role(asker, Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR)
    restore = await current_restore(session)
    if restore is None:
        raise NotRestoring
    wait = await session.get(
        RestoreWait, (restore.id, node_id), with_for_update=True, populate_existing=True
    )
    if wait is None or wait.answered_at is not None or wait.given_up_at is not None:
        raise NotWaitedFor
    wait.given_up_at = now
    await session.flush()
    await record(
        session,
        actor=asker.person_id if isinstance(asker, Asker) else SYSTEM,
        verb="go-on-without",
        subject="restore",
        subject_id=restore.id,
        now=now,
        facts={"node": node_id},
    )
    await _reenter_if_all_answered(session, restore.id, now)


async def end_restore(session: AsyncSession, restore: Restore, now: datetime) -> None:
    """Grant again, once everything that was said has been entered."""
    restore.over_at = now
    await session.flush()
    await session.execute(delete(RestoreAnswer).where(RestoreAnswer.restore_id == restore.id))
    await record(
        session,
        actor=SYSTEM,
        verb="end-restore",
        subject="restore",
        subject_id=restore.id,
        now=now,
    )
    await read_what_waited(session, now)


async def read_what_waited(session: AsyncSession, now: datetime) -> None:
    """Read again at once what could not be understood until now."""
    for node_id in await session.scalars(select(Partner.node_id)):
        await outbox.put(session, "pull", {"node_id": node_id}, now=now, key=node_id)


async def answers(session: AsyncSession, restore_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give all that partners have said, in the order in which they said it."""
    rows = await session.execute(
        select(RestoreAnswer.node_id, RestoreAnswer.said)
        .where(RestoreAnswer.restore_id == restore_id)
        .order_by(RestoreAnswer.node_id, RestoreAnswer.part)
    )
    said: dict[str, list[dict[str, Any]]] = {}
    for node_id, each in rows:
        said.setdefault(node_id, []).append(each)
    return said


async def look_again(session: AsyncSession, now: datetime) -> None:
    """Ask whom this node did not know to ask before it learned that it hosts a pool as well.

    What homes have said to it as their host may wait since before.
    """
    await read_what_waited(session, now)
    restore = await current_restore(session, lock=True)
    if restore is None or restore.begun_at is None:
        return
    asked = select(RestoreWait.node_id).where(RestoreWait.restore_id == restore.id)
    known = set(await session.scalars(asked))
    await _ask(session, restore.id, sorted({*await partners_of_pools(session)} - known), now)
    await _reenter_if_all_answered(session, restore.id, now)


async def _ask(
    session: AsyncSession, restore_id: UUID, nodes: Sequence[str], now: datetime
) -> None:
    session.add_all(RestoreWait(restore_id=restore_id, node_id=node_id) for node_id in nodes)
    await session.flush()
    for node_id in nodes:
        await append(session, PRIVATE, node_id, ASKED, {"restore": str(restore_id)}, now=now)


async def _reenter_if_all_answered(session: AsyncSession, restore_id: UUID, now: datetime) -> None:
    # two last answers at once must not each wait for the other
    await session.get_one(Restore, restore_id, with_for_update=True)
    missing = select(func.count()).where(
        RestoreWait.restore_id == restore_id,
        RestoreWait.answered_at.is_(None),
        RestoreWait.given_up_at.is_(None),
    )
    if not await session.scalar(missing):
        await outbox.put(session, REENTER, {}, now=now, key=REENTER)
