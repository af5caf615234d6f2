from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker, require_role, require_write
from protocols.comments.errors import CommentErased, CommentLength
from protocols.comments.models import ItemComment
from protocols.items.actions import AUTHORS, send_back
from protocols.items.models import Item
from protocols.items.queries import blocks_of, item_of
from protocols.screening.queries import require_screened
from protocols.screening.rules import Passage

LONGEST = 4000


async def comment_on(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    *,
    said: str,
    block: UUID | None = None,
    now: datetime,
) -> ItemComment:
    """Say something about a text or one part of it, to those of the project who work on it.

    It names nobody: what the screen finds in it is not kept.
    """
    require_role(asker, *AUTHORS)
    require_write(asker)
    item = await item_of(session, asker, item_id)
    words = said.strip()
    if not words or len(words) > LONGEST:
        raise CommentLength
    if block is not None and block not in {one.id for one in await blocks_of(session, item.id)}:
        raise NotFound("This text has no such part.")
    await require_screened(session, asker.project_id, [Passage("Remark", words)])
    comment = ItemComment(
        item_id=item.id,
        block=block,
        version=item.version,
        said=words,
        author_id=asker.person_id,
        at=now,
    )
    session.add(comment)
    await session.flush()
    await _record(session, asker, "commented", comment, now)
    return comment


async def ask_for_changes(
    session: AsyncSession, asker: Asker, item_id: UUID, *, said: str, now: datetime
) -> Item:
    """Hand a text back to its author, and say why."""
    item = await send_back(session, asker, item_id, now)
    await comment_on(session, asker, item_id, said=said, now=now)
    return item


async def resolve_comment(
    session: AsyncSession, asker: Asker, comment_id: UUID, now: datetime
) -> None:
    """Say that a comment has been dealt with; once is as good as twice."""
    comment = await _own(session, asker, comment_id)
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = now, asker.person_id
        await session.flush()
        await _record(session, asker, "comment-resolved", comment, now)


async def reopen_comment(
    session: AsyncSession, asker: Asker, comment_id: UUID, now: datetime
) -> None:
    """Say that a comment has not been dealt with after all."""
    comment = await _own(session, asker, comment_id)
    if comment.said is None:
        raise CommentErased
    if comment.resolved_at is not None:
        comment.resolved_at, comment.resolved_by = None, None
        await session.flush()
        await _record(session, asker, "comment-reopened", comment, now)


async def erase_comment(
    session: AsyncSession, asker: Asker, comment_id: UUID, now: datetime
) -> None:
    """Erase the words and their author for good; for who wrote them, and for coordinators."""
    comment = await _own(session, asker, comment_id)
    if comment.said is None:
        return
    if comment.author_id != asker.person_id and not asker.has("coordinator"):
        raise NotAllowed
    comment.said, comment.author_id = None, None
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = now, asker.person_id
    await session.flush()
    await _record(session, asker, "comment-erased", comment, now)


async def erase_comments_of(session: AsyncSession, person_id: UUID, now: datetime) -> None:
    """Erase all that somebody has said of texts; what was said there needs no answer any more."""
    await session.execute(
        update(ItemComment)
        .where(ItemComment.author_id == person_id)
        .values(
            said=None,
            author_id=None,
            resolved_at=func.coalesce(ItemComment.resolved_at, now),
            resolved_by=func.coalesce(ItemComment.resolved_by, person_id),
        )
    )


async def _own(session: AsyncSession, asker: Asker, comment_id: UUID) -> ItemComment:
    require_role(asker, *AUTHORS)
    require_write(asker)
    own = select(Item.id).where(Item.project_id == asker.project_id)
    comment = await session.scalar(
        select(ItemComment)
        .where(ItemComment.id == comment_id, ItemComment.item_id.in_(own))
        .with_for_update()
    )
    if comment is None:
        raise NotFound
    return comment


async def _record(
    session: AsyncSession, asker: Asker, verb: str, comment: ItemComment, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="item",
        subject_id=comment.item_id,
        now=now,
        facts={"comment": str(comment.id)},
    )
