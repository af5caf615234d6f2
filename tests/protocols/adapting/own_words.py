"""Two parts of a text of North's, and what South may say of its own over them."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from protocols.adoption.queries import text_of_project
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.overlays.rules.writing import Told as Part
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import Members, Told, World, protocol, released, take_up

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
TOLD = Told(parts=("Two of you are online.", "Ring {{on_call}}."), placeholders=[PHONE])
VALUES = {"on_call": "0113 496 0000"}
REVIEW = date(2027, 9, 1)


def blocks(published: Release) -> list[UUID]:
    return [part.id for part in read_manifest(published.manifest).blocks]


def replacing(published: Release, number: int, text: str) -> Part:
    return Part(
        action="replace",
        block=blocks(published)[number],
        texts={"en": text},
        reason="We are three.",
        review_by=REVIEW,
    )


def adding(text: str, after: UUID | None = None) -> Part:
    return Part(
        action="add",
        block=new_id(),
        after=after,
        texts={"en": text},
        reason="Our reporting line.",
        review_by=REVIEW,
    )


async def words(session: AsyncSession, members: Members, urn: str) -> list[str]:
    """Give what the project's people read."""
    text = await text_of_project(session, members.project, urn)
    assert text is not None
    assert text.manifest is not None
    return [text.manifest.source.texts[str(part.id)] for part in text.manifest.blocks]


async def taken_up(session: AsyncSession, projects: World) -> Release:
    """Let North release the text, and South take it up with values of its own."""
    published = await released(session, projects.north, protocol(TOLD))
    await take_up(session, projects.south, published, values=VALUES)
    return published
