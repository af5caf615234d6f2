"""Which answers are looked for: one statement, by indexes, however many there are."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.answer_settings.models import AnswerFallback
from protocols.answer_settings.rules import Settings
from protocols.releases.models import ReleaseText
from protocols.search_words.queries import asked_for

MOST_RANKED = 1000
"""Who asks for what more wordings say than these is shown the best of this many."""


class After(NamedTuple):
    """Where a page ended: how its search was done, and the last answer's place and release."""

    loosely: bool
    place: float | str
    release: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What somebody looks for; without words, everything by its title."""

    words: str = ""
    language: str = "en"
    channel: str | None = None
    jurisdiction: str | None = None


class Row(NamedTuple):
    """An answer that was found, and its place in the order."""

    release: UUID
    urn: str
    place: float | str


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which answers is looked."""

    project_id: UUID
    looked: Looked
    settings: Settings
    recalled: Collection[InForce]

    def among(self) -> ColumnElement[bool]:
        """State it over ReleaseText."""
        looked = self.looked
        conditions = [ReleaseText.kind == "answer", self._in_force()]
        if self.settings.some_hidden or self.settings.fallback == "hide":
            conditions.append(self._not_hidden())
        if looked.jurisdiction:
            conditions.append(ReleaseText.jurisdictions.contains([looked.jurisdiction]))
        if looked.channel:
            anywhere = func.cardinality(ReleaseText.channels) == 0
            conditions.append(or_(anywhere, ReleaseText.channels.contains([looked.channel])))
        return and_(*conditions)

    def _in_force(self) -> ColumnElement[bool]:
        adopted = exists().where(
            Adoption.project_id == self.project_id,
            Adoption.release_id == ReleaseText.release_id,
        )
        if not self.recalled:
            return adopted
        sound = and_(adopted, ReleaseText.urn.not_in([text.urn for text in self.recalled]))
        return or_(sound, ReleaseText.release_id.in_(list(_in_their_place(self.recalled))))

    def _not_hidden(self) -> ColumnElement[bool]:
        """Leave out what has no current wording in the language, where the project wants that."""
        wanted = self.looked.language
        spoken = aliased(ReleaseText)
        current = exists().where(
            spoken.release_id == ReleaseText.release_id,
            spoken.language.in_({wanted, wanted.split("-", maxsplit=1)[0]}),
            spoken.stale.is_(False),
        )
        chosen = select(AnswerFallback.fallback).where(
            AnswerFallback.project_id == self.project_id, AnswerFallback.urn == ReleaseText.urn
        )
        rule = func.coalesce(chosen.scalar_subquery(), self.settings.fallback)
        return or_(rule != "hide", ReleaseText.is_safety.is_(True), current)


async def matching(
    session: AsyncSession, scope: Scope, after: After | None, limit: int
) -> tuple[list[Row], bool]:
    """Give one page, and whether it was looked for one of the words instead of for all of them."""
    if not scope.looked.words.strip():
        return await _page(session, _by_title(scope, after), limit), False
    languages = [scope.looked.language, *scope.settings.languages]
    asked = await asked_for(session, scope.looked.words, languages)
    if asked is None:
        return [], False
    if after is None or not after.loosely:
        rows = await _page(session, _by_words(scope, asked.exactly, asked.nearly, after), limit)
        if rows or after is not None or asked.words == 1:
            return rows, False
    return await _page(session, _by_words(scope, asked.exactly, asked.loosely, after), limit), True


def _by_title(scope: Scope, after: After | None) -> Select[UUID, str, str]:
    query = (
        select(ReleaseText.release_id, ReleaseText.urn, ReleaseText.title)
        .where(ReleaseText.is_source.is_(True), scope.among())
        .order_by(ReleaseText.title, ReleaseText.release_id)
    )
    if after is None:
        return query
    reached = tuple_(ReleaseText.title, ReleaseText.release_id)
    return query.where(reached > (str(after.place), after.release))


def _by_words(scope: Scope, exactly: str, wanted: str, after: After | None) -> Select[Any]:
    """Put first what has the words as they were typed, then what ranks higher for them.

    What is asked for stands in a row of its own, so that the plan does not depend on it: reading
    every text is never quicker than the index, but PostgreSQL thinks so where a word is common.
    """
    asked = (
        select(
            cast(literal(wanted), TSQUERY).label("wanted"),
            cast(literal(exactly), TSQUERY).label("exactly"),
        )
        .offset(0)
        .subquery("asked")
    )
    words = ReleaseText.words
    as_typed = words.op("@@", return_type=Boolean())(asked.c.exactly)
    score = cast(cast(as_typed, Integer), Double) + cast(
        func.ts_rank(words, asked.c.wanted), Double
    )
    hit = (
        select(ReleaseText.release_id, ReleaseText.urn, score.label("score"))
        .join(asked, words.op("@@", return_type=Boolean())(asked.c.wanted))
        .where(scope.among())
        .limit(MOST_RANKED)
        .subquery("hit")
    )
    place = func.max(hit.c.score).label("place")
    found = select(hit.c.release_id, hit.c.urn, place).group_by(hit.c.release_id, hit.c.urn)
    best = found.subquery("best")
    query = select(*best.c).order_by(best.c.place.desc(), best.c.release_id)
    if after is None:
        return query
    reached = float(after.place)
    further = and_(best.c.place == reached, best.c.release_id > after.release)
    return query.where(or_(best.c.place < reached, further))


async def _page(
    session: AsyncSession, query: Select[UUID, str, str] | Select[Any], limit: int
) -> list[Row]:
    return [Row(*row) for row in await session.execute(query.limit(limit))]


def _in_their_place(recalled: Collection[InForce]) -> Iterator[UUID]:
    for text in recalled:
        if text.manifest is not None:
            yield text.manifest.release
        elif text.emergency is not None and text.locked is not None:
            yield text.locked.release
