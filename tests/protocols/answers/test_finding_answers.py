from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.answers.queries import Found, search_answers
from protocols.answers.rules.offered import Answer
from protocols.answers.searching import Looked
from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftBlock, DraftPlaceholder
from protocols.releases.models import Release
from protocols.releases.rules import Gap
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    answer,
    looked_over,
    release_approved,
    released,
    take_up,
    withdraw,
)

CLINIC = DraftPlaceholder("clinic", "the clinic in Leeds")
NAME = DraftPlaceholder("your_display_name", "Robin", filled_by="worker")


async def find(
    session: AsyncSession, members: Members, words: str = "", language: str = "en", **more: Any
) -> Found:
    looked = Looked(words=words, language=language)
    return await search_answers(session, members.worker, looked, now=NOW, **more)


async def titles(session: AsyncSession, members: Members, words: str = "") -> list[str]:
    found = await find(session, members, words)
    return [answer.title for answer in found.answers]


async def some_answers(session: AsyncSession, projects: World) -> list[Release]:
    texts = [
        answer("Where is a clinic?", "Go to {{clinic}}. It's free.", placeholders=[CLINIC]),
        answer("When are you there?", "I'm {{your_display_name}}.", placeholders=[NAME]),
        answer("Do I pay tax?", "Everybody who earns pays tax.", keywords=["belasting", "self"]),
    ]
    found = [await released(session, projects.north, text, "none") for text in texts]
    await take_up(session, projects.south, found[0], values={"clinic": "GGD Utrecht"})
    await take_up(session, projects.south, found[1])
    await take_up(session, projects.south, found[2])
    return found


async def test_an_answer_comes_with_the_projects_own_values(
    session: AsyncSession, projects: World
) -> None:
    [clinic, *_] = await some_answers(session, projects)

    found = await find(session, projects.south, "clinic")

    assert found == Found(
        [
            Answer(
                urn=clinic.urn,
                number="1.0.0",
                title="Where is a clinic?",
                question="Where is a clinic?",
                body="Go to GGD Utrecht. It's free.",
                keywords=["help"],
                language="en",
                languages=["en"],
                other_language=False,
                stale=False,
                overdue=False,
                withdrawn_because=None,
                use_limits=["reply-only"],
                channels=["live-chat"],
                jurisdictions=["england"],
                asks_worker=[],
                blocked=[],
            )
        ],
        None,
        {},
        ("en",),
    )


async def test_what_a_worker_fills_is_named(session: AsyncSession, projects: World) -> None:
    await some_answers(session, projects)

    [there] = (await find(session, projects.south, "when")).answers

    assert there.body == "I'm {{your_display_name}}."
    assert there.asks_worker == [
        Gap(
            name="your_display_name",
            type="text",
            filled_by="worker",
            example="Robin",
            material=False,
        )
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("clinic free", ["Where is a clinic?"]),
        ("clin", ["Where is a clinic?"]),
        ("belasting", ["Do I pay tax?"]),
        ("TAX", ["Do I pay tax?"]),
        ("50%_", []),
        ("'; DROP TABLE release; --", []),
        ("  ", ["Do I pay tax?", "When are you there?", "Where is a clinic?"]),
    ],
)
async def test_words_are_found_anywhere(
    session: AsyncSession, projects: World, words: str, expected: list[str]
) -> None:
    await some_answers(session, projects)

    assert await titles(session, projects.south, words) == expected


async def test_pages_follow_one_another(session: AsyncSession, projects: World) -> None:
    await some_answers(session, projects)

    first = await find(session, projects.south, limit=2)
    second = await find(session, projects.south, limit=2, after=first.next)

    assert [answer.title for answer in (*first.answers, *second.answers)] == [
        "Do I pay tax?",
        "When are you there?",
        "Where is a clinic?",
    ]
    assert (first.next is not None, second.next) == (True, None)


async def test_only_what_the_own_project_adopted_is_offered(
    session: AsyncSession, projects: World
) -> None:
    await some_answers(session, projects)

    assert await titles(session, projects.north) == []
    assert await titles(session, projects.elsewhere, "clinic") == []


async def in_dutch(session: AsyncSession, members: Members) -> Release:
    item = await draft_item(session, members.reviewer, answer("When?", "On Tuesdays."), NOW)
    [block] = await blocks_of(session, item.id)
    await add_variant(
        session,
        members.reviewer,
        item.id,
        language="nl",
        title="Wanneer?",
        question="Wanneer zijn jullie er?",
        keywords=["openingstijden"],
        texts={str(block.id): "Op dinsdag."},
        now=NOW,
    )
    await looked_over(session, members, item.id)
    return await release_approved(session, members, item.id, "none")


async def test_the_wanted_language_or_the_source_with_a_warning(
    session: AsyncSession, projects: World
) -> None:
    published = await in_dutch(session, projects.north)
    await take_up(session, projects.south, published)

    shown = {}
    for language in ("nl", "nl-BE", "ro", "en"):
        [found] = (await find(session, projects.south, "tuesdays", language)).answers
        shown[language] = (found.body, found.language, found.other_language)

    assert shown == {
        "nl": ("Op dinsdag.", "nl", False),
        "nl-BE": ("Op dinsdag.", "nl", False),
        "ro": ("On Tuesdays.", "en", True),
        "en": ("On Tuesdays.", "en", False),
    }


async def test_a_stale_translation_says_so(session: AsyncSession, projects: World) -> None:
    published = await in_dutch(session, projects.north)
    item_id = UUID(published.urn.removeprefix("urn:uuid:"))
    [block] = await blocks_of(session, item_id)
    draft = answer("When?", "On Fridays.")
    draft = replace(draft, blocks=[DraftBlock("On Fridays.", id=block.id)])
    await revise_item(session, projects.north.reviewer, item_id, draft, NOW)
    await looked_over(session, projects.north, item_id)
    second = await release_approved(session, projects.north, item_id, "none")
    await take_up(session, projects.south, second)

    [dutch] = (await find(session, projects.south, language="nl")).answers
    [english] = (await find(session, projects.south)).answers

    assert (dutch.body, dutch.stale) == ("Op dinsdag.", True)
    assert (english.body, english.stale) == ("On Fridays.", False)


async def test_a_withdrawn_answer_gives_way_to_what_holds(
    session: AsyncSession, projects: World
) -> None:
    [clinic, when, tax] = await some_answers(session, projects)
    emergency = {"en": "Ask a supervisor.", "nl": "Vraag het de supervisor."}
    await withdraw(session, projects.north, clinic, holds_texts=emergency)

    [found] = (await find(session, projects.south, "clinic", "nl")).answers

    assert (found.body, found.language, found.withdrawn_because, found.number) == (
        "Vraag het de supervisor.",
        "nl",
        "The law has changed.",
        "",
    )
    assert await titles(session, projects.south) == [
        "Do I pay tax?",
        "When are you there?",
        "Where is a clinic?",
    ]
    assert {when.urn, tax.urn}.isdisjoint({found.urn})


async def test_an_overdue_answer_says_so(session: AsyncSession, projects: World) -> None:
    await some_answers(session, projects)

    found = await search_answers(
        session, projects.south.worker, Looked(words="tax"), now=NOW + timedelta(days=365)
    )

    assert [answer.overdue for answer in found.answers] == [True]
