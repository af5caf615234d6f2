"""Each language is written, changed and compared as itself."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of, variants_of, written_of
from protocols.items.rules.drafts import Draft, DraftBlock
from protocols.items.rules.translations import stale_languages
from tests.protocols.example_texts import NOW, Told, World, protocol


async def translated(
    session: AsyncSession, projects: World, item: Item, language: str, text: str
) -> None:
    [block] = await blocks_of(session, item.id)
    await add_variant(
        session,
        projects.north.reviewer,
        item.id,
        language=language,
        title=f"Title {language}",
        texts={str(block.id): text},
        now=NOW,
    )


async def rewritten(session: AsyncSession, item: Item, text: str) -> Draft:
    [block] = await blocks_of(session, item.id)
    return replace(protocol(Told()), blocks=[DraftBlock(text, id=block.id)])


async def said(session: AsyncSession, item: Item) -> dict[str, tuple[str, list[str]]]:
    return {
        one.language: (one.title, list(one.texts.values()))
        for one in await variants_of(session, item.id)
    }


async def test_a_language_is_changed_in_that_language(
    session: AsyncSession, projects: World
) -> None:
    """osTicket has a column for the language, and does not write it when an answer is changed."""
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    await translated(session, projects, item, "nl", "Met zijn tweeën.")
    await translated(session, projects, item, "ro", "Sunteți doi.")
    await translated(session, projects, item, "nl", "Met zijn drieën.")

    assert await said(session, item) == {
        "en": ("Live chat conduct", ["Two of you are online together."]),
        "nl": ("Title nl", ["Met zijn drieën."]),
        "ro": ("Title ro", ["Sunteți doi."]),
    }


async def test_a_mended_letter_asks_for_no_new_translation(
    session: AsyncSession, projects: World
) -> None:
    """weblate#3638: whoever reads both says that it is still right, and writes nothing anew."""
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    await translated(session, projects, item, "nl", "Met zijn tweeën.")
    draft = await rewritten(session, item, "Two of you are on-line together.")
    await revise_item(session, projects.north.reviewer, item.id, draft, NOW)
    before = stale_languages(await written_of(session, item))

    await translated(session, projects, item, "nl", "Met zijn tweeën.")

    assert before == ["nl"]
    assert stale_languages(await written_of(session, item)) == []
