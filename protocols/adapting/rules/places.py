"""A text with a project's own parts, as values to be shown: place by place, and what it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from federation.errors import Reason
from protocols.adoption.rules import reasons_against_values
from protocols.history.rules.differences import Differences, FactDifference, differences
from protocols.overlays.errors import DoesNotFit
from protocols.overlays.rules.parts import OwnPart, Words, effective, locked_blocks, words_of
from protocols.releases.rules import Manifest, written_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One part of another's text with what the project says there; no block is the beginning."""

    block: UUID | None
    theirs: Words
    locked: bool
    own: OwnPart | None
    added: tuple[OwnPart, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would make of the live text; with reasons it cannot go live as it stands."""

    differences: Differences | None
    values: list[FactDifference]
    reasons: list[Reason]

    @property
    def anything(self) -> bool:
        """Tell whether a reader would find anything new."""
        return bool(self.values) or (self.differences is not None and self.differences.anything)


def places(manifest: Manifest, parts: Sequence[OwnPart]) -> list[Place]:
    """Lay own parts beside the text that they belong to, in its order."""
    locked = locked_blocks(manifest)
    own = {part.block: part for part in parts if part.action != "add"}
    blocks: list[UUID | None] = [None, *(block.id for block in manifest.blocks)]
    return [
        Place(
            block=block,
            theirs=words_of(manifest, block),
            locked=block in locked,
            own=own.get(block) if block else None,
            added=tuple(part for part in parts if part.action == "add" and part.after == block),
        )
        for block in blocks
    ]


def outcome(
    live: tuple[Manifest, Mapping[str, str]] | None,
    manifest: Manifest,
    parts: Sequence[OwnPart],
    values: Mapping[str, str],
) -> Outcome:
    """Compare what would be live, with own parts and values in, with what is."""
    was = live[1] if live else {}
    changed = [
        FactDifference(name, was.get(name, ""), values.get(name, ""))
        for name in sorted({*was, *values})
        if was.get(name, "") != values.get(name, "")
    ]
    missing = reasons_against_values(manifest, values)
    try:
        text = effective(manifest, parts)
    except DoesNotFit as refusal:
        return Outcome(None, changed, [*refusal.reasons, *missing])
    before = written_in(live[0]) if live else None
    return Outcome(differences(before, written_in(text)), changed, missing)
