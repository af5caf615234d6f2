"""What a recall means for a text that was derived from the withdrawn one."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from protocols.items.rules.placeholders import fields_in
from protocols.recalls.rules import Words
from protocols.releases.rules import Manifest, current_languages, paragraphs

ASK = {"en": "This text has been withdrawn. Ask your coordinator before you go on."}
"""What holds where nothing better is known of the text's source."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is withdrawn of a derived text: all of it, or one block; and what is said instead."""

    block: UUID | None
    texts: Words


def what_follows(
    derived: Manifest,
    source: Manifest | None,
    block: UUID | None,
    instead: Words,
) -> Withdrawal | None:
    """Tell what of a derived text goes with its source; None where that part is not in it.

    `source` is the release that was withdrawn. Where a derived text has none of its blocks, nobody
    can tell where the withdrawn part went: all of it is withdrawn.
    """
    said = instead if instead and _fills(derived, instead) else ASK
    if block is None:
        return Withdrawal(None, said)
    here = {part.id for part in derived.blocks}
    if block in here:
        return Withdrawal(block, _also_in_source(derived, said))
    if source is not None and here & {part.id for part in source.blocks}:
        return None
    return Withdrawal(None, said)


def _fills(derived: Manifest, said: Words) -> bool:
    """Tell whether who uses a derived text has a value for each gap in other words."""
    declared = {gap.name for gap in derived.placeholders}
    return all(fields_in(text) <= declared for text in said.values())


def in_short(derived: Manifest, follows: Withdrawal) -> Withdrawal:
    """Withdraw the same with the fewest words, where those of the source are too many to travel."""
    return Withdrawal(follows.block, _also_in_source(derived, ASK) if follows.block else ASK)


def words_of(manifest: Manifest) -> dict[str, str]:
    """Give all that a release says, in the languages that say what the source says."""
    return {
        language: "\n\n".join(part.text for part in paragraphs(manifest, language))
        for language in sorted(current_languages(manifest))
    }


def _also_in_source(derived: Manifest, said: Words) -> Words:
    return {derived.source_language: _first(said), **said}


def _first(said: Mapping[str, str]) -> str:
    return said["en"] if "en" in said else said[min(said)]
