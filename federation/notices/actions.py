from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.errors import NotFound
from federation.notices.models import Notice
from federation.permissions.rules import Asker, require_write

TELL = "tell-notice"
KEPT = timedelta(days=30)
"""How long a notice that was put away is kept."""


async def notify(
    session: AsyncSession,
    *,
    person_id: UUID,
    code: str,
    text: str,
    now: datetime,
    urgent: bool = False,
    about: UUID | None = None,
) -> UUID:
    """Leave somebody a notice, worded so that it may be read over a shoulder, and have them told.

    It is a consequence of a change that has its own audit row, and gets none itself. An urgent one
    does not wait for a digest, and breaks quiet hours if the person allows that. The text is shown
    on their start page; a mail or a push says only that there is something. What it is `about`
    may be over before they have seen it, and so is the notice then.
    """
    notice_id = await leave(
        session, person_id=person_id, code=code, text=text, now=now, urgent=urgent, about=about
    )
    # each has a row of its own, so that who tells several people waits for nobody
    await put(session, TELL, {"notice": str(notice_id)}, now=now, key=str(notice_id))
    return notice_id


async def leave(
    session: AsyncSession,
    *,
    person_id: UUID,
    code: str,
    text: str,
    now: datetime,
    urgent: bool = False,
    about: UUID | None = None,
) -> UUID:
    """Leave somebody a notice on their start page alone."""
    notice_id = new_id()
    await session.execute(
        insert(Notice).values(
            id=notice_id,
            person_id=person_id,
            code=code,
            text=text,
            at=now,
            urgent=urgent,
            about=about,
        )
    )
    return notice_id


async def withdraw(session: AsyncSession, *, person_id: UUID, code: str, now: datetime) -> None:
    """Take back notices that are no longer true and that the person has not seen."""
    unseen = (Notice.person_id == person_id, Notice.code == code, Notice.seen_at.is_(None))
    await session.execute(update(Notice).where(*unseen).values(seen_at=now))


async def put_away(session: AsyncSession, over: ColumnElement[bool], now: datetime) -> None:
    """Put away what nobody has seen and nobody needs to see any more."""
    unseen = update(Notice).where(Notice.seen_at.is_(None), over)
    await session.execute(unseen.values(seen_at=now).execution_options(synchronize_session=False))


async def mark_seen(session: AsyncSession, asker: Asker, *, notice_id: UUID, now: datetime) -> None:
    """Put a notice away, and those before it that say the same: a page shows them as one.

    The first time it was seen is the one that is kept.
    """
    require_write(asker)
    mine = Notice.person_id == asker.person_id
    told = await session.scalar(select(Notice).where(Notice.id == notice_id, mine))
    if told is None:
        raise NotFound
    alike = and_(Notice.code == told.code, Notice.text == told.text, Notice.at <= told.at)
    same = or_(Notice.id == told.id, and_(alike, Notice.about.is_not_distinct_from(told.about)))
    unseen = select(Notice.id).where(mine, Notice.seen_at.is_(None), same).order_by(Notice.id)
    first = list(await session.scalars(unseen.with_for_update()))
    await session.execute(update(Notice).where(Notice.id.in_(first)).values(seen_at=now))
    for each in first:
        await record(
            session,
            actor=asker.person_id,
            verb="notice.seen",
            subject="notice",
            subject_id=each,
            now=now,
        )


async def sweep_notices(session: AsyncSession, now: datetime) -> None:
    """Forget notices a month after they were put away; one that nobody has seen waits."""
    await session.execute(delete(Notice).where(Notice.seen_at <= now - KEPT))
