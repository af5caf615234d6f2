from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role, require_write
from protocols.items.models import Item
from protocols.items.queries import item_of, written_of
from protocols.lived_reviews.errors import NameTooLong
from protocols.lived_reviews.models import LivedReview
from protocols.lived_reviews.rules import reviewed_words

LONGEST_NAME = 200


async def attest_lived_review(
    session: AsyncSession, asker: Asker, item_id: UUID, *, who: str | None, now: datetime
) -> LivedReview:
    """State that somebody with lived experience has reviewed a text as it stands.

    `who` may be left out; nothing but the coordinators' own list ever shows it.
    """
    require_role(asker, "coordinator", "reviewer")
    require_write(asker)
    item = await item_of(session, asker, item_id)
    name = (who or "").strip() or None
    if name is not None and len(name) > LONGEST_NAME:
        raise NameTooLong
    words = reviewed_words(await written_of(session, item))
    reviewed = LivedReview(item_id=item.id, words=words, who=name, at=now)
    session.add(reviewed)
    await session.flush()
    await _record(session, asker, "lived-review-attested", reviewed, now)
    return reviewed


async def erase_lived_reviewer(
    session: AsyncSession, asker: Asker, review_id: UUID, now: datetime
) -> None:
    """Forget who it was; that the review took place stays."""
    require_role(asker, "coordinator")
    require_write(asker)
    own = select(Item.id).where(Item.project_id == asker.project_id)
    reviewed = await session.scalar(
        select(LivedReview)
        .where(LivedReview.id == review_id, LivedReview.item_id.in_(own))
        .with_for_update()
    )
    if reviewed is None:
        raise NotFound
    reviewed.who = None
    await session.flush()
    await _record(session, asker, "lived-reviewer-erased", reviewed, now)


async def _record(
    session: AsyncSession, asker: Asker, verb: str, reviewed: LivedReview, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="item",
        subject_id=reviewed.item_id,
        now=now,
        facts={"review": str(reviewed.id)},
    )
