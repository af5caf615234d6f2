"""A proposed translation comes in where it stays one of all that its source says."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from protocols.history.rules.words import as_text
from protocols.items.actions import add_variant, revise_item
from protocols.items.models import Item
from protocols.items.queries import written_of
from protocols.items.rules.translations import stale_languages
from protocols.proposals.actions import receive_proposal
from protocols.proposals.decisions.actions import accept
from protocols.proposals.decisions.queries import to_decide
from tests.protocols.adapting.own_words import TOLD
from tests.protocols.example_texts import (
    NOW,
    World,
    looked_over,
    protocol,
    release_approved,
)
from tests.protocols.proposals.suggestions import (
    SENDER,
    WHY,
    Suggesting,
    far_away,
    item_of,
    said_of,
    words,
)


async def translated(
    session: AsyncSession, projects: World, own: Suggesting, parts: list[dict[str, Any]]
) -> tuple[Item, UUID]:
    """Give North's text a Dutch version, and let a partner propose parts."""
    item = await item_of(session, own.text.urn)
    dutch = dict(zip(map(str, own.ids), ("Twee.", "Bel {{on_call}}."), strict=True))
    await add_variant(
        session,
        projects.north.reviewer,
        item.id,
        language="nl",
        title="Gedrag",
        texts=dutch,
        now=NOW,
    )
    await looked_over(session, projects.north, item.id)
    await release_approved(session, projects.north, item.id)
    far = await far_away(session, projects)
    said = said_of(own, far, sequence=2, parts=parts)
    await receive_proposal(session, SENDER, said, NOW)
    return item, UUID(said["proposal"])


def part(own: Suggesting, action: str, **texts: str) -> dict[str, Any]:
    block = own.second if action == "hide" else own.replaced
    facts: dict[str, Any] = {"block": str(block), "action": action, "why": WHY, "texts": texts}
    if action == "add":
        facts |= {"block": str(uuid4()), "after": str(own.replaced)}
    return facts


async def test_a_translation_that_is_right_comes_in_with_its_source(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    parts = [
        part(own, "replace", en="Three.", nl="Drie."),
        part(own, "add", en="Wait.", nl="Wacht."),
        part(own, "hide"),
    ]
    item, proposal = await translated(session, projects, own, parts)
    beside = await to_decide(session, projects.north.coordinator, proposal)
    assert [
        [(language, as_text(said)) for language, said in one.languages] for one in beside.parts
    ] == [
        [
            ("en", "[removed: Two of you are online][added: Three]."),
            ("nl", "[removed: Twee][added: Drie]."),
        ],
        [("en", "[added: Wait.]"), ("nl", "[added: Wacht.]")],
        [("en", "[removed: Ring {{on_call}}.]"), ("nl", "[removed: Bel {{on_call}}.]")],
    ]
    assert beside.left_out == []
    await accept(session, projects.north.coordinator, proposal, seen=beside.version, now=NOW)

    assert await words(session, item) == ["Three.", "Wait."]
    assert await words(session, item, "nl") == ["Drie.", "Wacht."]
    assert stale_languages(await written_of(session, item)) == []


async def test_a_translation_of_other_words_is_not_passed_off_as_right(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    parts = [part(own, "replace", en="Three.", nl="Drie."), part(own, "add", en="Wait.")]
    item, proposal = await translated(session, projects, own, parts)
    beside = await to_decide(session, projects.north.coordinator, proposal)
    assert beside.left_out == ["nl"]

    await accept(session, projects.north.coordinator, proposal, seen=beside.version, now=NOW)

    assert await words(session, item) == ["Three.", "Wait.", "Ring {{on_call}}."]
    assert await words(session, item, "nl") == ["Twee.", "", "Bel {{on_call}}."]


async def test_a_translation_that_is_out_of_date_stays_so(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    parts = [part(own, "replace", en="Three.", nl="Drie.")]
    item, proposal = await translated(session, projects, own, parts)
    told = replace(TOLD, parts=("Two.", "Ring {{on_call}}."), ids=own.ids)
    await revise_item(session, projects.north.reviewer, item.id, protocol(told), NOW)
    beside = await to_decide(session, projects.north.coordinator, proposal)
    assert beside.left_out == ["nl"]

    await accept(session, projects.north.coordinator, proposal, seen=beside.version, now=NOW)

    assert await words(session, item, "nl") == ["Twee.", "Bel {{on_call}}."]
    assert stale_languages(await written_of(session, item)) == ["nl"]
