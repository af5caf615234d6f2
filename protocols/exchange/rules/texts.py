"""A text as it is written into files and read from them: a draft and its translations, no ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import msgspec

from protocols.history.rules.written import AcknowledgementClass
from protocols.items.rules.drafts import (
    Draft,
    DraftBlock,
    DraftPlaceholder,
    ProtocolKind,
    UseLimit,
)

FORMAT = "netreach-text/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text in another language: the same parts, in their order."""

    title: str
    texts: Sequence[str]
    question: str | None = None
    keywords: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangedText:
    """A draft and what it says in other languages."""

    draft: Draft
    translations: Mapping[str, Translated] = field(default_factory=dict)


class Gap(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A placeholder in a file."""

    name: str
    example: str
    type: Literal["text", "phone", "email", "url", "time", "signpost"] = "text"
    filled_by: Literal["project", "worker"] = "project"
    material: bool = False


class Facts(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Everything about a text but its words in parts."""

    format: Literal["netreach-text/1"]
    kind: Literal["protocol", "answer"]
    language: str
    title: str
    jurisdictions: list[str]
    review_by: date
    protocol_kind: ProtocolKind | None = None
    question: str | None = None
    keywords: list[str] = []
    use_limits: list[UseLimit] = []
    channels: list[str] = []
    acknowledgement: AcknowledgementClass = "re-read"
    placeholders: list[Gap] = []


class TranslationFacts(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What a translation says beside its parts."""

    language: str
    title: str
    question: str | None = None
    keywords: list[str] = []


class WrittenPart(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One part in a file."""

    text: str
    locked: bool = False


def facts_of(draft: Draft) -> Facts:
    """Give what a file says at its head."""
    return Facts(
        format="netreach-text/1",
        kind=draft.kind,
        language=draft.source_language,
        title=draft.title,
        jurisdictions=list(draft.jurisdictions),
        review_by=draft.review_by,
        protocol_kind=draft.protocol_kind,
        question=draft.question,
        keywords=list(draft.keywords),
        use_limits=list(draft.use_limits),
        channels=list(draft.channels),
        acknowledgement=draft.acknowledgement,
        placeholders=[
            Gap(
                name=gap.name,
                example=gap.example,
                type=gap.type,
                filled_by=gap.filled_by,
                material=gap.material,
            )
            for gap in draft.placeholders
        ],
    )


def draft_of(facts: Facts, parts: Sequence[WrittenPart]) -> Draft:
    """Make a draft of what a file says."""
    return Draft(
        kind=facts.kind,
        title=facts.title,
        source_language=facts.language,
        jurisdictions=facts.jurisdictions,
        review_by=facts.review_by,
        blocks=[DraftBlock(part.text, part.locked) for part in parts],
        protocol_kind=facts.protocol_kind,
        question=facts.question,
        keywords=facts.keywords,
        use_limits=facts.use_limits,
        channels=facts.channels,
        placeholders=[
            DraftPlaceholder(gap.name, gap.example, gap.type, gap.filled_by, gap.material)
            for gap in facts.placeholders
        ],
        acknowledgement=facts.acknowledgement,
    )
