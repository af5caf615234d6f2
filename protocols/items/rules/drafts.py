"""What a draft must be before anybody is asked to approve it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from federation.errors import Reason
from federation.partners.rules.canonical import canonical
from protocols.history.rules.written import AcknowledgementClass, Written
from protocols.items.rules.placeholders import NAME, broken_fields_in, fields_in

ProtocolKind = Literal[
    "conduct",
    "safeguarding",
    "introductory-messages",
    "promotional-messaging",
    "recording",
    "confidentiality",
    "data-protection",
    "ground-rules",
    "health-and-safety",
    "forum-rules",
    "cover-and-handover",
    "closing-a-session",
]
UseLimit = Literal["reply-only", "public-post", "with-recorded-consent"]
GapType = Literal["text", "phone", "email", "url", "time", "signpost"]
Filler = Literal["project", "worker"]
GAP_TYPES, FILLERS = get_args(GapType), get_args(Filler)

MOST_PARTS = 100
MOST_GAPS = 50
MOST_WORDS = 30
MOST_LANGUAGES = 50
LONGEST_PART = 20_000
LONGEST_LINE = 500
LONGEST_NAME = 40
"""Caps in characters and numbers; a release of such a text still fits into one event."""

UNDECLARED = "%(gap)s is used but not declared."
BROKEN = "%(gap)s is not a placeholder: write {{like_this}}."
PART_TOO_LONG = "A part has at most %(number)s characters."
LINE_TOO_LONG = "A title, question, keyword or example has at most %(number)s characters."
ABOVE = "A title, question or keyword has no placeholders: they are filled in the parts alone."
NO_SERVICE = "Only an answer can name a service of the list. Use a placeholder for text."
TOO_MANY = "A text has at most %(number)s %(what)s."
MANY = ("parts", "placeholders", "keywords", "jurisdictions", "channels", "languages")
NO_LANGUAGE = "%(name)s is not a language tag such as en, nl or ro."
GAP_NAME = "%(name)s is no name for a placeholder: write like_this."

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """One part as its author wrote it; `id` is given where it is a new wording of a known part.

    With `keep_lock` a part that was locked stays so: only what is said aloud takes a lock off.
    """

    text: str
    locked: bool = False
    id: UUID | None = None
    keep_lock: bool = False


@dataclass(frozen=True, slots=True)
class DraftPlaceholder:
    """A gap that a project fills once, or a worker each time."""

    name: str
    example: str
    type: GapType = "text"
    filled_by: Filler = "project"
    material: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """The exact release that a text was derived from."""

    urn: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as its author hands it in, in its source language.

    `acknowledgement` is what the author asks of readers; `owner` is whom to ask, the author if
    nobody is named. Neither owner nor author is ever told to another project.
    """

    kind: Literal["protocol", "answer"]
    title: str
    source_language: str
    jurisdictions: Sequence[str]
    review_by: date
    blocks: Sequence[DraftBlock]
    protocol_kind: ProtocolKind | None = None
    question: str | None = None
    keywords: Sequence[str] = ()
    use_limits: Sequence[UseLimit] = ()
    channels: Sequence[str] = ()
    placeholders: Sequence[DraftPlaceholder] = field(default_factory=tuple)
    acknowledgement: AcknowledgementClass = "re-read"
    owner: UUID | None = None
    derived_from: Source | None = None


def redrafted(
    written: Written, blocks: Sequence[DraftBlock], *, derived_from: Source | None = None
) -> Draft:
    """Begin a draft from all that a text says in its source language, but for its parts."""
    facts: dict[str, Any] = {
        name: getattr(written, name)
        for name in (
            *("kind", "protocol_kind", "source_language", "acknowledgement"),
            *("jurisdictions", "review_by", "use_limits", "channels"),
        )
    }
    return Draft(
        **facts,
        title=written.source.title,
        question=written.source.question,
        keywords=written.source.keywords,
        blocks=blocks,
        placeholders=[
            msgspec.convert(gap, DraftPlaceholder, from_attributes=True)
            for gap in written.placeholders
        ],
        derived_from=derived_from,
    )


def source_hash(texts: Mapping[str, str]) -> bytes:
    """Tell one wording of an item's source language from another."""
    return sha256(canonical(texts)).digest()


def reasons_against(draft: Draft) -> list[Reason]:
    """Give every reason why a draft cannot be kept, so that its author fixes them in one go."""
    declared = {gap.name for gap in draft.placeholders}
    reasons = [*_mandatory(draft), *_caps(draft), *_gaps(draft)]
    if not _LANGUAGE.fullmatch(draft.source_language):
        reasons.append(unknown_language(draft.source_language))
    for block in draft.blocks:
        reasons += reasons_against_text(block.text, declared)
    return reasons


def reasons_against_text(text: str, declared: set[str]) -> list[Reason]:
    """Refuse an empty part, a gap that nobody declared, and braces that would be sent as such."""
    reasons = [
        *(
            Reason("undeclared-placeholder", UNDECLARED % {"gap": f"{{{{{name}}}}}"})
            for name in sorted(fields_in(text) - declared)
        ),
        *(
            Reason("broken-placeholder", BROKEN % {"gap": broken})
            for broken in broken_fields_in(text)
        ),
    ]
    if not text.strip():
        reasons.append(Reason("empty-part", "A part has no words in it."))
    if len(text) > LONGEST_PART:
        reasons.append(Reason("part-too-long", PART_TOO_LONG % {"number": LONGEST_PART}))
    return reasons


def reasons_against_variant(
    language: str,
    lines: Sequence[str],
    texts: Mapping[str, str],
    blocks: set[str],
    declared: set[str],
) -> list[Reason]:
    """Hold a translation to the parts and gaps of its source; `lines` are its title and such."""
    reasons = [*_too_long(lines), *_unfilled(lines)]
    if len(lines) > MOST_WORDS + 2:
        reasons.append(too_many(MOST_WORDS, "keywords"))
    if not _LANGUAGE.fullmatch(language):
        reasons.append(unknown_language(language))
    if set(texts) != blocks:
        reasons.append(
            Reason("parts-differ", "A translation has exactly the parts of the text it translates.")
        )
    for text in texts.values():
        reasons += reasons_against_text(text, declared)
    return reasons


def unknown_language(language: str) -> Reason:
    """Explain what a language tag looks like."""
    return Reason("unknown-language", NO_LANGUAGE % {"name": repr(language)})


def too_many(most: int, what: str) -> Reason:
    """Say how many of something a text may have."""
    return Reason("too-many", TOO_MANY % {"number": most, "what": what})


def _mandatory(draft: Draft) -> list[Reason]:
    reasons = []
    if not draft.title.strip():
        reasons.append(Reason("no-title", "Give it a title."))
    if not draft.blocks:
        reasons.append(Reason("no-parts", "Give it at least one part."))
    if not draft.jurisdictions:
        reasons.append(Reason("no-jurisdiction", "Say for which jurisdiction it is right."))
    if draft.kind == "protocol" and draft.protocol_kind is None:
        reasons.append(Reason("no-protocol-kind", "Say which kind of protocol it is."))
    if draft.kind == "answer" and not draft.use_limits:
        reasons.append(
            Reason(
                "no-use-limits",
                "Say where it may be used: in a reply, in a public post, or with recorded consent.",
            )
        )
    if draft.kind == "answer" and not (draft.question or "").strip():
        reasons.append(Reason("no-question", "Say which question it answers."))
    return reasons


def _caps(draft: Draft) -> list[Reason]:
    reasons = []
    for found, most, what in (
        (draft.blocks, MOST_PARTS, "parts"),
        (draft.placeholders, MOST_GAPS, "placeholders"),
        (draft.keywords, MOST_WORDS, "keywords"),
        (draft.jurisdictions, MOST_WORDS, "jurisdictions"),
        (draft.channels, MOST_WORDS, "channels"),
    ):
        if len(found) > most:
            reasons.append(too_many(most, what))
    lines = [draft.title, draft.question or "", *draft.keywords]
    reasons += _unfilled(lines)
    lines += [*draft.jurisdictions, *draft.channels, *(gap.example for gap in draft.placeholders)]
    return reasons + _too_long(lines)


def _too_long(lines: Sequence[str]) -> list[Reason]:
    if all(len(line) <= LONGEST_LINE for line in lines):
        return []
    return [Reason("line-too-long", LINE_TOO_LONG % {"number": LONGEST_LINE})]


def _unfilled(lines: Sequence[str]) -> list[Reason]:
    """Refuse places above a text: only its parts are filled, the others would be read as such."""
    if not any(fields_in(line) or broken_fields_in(line) for line in lines):
        return []
    return [Reason("placeholder-above", ABOVE)]


def _gaps(draft: Draft) -> list[Reason]:
    names = [gap.name for gap in draft.placeholders]
    reasons = [
        Reason("placeholder-name", GAP_NAME % {"name": repr(name)})
        for name in names
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME
    ]
    if len(set(names)) < len(names):
        reasons.append(Reason("placeholder-twice", "Two placeholders have the same name."))
    if draft.kind == "protocol" and any(gap.type == "signpost" for gap in draft.placeholders):
        reasons.append(Reason("service-in-protocol", NO_SERVICE))
    return reasons
