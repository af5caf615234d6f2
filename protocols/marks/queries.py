from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from protocols.items.models import Item
from protocols.marks.models import AnswerMark

READERS = ("coordinator", "reviewer")


class Marked(NamedTuple):
    """A mark as the owner sees it, with the title of the text that it is about."""

    mark: AnswerMark
    item: UUID


async def marks_to_look_at(session: AsyncSession, asker: Asker) -> list[Marked]:
    """List what was said of the asker's project's own answers and nobody has looked at yet."""
    require_role(asker, *READERS)
    query = (
        select(AnswerMark, Item.id)
        .join(Item, Item.urn == AnswerMark.urn)
        .where(Item.project_id == asker.project_id, AnswerMark.settled_at.is_(None))
        .order_by(AnswerMark.urn, AnswerMark.day, AnswerMark.id)
    )
    return [Marked(mark, item) for mark, item in await session.execute(query)]
