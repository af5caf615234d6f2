"""A recall's own words, and what holds while a release, or a part of one, is withdrawn."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from federation.errors import Reason
from federation.partners.rules.canonical import canonical
from protocols.items.rules.drafts import reasons_against_text, source_hash
from protocols.releases.rules import Manifest, Moment, Sequence, Urn, Wording, is_stale
from protocols.screening.rules import Passage

PART_WITHDRAWN = "This part has been withdrawn. Ask your coordinator before you go on."
"""What stands in a withdrawn part where nothing better has arrived here."""
WHY = "Why it is withdrawn"
MEANWHILE = "What holds meanwhile"
"""Where in a recall words stand, as a sentence about them says it."""

Words = Mapping[str, str]
"""What is said, by language."""


class Holds(msgspec.Struct, frozen=True, kw_only=True):
    """What is right meanwhile: an earlier release, or an emergency text by language."""

    sequence: Sequence | None
    texts: dict[str, str] | None


class RecallManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a recall says; what every reader relies on never changes within this format.

    `block` narrows it to one part: who does not know the field withdraws the whole release, and
    shows what holds instead of all of it. `follows` names the recall that led to this one.
    """

    format: Literal["netreach-recall/1"]
    recall: UUID
    urn: Urn
    project: UUID
    sequence: Sequence
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    holds: Holds
    stated: Moment
    block: UUID | msgspec.UnsetType = msgspec.UNSET
    follows: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")] | msgspec.UnsetType = (
        msgspec.UNSET
    )

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
class Withdrawals:
    """All recalls of one item: of whole releases by sequence, of parts by sequence and block."""

    releases: dict[int, Withdrawal] = field(default_factory=dict)
    blocks: dict[int, dict[str, Withdrawal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of an item: a release's sequence, or an emergency text; and the reason."""

    sequence: int | None
    emergency: Mapping[str, str] | None = None
    reason: str | None = None


def reasons_against_words(texts: Words, releases: Collection[Manifest]) -> list[Reason]:
    """Refuse gaps that not each of the withdrawn releases has: nobody could fill them."""
    declared = [{gap.name for gap in one.placeholders} for one in releases]
    known = set.intersection(*declared) if declared else set()
    return [reason for text in texts.values() for reason in reasons_against_text(text, known)]


def passages_of_recall(reason: str, texts: Words) -> Iterator[Passage]:
    """Give all that partners and workers read of a recall."""
    yield Passage(WHY, reason)
    for language, words in texts.items():
        yield Passage(f"{MEANWHILE} ({language})", words, language)


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


def words_instead(
    sequence: int, known: Withdrawals, manifests: Mapping[int, Manifest]
) -> dict[str, Words]:
    """Give what stands in each withdrawn part of a release, by block and language."""
    return {
        block: _words_instead(sequence, block, known, manifests)
        for block in known.blocks.get(sequence, {})
    }


def _words_instead(
    sequence: int, block: str, known: Withdrawals, manifests: Mapping[int, Manifest]
) -> Words:
    while True:
        withdrawal = known.blocks.get(sequence, {}).get(block) or known.releases.get(sequence)
        if withdrawal is None:
            break
        if withdrawal.holds_sequence is None:
            return withdrawal.holds_texts or {"en": PART_WITHDRAWN}
        sequence = withdrawal.holds_sequence
    earlier = manifests.get(sequence)
    return block_words(earlier, block) if earlier else {"en": PART_WITHDRAWN}


def block_words(manifest: Manifest, block: str) -> Words:
    """Give what a release says in one part, in the languages that say what the source says."""
    found = {
        language: wording.texts[block]
        for language, wording in manifest.variants.items()
        if block in wording.texts and not is_stale(manifest, language)
    }
    return found or {manifest.source_language: PART_WITHDRAWN}


def says_the_same(words: Words, wrong: Words, *, later: bool) -> bool:
    """Tell whether readers of a release were told what is withdrawn from a part of another one.

    One language is enough. A later release that mends the part in any language is what its author
    means to hold: what it leaves as it was is right.
    """
    same = [words[language] == wrong[language] for language in words.keys() & wrong.keys()]
    return bool(same) and (all(same) if later else any(same))


def without_withdrawn(manifest: Manifest, instead: Mapping[str, Words]) -> Manifest:
    """Put what holds in the place of withdrawn parts, whatever a project says there of its own.

    A translation that was right stays right: what it does not say is shown in the source language.
    """
    there = {str(part.id) for part in manifest.blocks}
    said = {block: words for block, words in instead.items() if block in there}
    if not said:
        return manifest
    source = manifest.source_language
    told = {block: {source: _in_source(words, source), **words} for block, words in said.items()}
    texts = {
        language: _texts(wording, told, language) for language, wording in manifest.variants.items()
    }
    now = source_hash(texts[source]).hex()
    variants = {
        language: msgspec.structs.replace(
            wording,
            texts=texts[language],
            source=wording.source if language == source or is_stale(manifest, language) else now,
        )
        for language, wording in manifest.variants.items()
    }
    return msgspec.structs.replace(manifest, variants=variants)


def _in_source(words: Words, source: str) -> str:
    return words.get(source) or words.get("en") or words[min(words)]


def _texts(wording: Wording, told: Mapping[str, Words], language: str) -> dict[str, str]:
    kept = {block: text for block, text in wording.texts.items() if block not in told}
    return kept | {block: words[language] for block, words in told.items() if language in words}
