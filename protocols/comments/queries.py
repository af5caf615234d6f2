from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Person
from federation.permissions.rules import Asker, require_role
from protocols.comments.models import ItemComment
from protocols.comments.rules import Comment
from protocols.items.actions import AUTHORS
from protocols.items.models import Item
from protocols.items.queries import item_of


async def comments_on(session: AsyncSession, asker: Asker, item_id: UUID) -> list[Comment]:
    """List what was said about a text of the asker's own project: open ones first, oldest first."""
    require_role(asker, *AUTHORS)
    item = await item_of(session, asker, item_id)
    return await comments_of(session, asker, item)


async def comments_of(session: AsyncSession, asker: Asker, item: Item) -> list[Comment]:
    """List what was said about a text that the caller has looked up for its asker."""
    rows = await session.execute(
        select(ItemComment, Person.name)
        .outerjoin(Person, Person.id == ItemComment.author_id)
        .where(ItemComment.item_id == item.id)
        .order_by(ItemComment.resolved_at.is_not(None), ItemComment.at, ItemComment.id)
    )
    return [
        Comment(
            id=comment.id,
            block=comment.block,
            version=comment.version,
            said=comment.said,
            author_id=comment.author_id,
            by=name,
            mine=comment.author_id == asker.person_id,
            at=comment.at,
            resolved_at=comment.resolved_at,
        )
        for comment, name in rows
    ]
