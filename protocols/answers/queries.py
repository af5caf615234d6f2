from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from protocols.adoption.models import Adoption
from protocols.adoption.queries import texts_recalled
from protocols.adoption.rules import InForce
from protocols.answers.rules import Answer, Standing, answer_in
from protocols.releases.models import Release, ReleaseText
from protocols.releases.rules import read_manifest

SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")
PAGE = 50


class Found(NamedTuple):
    """One page of answers; `next` begins the page after it."""

    answers: list[Answer]
    next: int | None


async def search_answers(
    session: AsyncSession,
    asker: Asker,
    *,
    words: str = "",
    language: str = "en",
    start: int = 0,
    limit: int = PAGE,
    now: datetime,
) -> Found:
    """Find answers that the asker's project has adopted, by words in any of their languages.

    A withdrawn answer is never given: what holds in its place is, or nothing.
    """
    recalled = {
        text.urn: text for text in await texts_recalled(session, asker.project_id, "answer")
    }
    query = _matching(asker.project_id, words, recalled).offset(start).limit(limit + 1)
    ids = list(await session.scalars(query))
    rows = await _releases(session, asker.project_id, ids[:limit])
    answers = [
        answer_in(
            read_manifest(manifest),
            language,
            _standing(recalled.get(urn), values),
            today=now.date(),
        )
        for urn, manifest, values in (rows[release_id] for release_id in ids[:limit])
    ]
    return Found(answers, start + limit if len(ids) > limit else None)


def _matching(project_id: UUID, words: str, recalled: dict[str, InForce]) -> Select[UUID]:
    adopted = select(Adoption.release_id).where(
        Adoption.project_id == project_id, Adoption.urn.not_in(recalled)
    )
    query = (
        select(ReleaseText.release_id)
        .join(Release, Release.id == ReleaseText.release_id)
        .where(
            Release.kind == "answer",
            or_(
                ReleaseText.release_id.in_(adopted),
                ReleaseText.release_id.in_(list(_in_their_place(recalled))),
            ),
        )
        .group_by(ReleaseText.release_id)
    )
    if not words.strip():
        return query.order_by(func.min(ReleaseText.title), ReleaseText.release_id)
    asked = func.websearch_to_tsquery(SIMPLE, words)
    keywords = func.array_to_string(ReleaseText.keywords, " ")
    columns = (ReleaseText.title, ReleaseText.question, ReleaseText.body, keywords)
    rank = func.max(func.ts_rank(ReleaseText.search, asked))
    return query.where(
        or_(
            ReleaseText.search.op("@@")(asked),
            *(column.icontains(words.strip(), autoescape=True) for column in columns),
        )
    ).order_by(rank.desc(), ReleaseText.release_id)


def _in_their_place(recalled: dict[str, InForce]) -> Iterator[UUID]:
    for text in recalled.values():
        if text.manifest is not None:
            yield text.manifest.release
        elif text.emergency is not None and text.locked is not None:
            yield text.locked.release


def _standing(text: InForce | None, values: dict[str, str]) -> Standing:
    if text is None:
        return Standing(values)
    return Standing(values, text.emergency, text.withdrawn_because)


async def _releases(
    session: AsyncSession, project_id: UUID, release_ids: Collection[UUID]
) -> dict[UUID, tuple[str, bytes, dict[str, str]]]:
    query = (
        select(Release.id, Release.urn, Release.manifest, Adoption.values)
        .join(Adoption, Adoption.urn == Release.urn)
        .where(Release.id.in_(release_ids), Adoption.project_id == project_id)
    )
    return {row.id: (row.urn, row.manifest, row.values) for row in await session.execute(query)}
