"""Canned answers as the asker's project has them in force."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.adoption.queries import texts_adopted, texts_recalled
from protocols.answer_settings.queries import settings_of
from protocols.answer_settings.rules import Settings
from protocols.answers.rules.offered import Answer, Surroundings, answer_in
from protocols.answers.searching import After, Looked, Scope, matching
from protocols.signposts.queries import entries_named_in

PAGE = 50


class Found(NamedTuple):
    """One page of answers; `next` begins the page after it. `beside` are those that were named.

    `languages` are those of the project, in which somebody may look.
    """

    answers: list[Answer]
    next: After | None
    beside: Mapping[str, Answer]
    languages: Sequence[str]


async def search_answers(
    session: AsyncSession,
    asker: Asker,
    looked: Looked,
    *,
    after: After | None = None,
    limit: int = PAGE,
    beside: Sequence[str] = (),
    now: datetime,
) -> Found:
    """Find answers that the asker's project has adopted, by words in any of their languages.

    A withdrawn answer is never given: what holds in its place is, or nothing. `beside` names
    answers that are wanted in any case.
    """
    settings = await settings_of(session, asker.project_id)
    recalled = await texts_recalled(session, asker.project_id, "answer")
    scope = Scope(asker.project_id, looked, settings, recalled)
    rows, loosely = await matching(session, scope, after, limit + 1)
    urns = [row.urn for row in rows[:limit]]
    offered = await _offered(session, asker, [*urns, *beside], looked.language, settings, now)
    answers = [offered[urn] for urn in urns if urn in offered]
    named = {urn: offered[urn] for urn in beside if urn in offered}
    if len(rows) <= limit:
        return Found(answers, None, named, settings.languages)
    reached = After(loosely, rows[limit - 1].place, rows[limit - 1].release)
    return Found(answers, reached, named, settings.languages)


async def answers_named(
    session: AsyncSession, asker: Asker, urns: Sequence[str], language: str, now: datetime
) -> list[Answer]:
    """Give some answers of the asker's project, in the order in which they are named."""
    settings = await settings_of(session, asker.project_id)
    offered = await _offered(session, asker, urns, language, settings, now)
    return [offered[urn] for urn in urns if urn in offered]


async def _offered(
    session: AsyncSession,
    asker: Asker,
    urns: Sequence[str],
    language: str,
    settings: Settings,
    now: datetime,
) -> dict[str, Answer]:
    if not urns:
        return {}
    rule = settings.fallback
    texts = {
        text.urn: text
        for text in await texts_adopted(session, asker.project_id, urns)
        if text.facts is not None and text.facts.kind == "answer"
    }
    entries = await entries_named_in(session, asker.project_id, texts.values())
    offered = {
        urn: answer_in(
            text, language, Surroundings(entries, settings.own.get(urn, rule), now.date())
        )
        for urn, text in texts.items()
    }
    return {urn: answer for urn, answer in offered.items() if answer is not None}


async def answer_with_rules(
    session: AsyncSession, asker: Asker, urn: str, language: str, now: datetime
) -> tuple[Answer, Settings]:
    """Give one answer as it holds at this moment for the asker's project, and the rules for it."""
    settings = await settings_of(session, asker.project_id)
    found = await _offered(session, asker, [urn], language, settings, now)
    if urn not in found:
        raise NotFound
    return found[urn], settings


async def answer_of(
    session: AsyncSession, asker: Asker, urn: str, language: str, now: datetime
) -> Answer:
    """Give one answer as it holds at this moment for the asker's project."""
    answer, _ = await answer_with_rules(session, asker, urn, language, now)
    return answer
