"""What is in force where: the two hashes of a text, what waits, and what still needs a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from federation.errors import Reason
from federation.partners.rules.canonical import canonical
from protocols.items.rules.placeholders import fill
from protocols.items.rules.values import wrong_for_project
from protocols.overlays.rules.parts import OwnPart
from protocols.pool_texts.rules import Named
from protocols.releases.rules import Manifest, paragraphs

VALUE_MISSING = "Give a value for %(gap)s, for example %(name)s."
NO_SUCH_GAP = "This text has no gap named %(name)s for you to fill."


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """One item as one project has it: what holds now, and what waits for a decision.

    `manifest` is what holds, with the project's own parts laid over `upstream`, the release; None
    where an emergency text holds instead, or where the pool's text has not arrived yet.
    `history` is every release up to it, newest first, under the same own parts while they have a
    place there. `set_aside` are own parts that step back: after a recall, or for a pool's words.
    `offered` is a newer release; `pending` only where the project wants to be told.
    `named` is what pools have put on their shifts and mean this text by.
    """

    project_id: UUID
    urn: str
    locked: Manifest | None
    manifest: Manifest | None
    history: tuple[Manifest, ...]
    values: Mapping[str, str]
    emergency: Mapping[str, str] | None
    withdrawn_because: str | None
    pending: str | None
    mode: str | None
    named: frozenset[Named]
    upstream: Manifest | None = None
    own: tuple[OwnPart, ...] = ()
    set_aside: tuple[OwnPart, ...] = ()
    offered: str | None = None
    reading_asked: bool = False
    withdrawn_parts: Mapping[str, str] = field(default_factory=dict)
    """By block of `manifest`: why its own words are withdrawn; what holds stands there already."""
    withdrawn_history: frozenset[int] = frozenset()
    """Which of `history`, by sequence, were withdrawn: who read these has read what was wrong."""

    @property
    def on_shifts(self) -> bool:
        """Tell whether a pool asks for this text: the project may only add to it."""
        return bool(self.named)

    @property
    def is_recalled(self) -> bool:
        """Tell whether something else stands here than what the project locked."""
        return self.withdrawn_because is not None or bool(self.withdrawn_parts)

    @property
    def facts(self) -> Manifest | None:
        """Give the release that title, kind and review date are read from."""
        return self.manifest or self.locked


def text_hash(manifest: Manifest, language: str, values: Mapping[str, str]) -> bytes:
    """Name what somebody acknowledges: the words, with material values in and all others open.

    So a read text counts for every project that differs in a telephone number only.
    """
    material = {gap.name for gap in manifest.placeholders if gap.material}
    return _hash_of_words(manifest, language, values, material)


def effective_hash(manifest: Manifest, values: Mapping[str, str]) -> bytes:
    """Name what a project approves before it is live: every language, with all of its values."""
    everything = {gap.name for gap in manifest.placeholders}
    return sha256(
        canonical(
            {
                language: _hash_of_words(manifest, language, values, everything).hex()
                for language in manifest.variants
            }
        )
    ).digest()


def emergency_hash(urn: str, language: str, text: str) -> bytes:
    """Name an emergency text, which is acknowledged like any other."""
    return sha256(canonical({"urn": urn, "language": language, "emergency": text})).digest()


def reasons_against_values(manifest: Manifest, values: Mapping[str, str]) -> list[Reason]:
    """Tell which gaps a project has to fill before a text may go live, and which it made up."""
    ours = {gap.name: gap for gap in manifest.placeholders if gap.filled_by == "project"}
    missing = [
        Reason(
            "placeholder-without-value",
            VALUE_MISSING % {"gap": name, "name": repr(gap.example)},
        )
        for name, gap in ours.items()
        if not values.get(name, "").strip()
    ]
    unknown = [
        Reason("no-such-placeholder", NO_SUCH_GAP % {"name": name})
        for name in values
        if name not in ours
    ]
    return missing + unknown


def kept_values(manifest: Manifest, known: Mapping[str, str]) -> dict[str, str]:
    """Keep the values for which a release has a gap that the project fills."""
    ours = {gap.name for gap in manifest.placeholders if gap.filled_by == "project"}
    return {name: value for name, value in known.items() if name in ours}


def reasons_against_given(manifest: Manifest, given: Mapping[str, str]) -> list[Reason]:
    """Tell what is wrong with values that are given now; what was given before stays as it is."""
    gaps = [gap for gap in manifest.placeholders if given.get(gap.name, "").strip()]
    return [reason for gap in gaps for reason in wrong_for_project(gap, given[gap.name])]


def is_expired(manifest: Manifest, now: datetime) -> bool:
    """Tell whether a release is too old to be taken up anew."""
    return manifest.expires <= now


def is_overdue(manifest: Manifest, now: datetime) -> bool:
    """Tell whether a text should have been reviewed by now."""
    return manifest.review_by < now.date()


def _hash_of_words(
    manifest: Manifest, language: str, values: Mapping[str, str], names: set[str]
) -> bytes:
    if language not in manifest.variants:
        language = manifest.source_language
    wording = manifest.variants[language]
    words: dict[str, Any] = {
        "language": language,
        "title": wording.title,
        "blocks": [
            {"id": shown.block, "language": shown.language, "text": fill(shown.text, values, names)}
            for shown in paragraphs(manifest, language)
        ],
    }
    return sha256(canonical(words)).digest()


def hash_of_what_holds(text: InForce) -> str:
    """Name what a project goes by right now, an emergency text included; empty where nothing is."""
    if text.emergency is not None:
        return sha256(canonical({"urn": text.urn, "emergency": dict(text.emergency)})).hexdigest()
    return effective_hash(text.manifest, text.values).hex() if text.manifest else ""
