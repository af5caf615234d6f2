"""Canned answers as the asker's project has them in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.adoption.queries import texts_adopted, texts_recalled
from protocols.answer_settings.queries import fallbacks_of, settings_of
from protocols.answer_settings.rules import Settings
from protocols.answers.rules.offered import Answer, Surroundings, answer_in
from protocols.answers.searching import After, Looked, Scope, matching
from protocols.signposts.queries import entries_named_in

PAGE = 50


class Found(NamedTuple):
    """One page of answers; `next` begins the page after it."""

    answers: list[Answer]
    next: After | None


async def search_answers(
    session: AsyncSession,
    asker: Asker,
    looked: Looked,
    *,
    after: After | None = None,
    limit: int = PAGE,
    now: datetime,
) -> Found:
    """Find answers that the asker's project has adopted, by words in any of their languages.

    A withdrawn answer is never given: what holds in its place is, or nothing.
    """
    settings = await settings_of(session, asker.project_id)
    recalled = await texts_recalled(session, asker.project_id, "answer")
    scope = Scope(asker.project_id, looked, settings, recalled)
    rows, loosely = await matching(session, scope, after, limit + 1)
    urns = [row.urn for row in rows[:limit]]
    answers = await _offered(session, asker, urns, looked.language, settings, now)
    if len(rows) <= limit:
        return Found(answers, None)
    return Found(answers, After(loosely, rows[limit - 1].place, rows[limit - 1].release))


async def answers_named(
    session: AsyncSession, asker: Asker, urns: Sequence[str], language: str, now: datetime
) -> list[Answer]:
    """Give some answers of the asker's project, in the order in which they are named."""
    settings = await settings_of(session, asker.project_id)
    return await _offered(session, asker, urns, language, settings, now)


async def _offered(
    session: AsyncSession,
    asker: Asker,
    urns: Sequence[str],
    language: str,
    settings: Settings,
    now: datetime,
) -> list[Answer]:
    if not urns:
        return []
    rule = settings.fallback
    own_rules = await fallbacks_of(session, asker.project_id, urns)
    texts = {
        text.urn: text
        for text in await texts_adopted(session, asker.project_id, urns)
        if text.facts is not None and text.facts.kind == "answer"
    }
    entries = await entries_named_in(session, asker.project_id, texts.values())
    offered = [
        answer_in(texts[urn], language, Surroundings(entries, own_rules.get(urn, rule), now.date()))
        for urn in urns
        if urn in texts
    ]
    return [answer for answer in offered if answer is not None]


async def answer_of(
    session: AsyncSession, asker: Asker, urn: str, language: str, now: datetime
) -> Answer:
    """Give one answer as it holds at this moment for the asker's project."""
    found = await answers_named(session, asker, [urn], language, now)
    if not found:
        raise NotFound
    return found[0]
