"""What a text says at one moment: the shape that saved versions and releases share."""

from collections.abc import Mapping
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

AcknowledgementClass = Literal["none", "notify", "re-read"]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A block's place in the order, and whether overlays may only add to it."""

    id: UUID
    locked: bool


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One language's words; `source` is the hash of the texts that it translates."""

    title: str
    question: str | None
    keywords: list[str]
    texts: dict[str, str]
    source: str | None


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A declared placeholder."""

    name: str
    type: str
    filled_by: str
    example: str
    material: bool


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an author decides about a text; who wrote it stands beside, never inside."""

    kind: Literal["protocol", "answer"]
    protocol_kind: str | None
    source_language: str
    acknowledgement: AcknowledgementClass
    jurisdictions: list[str]
    review_by: date
    use_limits: list[str]
    channels: list[str]
    blocks: list[Part]
    variants: dict[str, Wording]
    placeholders: list[Gap]

    @property
    def source(self) -> Wording:
        """The wording that all others translate."""
        return self.variants[self.source_language]


def words_in(written: Written, language: str) -> Mapping[str, str]:
    """Give the texts of a language by block; nothing where it is not translated."""
    wording = written.variants.get(language)
    return wording.texts if wording else {}
