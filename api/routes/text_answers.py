"""What is answered about texts that a project writes; people are ids, of the own project only."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import msgspec

from api.routes.claims import ReasonAnswer
from api.routes.text_bodies import PlaceholderBody
from protocols.comments.rules import Comment
from protocols.desk.rules import Line, OnDesk
from protocols.history.rules.differences import BlockDifference, Differences
from protocols.history.rules.saved import Saved
from protocols.history.rules.words import as_html, as_text
from protocols.history.rules.written import Wording
from protocols.items.rules.states import MEANING, NEXT
from protocols.lived_reviews.rules import Reviewed
from protocols.readability.rules.measure import Reading, readings_of


class TextLineAnswer(msgspec.Struct, frozen=True):
    """A text that the project writes; `next` says who acts, `yours` that the asker could."""

    id: UUID
    title: str
    kind: str
    protocol_kind: str | None
    state: str
    next: str
    yours: bool
    owner: UUID | None
    review_by: date
    review_overdue: bool
    languages: list[str]
    stale_languages: list[str]
    open_comments: int
    number: str | None


class SavedAnswer(msgspec.Struct, frozen=True):
    """One saved version, and the release that is its copy, if there is one."""

    version: int
    at: datetime
    released_as: str | None


class BlockDifferenceAnswer(msgspec.Struct, frozen=True):
    """How one part differs in one language; `html` marks with `ins` and `del`."""

    block: str
    language: str
    state: str
    moved: bool
    lock: str
    text: str
    html: str


class FactAnswer(msgspec.Struct, frozen=True):
    """Something beside the words that differs."""

    name: str
    before: str
    after: str


class DifferencesAnswer(msgspec.Struct, frozen=True):
    """What differs between two versions."""

    blocks: list[BlockDifferenceAnswer]
    facts: list[FactAnswer]


class CommentAnswer(msgspec.Struct, frozen=True):
    """A remark; an erased one has neither words nor author."""

    id: UUID
    block: UUID | None
    version: int
    said: str | None
    author: UUID | None
    at: datetime
    resolved_at: datetime | None


class LivedReviewAnswer(msgspec.Struct, frozen=True):
    """A review by lived experience; `current` while the words are those that were reviewed."""

    id: UUID
    at: datetime
    current: bool
    who: str | None


class PartAnswer(msgspec.Struct, frozen=True):
    """One part, in the language in which it was written."""

    id: UUID
    text: str
    locked: bool


class TranslationAnswer(msgspec.Struct, frozen=True):
    """The words in one other language; a stale one was made from other words."""

    title: str
    question: str | None
    keywords: list[str]
    texts: dict[str, str]
    stale: bool


class HintAnswer(msgspec.Struct, frozen=True):
    """One thing that would make a text easier; `words` are the ones that it is about."""

    code: str
    words: str
    text: str


class ReadingAnswer(msgspec.Struct, frozen=True):
    """How a text reads in one language; `band` says in words what `score` is on its `scale`."""

    language: str
    scale: str
    score: int
    band: str
    hints: list[HintAnswer]


class TextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A text with everything that whoever writes, reviews or releases it has to see.

    `meaning` says what the chosen acknowledgement means for workers; `since` is the version that
    was released last, to which `differences` compares; `next_number` is what a release would get;
    `held_back` says what looks like personal data and has to be settled before a review.
    """

    text: TextLineAnswer
    version: int
    acknowledgement: str
    meaning: str
    jurisdictions: list[str]
    use_limits: list[str]
    channels: list[str]
    source_language: str
    question: str | None
    keywords: list[str]
    blocks: list[PartAnswer]
    placeholders: list[PlaceholderBody]
    translations: dict[str, TranslationAnswer]
    since: SavedAnswer | None
    differences: DifferencesAnswer
    lived_experience: bool
    next_number: str
    held_back: list[ReasonAnswer]
    reading: list[ReadingAnswer]


class PublishedAnswer(msgspec.Struct, frozen=True):
    """A release that has just been made."""

    id: UUID
    number: str
    sequence: int
    hash: str
    stated_at: datetime
    expires_at: datetime


def line_answer(line: Line) -> TextLineAnswer:
    """Write a line of the list."""
    return TextLineAnswer(
        id=line.id,
        title=line.title,
        kind=line.kind,
        protocol_kind=line.protocol_kind,
        state=line.state,
        next=NEXT[line.state],
        yours=line.yours,
        owner=line.owner_id,
        review_by=line.review_by,
        review_overdue=line.overdue,
        languages=line.languages,
        stale_languages=line.stale_languages,
        open_comments=line.open_comments,
        number=line.number,
    )


def text_answer(desk: OnDesk) -> TextAnswer:
    """Write a text as it lies on the desk."""
    written = desk.written
    stale = set(desk.line.stale_languages)
    return TextAnswer(
        text=line_answer(desk.line),
        version=desk.version,
        acknowledgement=written.acknowledgement,
        meaning=MEANING[written.acknowledgement],
        jurisdictions=written.jurisdictions,
        use_limits=written.use_limits,
        channels=written.channels,
        source_language=written.source_language,
        question=written.source.question,
        keywords=written.source.keywords,
        blocks=[
            PartAnswer(part.id, written.source.texts[str(part.id)], part.locked)
            for part in written.blocks
        ],
        placeholders=[
            msgspec.convert(gap, PlaceholderBody, from_attributes=True)
            for gap in written.placeholders
        ],
        translations={
            language: _translation(wording, stale=language in stale)
            for language, wording in written.variants.items()
            if language != written.source_language
        },
        since=saved_answer(desk.since) if desk.since else None,
        differences=differences_answer(desk.differences),
        lived_experience=any(review.current for review in desk.lived_reviews),
        next_number=desk.next_number,
        held_back=[ReasonAnswer(*one.reason) for one in desk.found],
        reading=[_reading(*one) for one in readings_of(written).items()],
    )


def _reading(language: str, read: Reading) -> ReadingAnswer:
    hints = [HintAnswer(hint.code, hint.words, hint.text) for hint in read.hints]
    return ReadingAnswer(language, read.scale, read.score, read.band, hints)


def _translation(wording: Wording, *, stale: bool) -> TranslationAnswer:
    return TranslationAnswer(
        title=wording.title,
        question=wording.question,
        keywords=wording.keywords,
        texts=wording.texts,
        stale=stale,
    )


def saved_answer(saved: Saved) -> SavedAnswer:
    """Write a saved version without who saved it."""
    return SavedAnswer(saved.version, saved.at, saved.released_as)


def differences_answer(found: Differences) -> DifferencesAnswer:
    """Write what differs."""
    return DifferencesAnswer(
        blocks=[_block(one) for one in found.blocks],
        facts=[FactAnswer(one.name, one.before, one.after) for one in found.facts],
    )


def _block(one: BlockDifference) -> BlockDifferenceAnswer:
    return BlockDifferenceAnswer(
        block=one.block,
        language=one.language,
        state=one.state,
        moved=one.moved,
        lock=one.lock,
        text=as_text(one.pieces),
        html=as_html(one.pieces),
    )


def comment_answers(comments: Iterable[Comment]) -> list[CommentAnswer]:
    """Write remarks."""
    return [
        CommentAnswer(
            one.id, one.block, one.version, one.said, one.author_id, one.at, one.resolved_at
        )
        for one in comments
    ]


def lived_review_answers(reviews: Iterable[Reviewed]) -> list[LivedReviewAnswer]:
    """Write what the asker may know of reviews by lived experience."""
    return [LivedReviewAnswer(one.id, one.at, one.current, one.who) for one in reviews]
