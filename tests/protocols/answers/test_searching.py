"""Searching in each language, with slips of the finger, by indexes, page after page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from benchmarks.answers import library
from federation.errors import NotAllowed, NotFound
from federation.projects.models import Project
from protocols.answer_settings.actions import set_answer_rules, set_fallback
from protocols.answer_settings.errors import WrongAnswerSetting
from protocols.answer_settings.queries import settings_of
from protocols.answers.queries import search_answers
from protocols.answers.searching import Looked
from protocols.items.actions import add_variant, draft_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftBlock
from protocols.releases.models import Release, ReleaseText
from protocols.releases.searching import spread_out_again
from protocols.search_words.models import SearchWord
from protocols.search_words.rules import CONFIGURATIONS, MOST_BEGUN, configuration
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    answer,
    looked_over,
    release_approved,
    released,
    take_up,
)


async def found(
    session: AsyncSession, members: Members, words: str, language: str = "en", **more: Any
) -> list[str]:
    looked = Looked(words=words, language=language, **more)
    page = await search_answers(session, members.worker, looked, now=NOW)
    return [answer.title for answer in page.answers]


async def adopted(session: AsyncSession, members: Members, *drafts: Any) -> list[Release]:
    releases = [await released(session, members, draft, "none") for draft in drafts]
    for release in releases:
        await take_up(session, members, release)
    return releases


async def translated(
    session: AsyncSession, members: Members, language: str, title: str, body: str, **facts: Any
) -> Release:
    draft = replace(answer("Which clinic?", "Any clinic."), **facts)
    item = await draft_item(session, members.reviewer, draft, NOW)
    [block] = await blocks_of(session, item.id)
    await add_variant(
        session,
        members.reviewer,
        item.id,
        language=language,
        title=title,
        question=title,
        texts={str(block.id): body},
        now=NOW,
    )
    await looked_over(session, members, item.id)
    release = await release_approved(session, members, item.id, "none")
    await take_up(session, members, release)
    return release


async def test_postgresql_knows_every_language_that_we_name(session: AsyncSession) -> None:
    known = set(await session.scalars(text("SELECT cfgname FROM pg_ts_config")))

    assert {*CONFIGURATIONS.values(), "simple"} - known == set()
    assert [configuration(tag) for tag in ("nl-BE", "EN", "rom")] == ["dutch", "english", "simple"]


@pytest.mark.parametrize(
    ("language", "title", "body", "typed"),
    [
        ("nl", "Waar kan ik heen?", "De klinieken zijn gratis.", "kliniek"),
        ("nl", "Waar kan ik heen?", "De klinieken zijn gratis.", "kliniken"),
        ("ro", "Unde pot merge?", "Întreabă la clinică despre locuință.", "locuinta"),
        ("ro", "Unde pot merge?", "Întreabă la clinică despre locuințe.", "locuinte"),
        ("ro", "Unde pot merge?", "Întreabă la clinică despre locuință.", "locuimta"),
        ("ro", "Cât costă?", "Plătesc o dată.", "plăti"),
        ("ro", "Cât costă?", "Plătesc o dată.", "plati"),
        ("ro", "Cât costă?", "Despre sănătății.", "sanatate"),
        ("pl", "Ile to?", "Dwa złote.", "zlote"),
        ("pl", "Ile to?", "Dwa złote.", "ZŁOTE"),
        ("bg", "Къде да отида?", "Попитайте в клиниката.", "клиниката"),
        ("bg", "Къде да отида?", "Попитайте в клиниката.", "клиникта"),
        ("rom", "Kaj te dzav?", "Puch andi klinika.", "klinka"),
    ],
)
async def test_a_wording_is_found_in_its_own_language(
    session: AsyncSession, projects: World, language: str, title: str, body: str, typed: str
) -> None:
    await translated(session, projects.north, language, title, body)

    assert await found(session, projects.north, typed, language) == [title]
    assert await found(session, projects.elsewhere, typed, language) == []


@pytest.mark.parametrize(
    "typed",
    ["benefit", "benfits", "bennefits", "beneftis", "BENEFITS", "claiming", "cliam", "ebnefits"],
)
async def test_an_answer_is_found_by_other_forms_and_mistyped_words(
    session: AsyncSession, projects: World, typed: str
) -> None:
    draft = answer("Can I have benefits?", "You may claim them while you work.")
    await adopted(session, projects.north, draft, answer("Do I pay tax?", "Everybody does."))

    assert await found(session, projects.north, typed) == ["Can I have benefits?"]


@pytest.mark.parametrize("typed", ["sti", "STIs", "hvi", "HIV"])
async def test_a_short_word_is_found_with_a_slip_or_as_several(
    session: AsyncSession, projects: World, typed: str
) -> None:
    draft = answer("Where can I have an STI test?", "Clinics test for HIV, too.")
    await adopted(session, projects.north, draft, answer("Do I pay tax?", "Everybody does."))

    assert await found(session, projects.north, typed) == ["Where can I have an STI test?"]


async def test_what_was_typed_comes_before_what_may_have_been_meant(
    session: AsyncSession, projects: World
) -> None:
    await adopted(
        session,
        projects.north,
        answer("A house", "A house and a house, house by house."),
        answer("A mouse", "There is a mouse."),
    )

    assert await found(session, projects.north, "mouse") == ["A mouse", "A house"]


@pytest.mark.parametrize("many", [MOST_BEGUN - 1, MOST_BEGUN, MOST_BEGUN + 1])
async def test_what_begins_with_what_was_typed_is_found_however_many_such_words_there_are(
    session: AsyncSession, projects: World, many: int
) -> None:
    words = [f"tax{chr(ord('a') + number)}ble" for number in range(many)]
    await adopted(session, projects.north, *(answer(word, "Go.") for word in ["tax 7", *words]))
    await adopted(session, projects.north, answer("Of 1977", "A syntax."))

    assert sorted(await found(session, projects.north, "Tax")) == ["tax 7", *words]
    assert await found(session, projects.north, "197") == ["Of 1977"]
    assert await found(session, projects.north, "s") == ["Of 1977"]


async def test_a_question_is_found_without_its_exact_words(
    session: AsyncSession, projects: World
) -> None:
    """chatwoot#1886: an answer that needs its exact keyword is not found when it is needed."""
    await adopted(session, projects.north, answer("Where is a clinic?", "Clinics are free."))

    typed = "where on earth could somebody find clinics"

    assert await found(session, projects.north, typed) == ["Where is a clinic?"]


async def test_answers_are_found_by_channel_and_jurisdiction(
    session: AsyncSession, projects: World
) -> None:
    scots = replace(answer("Scotland", "The law."), jurisdictions=["scotland"], channels=[])
    chat = answer("England", "The law.")
    await adopted(session, projects.north, scots, chat)

    assert await found(session, projects.north, "law", jurisdiction="scotland") == ["Scotland"]
    assert await found(session, projects.north, "", jurisdiction="england") == ["England"]
    assert await found(session, projects.north, "law", channel="forum") == ["Scotland"]
    assert sorted(await found(session, projects.north, "", channel="live-chat")) == [
        "England",
        "Scotland",
    ]


async def rule(session: AsyncSession, members: Members, fallback: str) -> None:
    await set_answer_rules(session, members.coordinator, fallback=fallback, sms_segments=3, now=NOW)


async def test_a_project_may_hide_what_lacks_a_language(
    session: AsyncSession, projects: World
) -> None:
    await translated(session, projects.north, "nl", "Welke kliniek?", "Elke kliniek.")
    await adopted(session, projects.north, answer("Which clinic is open?", "None."))
    await rule(session, projects.north, "hide")

    assert await found(session, projects.north, "clinic", "nl") == ["Welke kliniek?"]
    assert await found(session, projects.north, "", "nl-BE") == ["Welke kliniek?"]
    assert await found(session, projects.north, "clinic", "ro") == []


async def test_one_answer_may_have_a_rule_of_its_own(
    session: AsyncSession, projects: World
) -> None:
    [hidden] = await adopted(session, projects.north, answer("Clinic one", "Here."))
    await adopted(session, projects.north, answer("Clinic two", "There."))
    await set_fallback(session, projects.north.coordinator, hidden.urn, "hide", NOW)

    assert await found(session, projects.north, "clinic", "nl") == ["Clinic two"]

    await set_fallback(session, projects.north.coordinator, hidden.urn, None, NOW)

    assert sorted(await found(session, projects.north, "clinic", "nl")) == [
        "Clinic one",
        "Clinic two",
    ]


async def test_what_safety_depends_on_is_never_hidden(
    session: AsyncSession, projects: World
) -> None:
    draft = replace(answer("In danger", "Ring 999."), blocks=[DraftBlock("Ring 999.", locked=True)])
    await adopted(session, projects.north, draft)
    await rule(session, projects.north, "hide")

    assert await found(session, projects.north, "danger", "ro") == ["In danger"]


async def test_every_answer_is_on_one_page_only(session: AsyncSession, projects: World) -> None:
    drafts = [answer(f"Clinic {'clinic ' * (number % 3)}{number}", "Go.") for number in range(7)]
    await adopted(session, projects.north, *drafts)
    for words in ("clinic", "clinic unheard", "clnic", ""):
        looked, seen, after = Looked(words=words), [], None
        for _ in range(4):
            page = await search_answers(
                session, projects.north.worker, looked, after=after, limit=2, now=NOW
            )
            seen += [answer.title for answer in page.answers]
            after = page.next

        assert after is None
        assert sorted(seen) == sorted(draft.title for draft in drafts)


async def test_what_an_older_program_released_is_spread_out_later(
    session: AsyncSession, projects: World
) -> None:
    await adopted(session, projects.north, answer("Benefits", "You may claim them."))
    new = ("words", "kind", "is_source", "is_safety", "jurisdictions", "channels", "read_by")
    await session.execute(update(ReleaseText).values(dict.fromkeys(new)))
    await session.execute(delete(SearchWord))
    assert await found(session, projects.north, "benfits") == []

    assert await spread_out_again(session) is False

    assert await found(session, projects.north, "benfits") == ["Benefits"]
    assert await found(session, projects.north, "") == ["Benefits"]


@contextmanager
def statements(session: AsyncSession) -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to PostgreSQL."""
    sent: list[tuple[str, Any]] = []
    connection: Connection = session.sync_session.connection()

    def collect(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", collect)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", collect)


async def test_more_answers_need_no_more_statements(session: AsyncSession, projects: World) -> None:
    counts = []
    for number in range(3):
        await adopted(session, projects.north, answer(f"Clinic {number}", "Go."))
        await session.flush()
        with statements(session) as sent:
            assert len(await found(session, projects.north, "clinc")) == number + 1
        counts.append(len(sent))

    assert counts == [6, 6, 6]


async def test_searches_go_by_indexes(committing_engine: AsyncEngine) -> None:
    asker = await library(committing_engine, 1500, NOW)
    plans = []
    async with AsyncSession(committing_engine) as session:
        for words in ("clinc", "help", ""):
            with statements(session) as sent:
                await search_answers(session, asker, Looked(words=words), limit=20, now=NOW)
            for statement, parameters in sent:
                if INDEXED.search(statement):
                    plans.append(await session.run_sync(explained, statement, parameters))

    assert [[word for word in plan if word.startswith("ix_")] for plan in plans] == [
        ["ix_search_word_spelt"],
        ["ix_search_word_spelt"],
        2 * ["ix_release_text_words", "ix_adoption_project_id_release_id"],
        ["ix_search_word_spelt"],
        ["ix_search_word_spelt"],
        2 * ["ix_release_text_words", "ix_adoption_project_id_release_id"],
        ["ix_release_text_listed", "ix_adoption_project_id_release_id"],
    ]


INDEXED = re.compile("FROM (release_text|search_word)")


def explained(session: Any, statement: str, parameters: Any) -> list[str]:
    rows = session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return " ".join(row[0] for row in rows).split()


async def test_another_project_may_not_set_rules_and_a_worker_neither(
    session: AsyncSession, projects: World
) -> None:
    [theirs] = await adopted(session, projects.north, answer("Clinic", "Go."))
    with pytest.raises(NotAllowed):
        await set_answer_rules(
            session, projects.north.worker, fallback="hide", sms_segments=1, now=NOW
        )
    with pytest.raises(NotFound):
        await set_fallback(session, projects.elsewhere.coordinator, theirs.urn, "hide", NOW)
    for fallback, segments in (("guess", 3), ("hide", 0), ("hide", 11)):
        with pytest.raises(WrongAnswerSetting):
            await set_answer_rules(
                session,
                projects.north.coordinator,
                fallback=fallback,
                sms_segments=segments,
                now=NOW,
            )

    kept = await settings_of(session, projects.north.project)
    languages = await session.scalar(
        select(Project.languages).where(Project.id == projects.north.project)
    )
    assert (kept.fallback, kept.sms_segments, kept.some_hidden) == ("warn", 3, False)
    assert list(kept.languages) == languages
