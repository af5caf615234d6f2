"""Whatever a project writes is screened before it goes on, and left only with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.adapting.actions import write_part
from protocols.adapting.approval.actions import approve_change, ask_approval
from protocols.comments.actions import ask_for_changes, comment_on
from protocols.comments.models import ItemComment
from protocols.items.actions import add_variant, approve, ask_for_review, draft_item
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import Draft, DraftPlaceholder
from protocols.overlays.rules.writing import Told
from protocols.releases.rules import read_manifest
from protocols.screening.actions import allow_no_longer, allow_words
from protocols.screening.errors import NothingFound, PersonalDataFound
from protocols.screening.models import AllowedFinding
from protocols.screening.queries import Allowed, allowed_in
from tests.canaries import found_in
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Members,
    World,
    answer,
    protocol,
    released,
    take_up,
)
from tests.protocols.example_texts import Told as Said

NUMBER = "07700 900123"
WHY = "It is our own line, and on our page."


async def drafted(session: AsyncSession, members: Members, draft: Draft) -> Item:
    return await draft_item(session, members.reviewer, draft, NOW)


async def reviewed(session: AsyncSession, members: Members, item: Item) -> list[tuple[str, str]]:
    """Ask for a review, and give the reasons against it."""
    try:
        await ask_for_review(session, members.reviewer, item.id, NOW)
    except PersonalDataFound as refused:
        return [(reason.code, reason.text) for reason in refused.reasons]
    return []


def at(place: str, kind: str = "phone", what: str = "a telephone number") -> tuple[str, str]:
    return (
        f"personal-data-{kind}",
        f"{place}: this looks like {what}. Use a placeholder, or say why it may stand there.",
    )


async def allowed(session: AsyncSession, members: Members, words: str) -> int:
    return await allow_words(session, members.coordinator, words=words, reason=WHY, now=NOW)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (answer("Where?", f"Ring {NUMBER}."), [at("Part 1, characters 6 to 17")]),
        (answer(f"Is it {NUMBER}?", "Yes."), [at("Title, characters 7 to 18")]),
        (answer("Where?", "Here.", keywords=[NUMBER]), [at("Keyword, characters 1 to 12")]),
        (
            answer(
                "Where?", "At {{x}}.", placeholders=[DraftPlaceholder("x", "may@clinic.example")]
            ),
            [at("Example of x, characters 1 to 18", "email", "an e-mail address")],
        ),
        (
            protocol(Said(parts=("Two of you.", "Ask for Anna."))),
            [at("Part 2, characters 9 to 12", "name", "somebody's name")],
        ),
        (
            answer("Where?", "{{x}}", placeholders=[DraftPlaceholder("x", NUMBER, type="phone")]),
            [],
        ),
    ],
)
async def test_a_draft_that_could_show_somebody_is_not_handed_on(
    session: AsyncSession,
    projects: World,
    draft: Draft,
    expected: Sequence[tuple[str, str]],
) -> None:
    item = await drafted(session, projects.north, draft)

    found = await reviewed(session, projects.north, item)

    assert found == list(expected)
    assert item.state == ("draft" if expected else "in-review")


async def test_a_translation_is_screened_by_its_own_language(
    session: AsyncSession, projects: World
) -> None:
    item = await drafted(session, projects.north, answer("Where?", "Here."))
    [block] = await blocks_of(session, item.id)
    await add_variant(
        session,
        projects.north.reviewer,
        item.id,
        language="nl",
        title="Waar?",
        texts={str(block.id): "Bel nul zes één twee drie vier vijf zes zeven acht."},
        now=NOW,
    )

    [(code, text)] = await reviewed(session, projects.north, item)

    assert (code, text.partition(",")[0]) == ("personal-data-phone", "Part 1 (nl)")


async def test_what_a_project_allows_may_stand_and_its_reason_shows(
    session: AsyncSession, projects: World
) -> None:
    item = await drafted(session, projects.north, answer("Where?", f"Ring {NUMBER}."))

    assert await allowed(session, projects.north, "07700-900-123") == 1
    await allowed(session, projects.north, NUMBER)

    assert await reviewed(session, projects.north, item) == []
    [one] = await allowed_in(session, projects.north.reviewer)
    assert one == Allowed(one.id, "phone", WHY, "north coordinator", NOW)
    [row] = await session.scalars(select(AllowedFinding))
    assert b"07700" not in row.hash
    facts = [entry.facts for entry in await session.scalars(select(AuditEntry))]
    assert found_in(str(facts), "900123", "7700900123") == []


async def test_whoever_approves_sees_to_it_again(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await drafted(session, north, answer("Where?", f"Ring {NUMBER}."))
    await allowed(session, north, NUMBER)
    await ask_for_review(session, north.reviewer, item.id, NOW)
    [one] = await allowed_in(session, north.coordinator)
    await allow_no_longer(session, north.coordinator, one.id, NOW)

    with pytest.raises(PersonalDataFound):
        await approve(session, north.coordinator, item.id, NOW, seen=item.version)

    assert await allowed_in(session, north.coordinator) == []


async def test_a_remark_about_a_text_names_nobody(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await drafted(session, north, answer("Where?", "Here."))

    with pytest.raises(PersonalDataFound) as refused:
        await comment_on(session, north.reviewer, item.id, said=f"Is it {NUMBER}?", now=NOW)
    await ask_for_review(session, north.reviewer, item.id, NOW)
    with pytest.raises(PersonalDataFound):
        await ask_for_changes(session, north.coordinator, item.id, said=f"No: {NUMBER}", now=NOW)

    assert [tuple(one) for one in refused.value.reasons] == [at("Remark, characters 7 to 18")]
    assert list(await session.scalars(select(ItemComment))) == []


@pytest.mark.parametrize("where", ["text", "reason"])
async def test_own_words_in_a_partners_text_are_screened(
    session: AsyncSession, projects: World, where: str
) -> None:
    text = await released(session, projects.north, protocol(Said()))
    await take_up(session, projects.south, text)
    [part] = read_manifest(text.manifest).blocks
    told = Told(
        block=part.id,
        action="replace",
        texts={"en": f"Ring {NUMBER}." if where == "text" else "Three of you."},
        reason=f"Ask {NUMBER}." if where == "reason" else "There are three of us.",
        review_by=REVIEW,
    )
    south = projects.south
    await write_part(session, south.reviewer, text.urn, told, NOW)

    with pytest.raises(PersonalDataFound) as refused:
        await ask_approval(session, south.reviewer, text.urn, NOW)

    assert [one.code for one in refused.value.reasons] == ["personal-data-phone"]
    await allowed(session, south, NUMBER)
    asked = await ask_approval(session, south.reviewer, text.urn, NOW)
    seen = asked.asked_hash or b""
    await approve_change(session, south.coordinator, text.urn, seen=seen, now=NOW)


async def test_what_a_project_gave_as_its_value_may_stand_in_its_own_words(
    session: AsyncSession, projects: World
) -> None:
    gap = DraftPlaceholder("on_call", "0800 496 0000", type="phone")
    said = Said(parts=("Ring {{on_call}}.",), placeholders=[gap])
    text = await released(session, projects.north, protocol(said))
    await take_up(session, projects.south, text, values={"on_call": "0113 496 0000"})
    [part] = read_manifest(text.manifest).blocks
    told = Told(
        block=part.id,
        action="replace",
        texts={"en": "Ring 0113-4960000 at night."},
        reason="There is nobody by day.",
        review_by=REVIEW,
    )
    await write_part(session, projects.south.reviewer, text.urn, told, NOW)

    asked = await ask_approval(session, projects.south.reviewer, text.urn, NOW)

    assert asked.state == "asked"


@pytest.mark.parametrize(
    ("words", "reason"), [("nothing at all", WHY), (NUMBER, " "), (NUMBER, "x" * 301), ("", WHY)]
)
async def test_nothing_is_allowed_without_a_finding_and_a_reason(
    session: AsyncSession, projects: World, words: str, reason: str
) -> None:
    with pytest.raises(NothingFound):
        await allow_words(session, projects.north.coordinator, words=words, reason=reason, now=NOW)

    assert list(await session.scalars(select(AllowedFinding))) == []


async def test_one_project_allows_nothing_for_another(
    session: AsyncSession, projects: World
) -> None:
    await allowed(session, projects.elsewhere, NUMBER)
    [theirs] = await allowed_in(session, projects.elsewhere.coordinator)
    item = await drafted(session, projects.north, answer("Where?", f"Ring {NUMBER}."))

    assert await allowed_in(session, projects.north.coordinator) == []
    assert len(await reviewed(session, projects.north, item)) == 1
    for gone in (theirs.id, uuid4()):
        with pytest.raises(NotFound):
            await allow_no_longer(session, projects.north.coordinator, gone, NOW)
    assert await allowed_in(session, projects.elsewhere.coordinator) == [theirs]


async def test_only_those_who_write_may_allow(session: AsyncSession, projects: World) -> None:
    reader: Asker = replace(projects.north.coordinator, scopes=frozenset({"read"}))
    for asker in (projects.north.worker, reader):
        with pytest.raises(NotAllowed):
            await allow_words(session, asker, words=NUMBER, reason=WHY, now=NOW)
        with pytest.raises(NotAllowed):
            await allow_no_longer(session, asker, uuid4(), NOW)
    with pytest.raises(NotAllowed):
        await allowed_in(session, projects.north.worker)
