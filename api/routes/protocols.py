"""The protocols that are in force for the asker's project, and reading them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from protocols.acknowledgement.actions import acknowledge
from protocols.reading.queries import protocols_in_force, read_text, release_text
from protocols.reading.rules import Line, Reading, Text

Language = Annotated[
    str, QueryParameter(name="language", max_length=35, description="A tag such as en, nl or ro.")
]
URN = "urn:uuid:"
NOTHING: Mapping[str, str] = {}


class ProtocolAnswer(msgspec.Struct, frozen=True):
    """A protocol in a list.

    `number` is the release that holds, `pending` a newer one that nobody has adopted yet;
    `readers` of `people` have read it: for coordinators, about their own project only.
    """

    id: UUID
    title: str
    kind: str
    number: str
    pending: str | None
    mode: str | None
    on_shifts: bool
    withdrawn_because: str | None
    review_by: date | None
    review_overdue: bool
    languages: list[str]
    reading_needed: bool
    acknowledged: bool
    readers: int | None
    people: int | None


class PassageAnswer(msgspec.Struct, frozen=True):
    """One part; its language is another than asked where it is not translated yet.

    `ours` are words of the project itself, which it has put over the text. With
    `withdrawn_because` its own words have been withdrawn, and this is what holds instead.
    """

    id: UUID
    language: str
    html: str
    text: str
    withdrawn_because: str | None
    ours: bool


class ReleaseAnswer(msgspec.Struct, frozen=True):
    """A release in one language, with the project's values; `text_hash` is acknowledged."""

    id: UUID
    title: str
    question: str | None
    number: str
    kind: str
    language: str
    languages: list[str]
    stale_languages: list[str]
    jurisdictions: list[str]
    review_by: date
    stated_at: datetime
    expires_at: datetime
    acknowledgement: str
    text_hash: str
    passages: list[PassageAnswer]


class EmergencyAnswer(msgspec.Struct, frozen=True):
    """What holds in place of a withdrawn text."""

    language: str
    html: str
    text: str


class InForceAnswer(msgspec.Struct, frozen=True):
    """What holds now; `acknowledge` is the hash to send once it has been read, if it is asked."""

    id: UUID
    title: str
    release: ReleaseAnswer | None
    emergency: EmergencyAnswer | None
    withdrawn_because: str | None
    pending: str | None
    acknowledged_at: datetime | None
    acknowledge: str | None


class Acknowledged(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Says "I have read and understood" of exactly these words, in this language."""

    text_hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    language: Annotated[str, msgspec.Meta(min_length=2, max_length=35)]


class AcknowledgementAnswer(msgspec.Struct, frozen=True):
    """What is recorded; the same words read twice are recorded once, with their first time."""

    id: UUID
    protocol: UUID
    text_hash: str
    language: str
    at: datetime


@get("/protocols", tags=["protocols"], summary="The protocols of your project")
async def list_protocols(session: Session, asker: Signed, now: Now) -> Page[ProtocolAnswer]:
    """List what is in force, what is waiting, and what you have read."""
    return Page([_line(line) for line in await protocols_in_force(session, asker, now)])


@get("/protocols/{item:uuid}", tags=["protocols"], summary="A protocol as it is in force")
async def show_protocol(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], language: Language = "en"
) -> InForceAnswer:
    """Give what holds for your project: a release, or the emergency text in its place."""
    return _in_force(await read_text(session, asker, f"{URN}{item}", language, now))


@get(
    "/protocols/{item:uuid}/releases/{number:str}",
    tags=["protocols"],
    summary="One release of a protocol or an answer",
)
async def show_release(
    session: Session,
    asker: Signed,
    item: FromPath[UUID],
    number: FromPath[str],
    language: Language = "en",
) -> ReleaseAnswer:
    """Give a release as it was published, in the language asked for or in its source language."""
    return _release(await release_text(session, asker, f"{URN}{item}", number, language))


@post(
    "/protocols/{item:uuid}/acknowledgements",
    tags=["protocols"],
    summary="Say that you have read and understood a protocol",
)
async def acknowledge_protocol(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[Acknowledged]
) -> AcknowledgementAnswer:
    """Record it for the words that are in force now; other words are refused: read them first."""
    recorded = await acknowledge(
        session,
        asker,
        urn=f"{URN}{item}",
        text_hash=bytes.fromhex(data.text_hash),
        language=data.language,
        now=now,
    )
    return AcknowledgementAnswer(
        recorded.id, item, recorded.text_hash.hex(), recorded.language, recorded.at
    )


def item_of(urn: str) -> UUID:
    """Give the id by which an item is addressed here."""
    return UUID(urn.removeprefix(URN))


def _line(line: Line) -> ProtocolAnswer:
    return ProtocolAnswer(
        id=item_of(line.urn),
        title=line.title,
        kind=line.protocol_kind,
        number=line.number,
        pending=line.pending,
        mode=line.mode,
        on_shifts=line.on_shifts,
        withdrawn_because=line.withdrawn_because,
        review_by=line.review_by,
        review_overdue=line.overdue,
        languages=line.languages,
        reading_needed=line.needed,
        acknowledged=line.acknowledged,
        readers=line.readers,
        people=line.people,
    )


def _release(text: Text, withdrawn: Mapping[str, str] = NOTHING) -> ReleaseAnswer:
    return ReleaseAnswer(
        id=item_of(text.urn),
        title=text.title,
        question=text.question,
        number=text.number,
        kind=text.protocol_kind or text.kind,
        language=text.language,
        languages=text.languages,
        stale_languages=text.stale_languages,
        jurisdictions=text.jurisdictions,
        review_by=text.review_by,
        stated_at=text.stated_at,
        expires_at=text.expires_at,
        acknowledgement=text.acknowledgement,
        text_hash=text.hash.hex(),
        passages=[
            PassageAnswer(
                UUID(part.id),
                part.language,
                part.html,
                part.plain,
                withdrawn.get(part.id),
                part.ours,
            )
            for part in text.passages
        ],
    )


def _in_force(reading: Reading) -> InForceAnswer:
    said = reading.emergency
    return InForceAnswer(
        id=item_of(reading.urn),
        title=reading.title,
        release=_release(reading.text, reading.withdrawn_parts) if reading.text else None,
        emergency=EmergencyAnswer(said.language, said.html, said.plain) if said else None,
        withdrawn_because=reading.withdrawn_because,
        pending=reading.pending,
        acknowledged_at=reading.acknowledged_at,
        acknowledge=reading.to_acknowledge.hex() if reading.to_acknowledge else None,
    )
