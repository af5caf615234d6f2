"""A recall's own words, and what holds while a release is withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from federation.partners.rules.canonical import canonical
from protocols.releases.rules import Moment, Sequence, Urn


class Holds(msgspec.Struct, frozen=True, kw_only=True):
    """What is right meanwhile: an earlier release, or an emergency text by language."""

    sequence: Sequence | None
    texts: dict[str, str] | None


class RecallManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a recall says; its shape never changes within this format."""

    format: Literal["netreach-recall/1"]
    recall: UUID
    urn: Urn
    project: UUID
    sequence: Sequence
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    holds: Holds
    stated: Moment

    def __post_init__(self) -> None:
        """Refuse a recall that would leave workers with nothing, or with what comes later."""
        if (self.holds.sequence is None) == (not self.holds.texts):
            raise ValueError("a recall says what holds: an earlier release or an emergency text")
        if self.holds.sequence is not None and self.holds.sequence >= self.sequence:
            raise ValueError("only an earlier release can hold meanwhile")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a recall means for those who use the release."""

    reason: str
    holds_sequence: int | None
    holds_texts: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of an item: a release's sequence, or an emergency text; and the reason."""

    sequence: int | None
    emergency: Mapping[str, str] | None = None
    reason: str | None = None


def recall_bytes(recall: RecallManifest) -> bytes:
    """Give the bytes that are signed, stored and sent."""
    return canonical(msgspec.to_builtins(recall))


def read_recall(stored: bytes) -> RecallManifest:
    """Read a recall's bytes; raises ValidationError on what is none."""
    return msgspec.json.decode(stored, type=RecallManifest)


def what_holds(sequence: int, withdrawals: Mapping[int, Withdrawal]) -> Standing:
    """Follow recalls from a release down to what is right now; each leads to something earlier."""
    reason = None
    while sequence in withdrawals:
        withdrawal = withdrawals[sequence]
        reason = reason or withdrawal.reason
        if withdrawal.holds_sequence is None:
            return Standing(None, withdrawal.holds_texts, reason)
        sequence = withdrawal.holds_sequence
    return Standing(sequence, None, reason)
