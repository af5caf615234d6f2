"""Which answers are looked for: one statement, by indexes, however many there are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.answer_settings.models import AnswerFallback
from protocols.answer_settings.rules import Settings
from protocols.releases.models import ReleaseText
from protocols.search_words.queries import asked_for

MOST_RANKED = 500
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

    @property
    def shape(self) -> "_Shape":
        """Tell which conditions there are, whatever they are compared with."""
        return _Shape(
            hiding=self.settings.some_hidden or self.settings.fallback == "hide",
            recalled=bool(self.recalled),
            jurisdiction=bool(self.looked.jurisdiction),
            channel=bool(self.looked.channel),
        )

    @property
    def compared(self) -> dict[str, object]:
        """Give what the conditions of any shape are compared with."""
        wanted = self.looked.language
        return {
            "project": self.project_id,
            "recalled": [text.urn for text in self.recalled],
            "instead": list(_in_their_place(self.recalled)),
            "jurisdictions": [self.looked.jurisdiction],
            "channels": [self.looked.channel],
            "spoken": sorted({wanted, wanted.split("-", maxsplit=1)[0]}),
            "fallback": self.settings.fallback,
        }


class _Shape(NamedTuple):
    hiding: bool
    recalled: bool
    jurisdiction: bool
    channel: bool

    def among(self) -> ColumnElement[bool]:
        """State over ReleaseText among which answers is looked."""
        conditions = [ReleaseText.kind == "answer", self._in_force()]
        if self.hiding:
            conditions.append(_not_hidden())
        if self.jurisdiction:
            wanted = bindparam("jurisdictions", type_=ARRAY(Text()))
            conditions.append(ReleaseText.jurisdictions.contains(wanted))
        if self.channel:
            anywhere = func.cardinality(ReleaseText.channels) == 0
            there = ReleaseText.channels.contains(bindparam("channels", type_=ARRAY(Text())))
            conditions.append(or_(anywhere, there))
        return and_(*conditions)

    def _in_force(self) -> ColumnElement[bool]:
        adopted = exists().where(
            Adoption.project_id == bindparam("project"),
            Adoption.release_id == ReleaseText.release_id,
        )
        if not self.recalled:
            return adopted
        sound = and_(adopted, ReleaseText.urn.not_in(bindparam("recalled", expanding=True)))
        return or_(sound, ReleaseText.release_id.in_(bindparam("instead", expanding=True)))


def _not_hidden() -> ColumnElement[bool]:
    """Leave out what has no current wording in the language, where the project wants that."""
    spoken = aliased(ReleaseText)
    current = exists().where(
        spoken.release_id == ReleaseText.release_id,
        spoken.language.in_(bindparam("spoken", expanding=True)),
        spoken.stale.is_(False),
    )
    chosen = select(AnswerFallback.fallback).where(
        AnswerFallback.project_id == bindparam("project"), AnswerFallback.urn == ReleaseText.urn
    )
    rule = func.coalesce(chosen.scalar_subquery(), bindparam("fallback", type_=Text()))
    return or_(rule != "hide", ReleaseText.is_safety.is_(True), current)


async def matching(
    session: AsyncSession, scope: Scope, after: After | None, limit: int
) -> tuple[list[Row], bool]:
    """Give one page, and whether it was looked for one of the words instead of for all of them."""
    paging = scope.compared | {"most": limit}
    if after is not None:
        paging |= {"place": after.place, "reached": after.release}
    if not scope.looked.words.strip():
        titles = _by_title(scope.shape, further=after is not None)
        return await _page(session, titles, paging), False
    languages = [scope.looked.language, *scope.settings.languages]
    asked = await asked_for(session, scope.looked.words, languages)
    if asked is None:
        return [], False
    paging |= {"exactly": asked.exactly, "nearly": asked.nearly, "loosely": asked.loosely}
    if after is not None:
        query = _further(scope.shape, loosely=after.loosely)
        return await _page(session, query, paging), after.loosely
    found = (await session.execute(_by_words(scope.shape), paging)).all()
    return [Row(*row) for *row, _ in found], any(loosely for *_, loosely in found)


@cache
def _by_title(shape: _Shape, *, further: bool) -> Select[UUID, str, str]:
    query = (
        select(ReleaseText.release_id, ReleaseText.urn, ReleaseText.title)
        .where(ReleaseText.is_source.is_(True), shape.among())
        .order_by(ReleaseText.title, ReleaseText.release_id)
        .limit(bindparam("most", type_=Integer()))
    )
    if not further:
        return query
    reached = tuple_(bindparam("place", type_=Text()), bindparam("reached", type_=Uuid()))
    return query.where(tuple_(ReleaseText.title, ReleaseText.release_id) > reached)


@cache
def _by_words(shape: _Shape) -> Select[Any]:
    """Give the first page: what has one of the words where nothing has all of them."""
    near = _best(shape, "nearly").cte("near")
    loose = _best(shape, "loosely").subquery("loose")
    instead = select(*loose.c, true()).where(~exists(select(near.c.urn)))
    found = union_all(select(*near.c, false().label("loosely")), instead).subquery("found")
    return select(*found.c).order_by(found.c.place.desc(), found.c.release_id)


@cache
def _further(shape: _Shape, *, loosely: bool) -> Select[Any]:
    return _best(shape, "loosely" if loosely else "nearly", further=True)


def _best(shape: _Shape, wanted: str, *, further: bool = False) -> Select[Any]:
    """Put first what has the words as they were typed, then what ranks higher for them.

    What is asked for stands in a row of its own, so that the plan does not depend on it: reading
    every text is never quicker than the index, but PostgreSQL thinks so where a word is common.
    """
    asked = (
        select(
            cast(bindparam(wanted), TSQUERY).label("wanted"),
            cast(bindparam("exactly"), TSQUERY).label("exactly"),
        )
        .offset(0)
        .subquery("asked")
    )
    words = ReleaseText.words
    has_them = cast(words.op("@@", return_type=Boolean())(asked.c.exactly), Integer)
    as_typed = case((asked.c.exactly == asked.c.wanted, 1), else_=has_them)
    score = cast(as_typed, Double) + cast(func.ts_rank(words, asked.c.wanted), Double)
    hit = (
        select(ReleaseText.release_id, ReleaseText.urn, score.label("score"))
        .join(asked, words.op("@@", return_type=Boolean())(asked.c.wanted))
        .where(shape.among())
        .limit(MOST_RANKED)
        .subquery("hit")
    )
    place = func.max(hit.c.score).label("place")
    found = select(hit.c.release_id, hit.c.urn, place).group_by(hit.c.release_id, hit.c.urn)
    best = found.subquery("best")
    query = select(*best.c).order_by(best.c.place.desc(), best.c.release_id)
    query = query.limit(bindparam("most", type_=Integer()))
    if not further:
        return query
    place_reached = cast(bindparam("place"), Double)
    after_it = and_(best.c.place == place_reached, best.c.release_id > bindparam("reached"))
    return query.where(or_(best.c.place < place_reached, after_it))


async def _page(
    session: AsyncSession,
    query: Select[UUID, str, str] | Select[Any],
    compared: Mapping[str, object],
) -> list[Row]:
    return [Row(*row) for row in await session.execute(query, compared)]


def _in_their_place(recalled: Collection[InForce]) -> Iterator[UUID]:
    for text in recalled:
        if text.manifest is not None:
            yield text.manifest.release
        elif text.emergency is not None and text.locked is not None:
            yield text.locked.release
