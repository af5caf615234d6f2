"""Canned answers, found by words in any of their languages."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery, QueryParameter

from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.claims import ReasonAnswer
from api.routes.pages_of import Page
from api.routes.protocols import Language, item_of
from protocols.answers.queries import search_answers
from protocols.answers.rules.offered import Answer
from protocols.answers.searching import After, Looked
from protocols.releases.rules import Gap

Words = Annotated[
    str, QueryParameter(name="q", max_length=200, description="Words to look for; none lists all.")
]
Channel = Annotated[
    str | None, QueryParameter(name="channel", max_length=100, description="Such as live-chat.")
]
Jurisdiction = Annotated[
    str | None, QueryParameter(name="jurisdiction", max_length=100, description="Such as scotland.")
]


class GapAnswer(msgspec.Struct, frozen=True):
    """Something that whoever sends the answer fills in: `{{name}}` in its text."""

    name: str
    type: str
    example: str


class CannedAnswer(msgspec.Struct, frozen=True):
    """An answer in one language, with the project's own values in it.

    `other_language` and `stale` are warnings; `use_limits` say where it may be used at all.
    Who copies it sends the `fingerprint` of these very words along.
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
    blocked: list[ReasonAnswer]
    fingerprint: str


@get("/answers", tags=["answers"], summary="Find canned answers")
async def find_answers(
    session: Session,
    asker: Signed,
    now: Now,
    words: Words = "",
    language: Language = "en",
    channel: Channel = None,
    jurisdiction: Jurisdiction = None,
    cursor: FromQuery[str | None] = None,
) -> Page[CannedAnswer]:
    """Find answers that your project has adopted, in the language asked for or in their source.

    Words are found in any of their forms, without accents and with a slip of a finger. What is in
    `blocked` keeps an answer from being used: a service that it names is gone, for example.
    """
    looked = Looked(words=words, language=language, channel=channel, jurisdiction=jurisdiction)
    found = await search_answers(session, asker, looked, after=read_place(cursor), now=now)
    return Page(
        items=[answer_shown(answer) for answer in found.answers],
        next=None if found.next is None else write_place(found.next),
    )


def write_place(place: After) -> str:
    """Say where the next page begins."""
    return urlsafe_b64encode(msgspec.msgpack.encode(place)).decode()


def read_place(cursor: str | None) -> After | None:
    """Read what `write_place` wrote; anything else is refused."""
    if not cursor:
        return None
    try:
        place = msgspec.msgpack.decode(urlsafe_b64decode(cursor), type=After)
    except ValueError as error:
        raise InvalidRequest("cursor", "is not one that this list gave.") from error
    if "\0" in str(place.place):
        raise InvalidRequest("cursor", "is not one that this list gave.")
    return place


def _gap(gap: Gap) -> GapAnswer:
    return GapAnswer(gap.name, gap.type, gap.example)


def answer_shown(answer: Answer) -> CannedAnswer:
    """Write an answer for programs."""
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
        blocked=[ReasonAnswer(*reason) for reason in answer.blocked],
        fingerprint=answer.fingerprint,
    )
