"""What the owner's draft becomes once a proposal is taken up; it is reviewed like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from federation.errors import Reason
from protocols.history.rules.written import Written, words_in
from protocols.items.rules.drafts import Draft, DraftBlock, redrafted
from protocols.items.rules.translations import is_stale
from protocols.overlays.rules.three_way import nearest_left
from protocols.proposals.errors import PartGone
from protocols.proposals.rules.parts import ProposedPart


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation that stays one of the words as they will be; one text for each part."""

    title: str
    question: str | None
    keywords: Sequence[str]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The draft as it would be; `left_out` are languages whose proposed words cannot come in."""

    draft: Draft
    translations: dict[str, Translated]
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class _Block:
    id: UUID | None
    locked: bool
    texts: dict[str, str]


def take_up(written: Written, parts: Sequence[ProposedPart], released: Sequence[UUID]) -> Taken:
    """Lay proposed parts into the draft as it stands; `released` is the order they started from."""
    blocks = _laid_in(written, parts, list(released))
    source = written.source_language
    languages = {language for part in parts for language in part.texts} | set(written.variants)
    translations = {
        language: _translated(written, language, blocks)
        for language in sorted(languages - {source})
        if _stays_whole(written, language, parts)
    }
    offered = {language for part in parts for language in part.texts} - {source}
    return Taken(
        draft=redrafted(
            written, [DraftBlock(block.texts[source], block.locked, block.id) for block in blocks]
        ),
        translations=translations,
        left_out=sorted(offered - set(translations)),
    )


def place_of(part: ProposedPart, written: Written, released: Sequence[UUID]) -> UUID | None:
    """Give the nearest part before it that the draft still has; None for the very beginning."""
    return nearest_left(part.after, released, {block.id for block in written.blocks})


def _laid_in(written: Written, parts: Sequence[ProposedPart], released: list[UUID]) -> list[_Block]:
    there = {block.id for block in written.blocks}
    changed = {part.block: part for part in parts if part.action != "add"}
    if not there.issuperset(changed):
        raise PartGone(reasons=(Reason("part-gone", "A part is not in your draft any more."),))
    added: dict[UUID | None, list[_Block]] = {}
    for part in parts:
        if part.action == "add":
            place = place_of(part, written, released)
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
    wording = written.variants.get(language)
    if wording is None or is_stale(written, language):
        return False
    whole = {str(block.id) for block in written.blocks} == set(wording.texts)
    return whole and all(language in part.texts for part in parts if part.action != "hide")


def _translated(written: Written, language: str, blocks: Sequence[_Block]) -> Translated:
    wording = written.variants[language]
    return Translated(
        wording.title,
        wording.question,
        wording.keywords,
        [block.texts[language] for block in blocks],
    )
