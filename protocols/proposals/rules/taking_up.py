"""What the owner's draft becomes once a proposal is taken up; it is reviewed like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from federation.errors import Reason
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.history.rules.written import Written, words_in
from protocols.items.rules.drafts import DraftBlock, redrafted
from protocols.items.rules.translations import is_stale
from protocols.overlays.rules.three_way import nearest_left
from protocols.proposals.errors import PartGone
from protocols.proposals.rules.parts import ProposedPart
from protocols.releases.rules import Manifest


@dataclass(frozen=True, slots=True)
class _Block:
    id: UUID | None
    locked: bool
    texts: dict[str, str]


def take_up(written: Written, parts: Sequence[ProposedPart], base: Manifest) -> ExchangedText:
    """Lay proposed parts into the draft as it stands; `base` is the release they started from."""
    blocks = _laid_in(written, parts, base)
    source = written.source_language
    return ExchangedText(
        draft=redrafted(
            written, [DraftBlock(block.texts[source], block.locked, block.id) for block in blocks]
        ),
        translations={
            language: _translated(written, language, blocks)
            for language in sorted(written.variants.keys() - {source})
            if _stays_whole(written, language, parts)
        },
    )


def left_out(written: Written, parts: Sequence[ProposedPart]) -> list[str]:
    """Name the languages whose proposed words cannot come in."""
    offered = {language for part in parts for language in part.texts} - {written.source_language}
    return sorted(one for one in offered if not _stays_whole(written, one, parts))


def place_of(part: ProposedPart, written: Written, base: Manifest) -> UUID | None:
    """Give the nearest part before it that the draft still has; None for the very beginning."""
    before = [block.id for block in base.blocks]
    return nearest_left(part.after, before, {block.id for block in written.blocks})


def _laid_in(written: Written, parts: Sequence[ProposedPart], base: Manifest) -> list[_Block]:
    there = {block.id for block in written.blocks}
    changed = {part.block: part for part in parts if part.action != "add"}
    if not there.issuperset(changed):
        raise PartGone(reasons=(Reason("part-gone", "A part is not in your draft any more."),))
    added: dict[UUID | None, list[_Block]] = {}
    for part in parts:
        if part.action == "add":
            place = place_of(part, written, base)
            added.setdefault(place, []).append(_Block(None, locked=False, texts=dict(part.texts)))
    blocks = list(added.get(None, []))
    for block in _blocks(written):
        other = changed.get(block.id) if block.id else None
        if other is None:
            blocks.append(block)
        elif other.action == "replace":
            blocks.append(replace(block, texts=block.texts | other.texts))
        blocks += added.get(block.id, [])
    return blocks


def _blocks(written: Written) -> list[_Block]:
    said = {language: words_in(written, language) for language in written.variants}
    return [
        _Block(
            block.id,
            block.locked,
            {tag: texts[str(block.id)] for tag, texts in said.items() if str(block.id) in texts},
        )
        for block in written.blocks
    ]


def _stays_whole(written: Written, language: str, parts: Sequence[ProposedPart]) -> bool:
    """Tell whether a translation that is right stays so: all that changes is proposed in it."""
    if language not in written.variants or is_stale(written, language):
        return False
    whole = {str(block.id) for block in written.blocks} == set(written.variants[language].texts)
    return whole and all(language in part.texts for part in parts if part.action != "hide")


def _translated(written: Written, language: str, blocks: Sequence[_Block]) -> Translated:
    wording = written.variants[language]
    return Translated(
        title=wording.title,
        question=wording.question,
        keywords=wording.keywords,
        texts=[block.texts[language] for block in blocks],
    )
