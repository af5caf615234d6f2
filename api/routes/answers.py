"""Canned answers, found by words in any of their languages."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import Language, item_of
from protocols.answers.queries import search_answers
from protocols.answers.rules import Answer
from protocols.releases.rules import Gap

Words = Annotated[
    str, QueryParameter(name="q", max_length=200, description="Words to look for; none lists all.")
]
Start = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class GapAnswer(msgspec.Struct, frozen=True):
    """Something that whoever sends the answer fills in: `{{name}}` in its text."""

    name: str
    type: str
    example: str


class CannedAnswer(msgspec.Struct, frozen=True):
    """An answer in one language, with the project's own values in it.

    `other_language` and `stale` are warnings; `use_limits` say where it may be used at all.
    """

    id: UUID
    number: str
    title: str
    question: str
    text: str
    keywords: list[str]
    language: str
    languages: list[str]
    other_language: bool
    stale: bool
    review_overdue: bool
    withdrawn_because: str | None
    use_limits: list[str]
    channels: list[str]
    jurisdictions: list[str]
    to_fill: list[GapAnswer]


@get("/answers", tags=["answers"], summary="Find canned answers")
async def find_answers(
    session: Session,
    asker: Signed,
    now: Now,
    words: Words = "",
    language: Language = "en",
    cursor: FromQuery[str | None] = None,
) -> Page[CannedAnswer]:
    """Find answers that your project has adopted, in the language asked for or in their source."""
    found = await search_answers(
        session, asker, words=words, language=language, start=_read(cursor), now=now
    )
    return Page(
        items=[_answer(answer) for answer in found.answers],
        next=None if found.next is None else _write(found.next),
    )


def _write(start: int) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(start)).decode()


def _read(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return msgspec.msgpack.decode(urlsafe_b64decode(cursor), type=Start)
    except ValueError as error:
        raise InvalidRequest("cursor", "is not one that this list gave.") from error


def _gap(gap: Gap) -> GapAnswer:
    return GapAnswer(gap.name, gap.type, gap.example)


def _answer(answer: Answer) -> CannedAnswer:
    return CannedAnswer(
        id=item_of(answer.urn),
        number=answer.number,
        title=answer.title,
        question=answer.question,
        text=answer.body,
        keywords=answer.keywords,
        language=answer.language,
        languages=answer.languages,
        other_language=answer.other_language,
        stale=answer.stale,
        review_overdue=answer.overdue,
        withdrawn_because=answer.withdrawn_because,
        use_limits=answer.use_limits,
        channels=answer.channels,
        jurisdictions=answer.jurisdictions,
        to_fill=[_gap(gap) for gap in answer.asks_worker],
    )
