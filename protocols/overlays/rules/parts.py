"""A project's own parts over another's text, and the one function that lays them over it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Literal
from uuid import UUID

import msgspec

from federation.errors import Reason
from federation.partners.rules.canonical import canonical
from protocols.items.rules.drafts import source_hash
from protocols.overlays.errors import DoesNotFit
from protocols.releases.rules import Manifest, Part, Wording, is_stale

Action = Literal["replace", "add", "hide"]
Words = Mapping[str, str]
"""One part's text by language."""


class OwnPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a project says in place of a block, after a block, or instead of showing it.

    An added part has a permanent id of its own; `after` is null at the very beginning. `base` names
    the words that it was written against, `sources` the words that each translation translates.
    """

    block: UUID
    action: Action
    base: str
    reason: str
    owner: UUID
    review_by: date
    after: UUID | None = None
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    sources: dict[str, str] = msgspec.field(default_factory=dict)
    locked: bool = False

    @property
    def place(self) -> UUID | None:
        """Give the block of the other's text to which this part belongs."""
        return self.after if self.action == "add" else self.block


def words_of(manifest: Manifest, block: UUID | None) -> dict[str, str]:
    """Give what a release says in one block, by language; nothing where it has no such block."""
    key = str(block)
    return {
        language: wording.texts[key]
        for language, wording in manifest.variants.items()
        if key in wording.texts
    }


def hash_of_words(words: Words) -> str:
    """Tell one wording of a block, in all its languages, from another."""
    return sha256(canonical(words)).hexdigest()


def hash_of_text(text: str) -> str:
    """Name the text that a translation was made from."""
    return sha256(text.encode()).hexdigest()


def locked_blocks(manifest: Manifest) -> set[UUID]:
    """Name the blocks that may only be added to."""
    return {part.id for part in manifest.blocks if part.locked}


def effective(manifest: Manifest, parts: Sequence[OwnPart]) -> Manifest:
    """Lay a project's own parts over a release; refuses rather than leave one out."""
    reasons = [reason for part in parts for reason in misfits(manifest, part)]
    if not reasons and not _order(manifest, parts):
        reasons = [Reason("nothing-left", "Nothing would be left of this text. Keep one part.")]
    if reasons:
        raise DoesNotFit(reasons=tuple(reasons))
    return _laid_over(manifest, parts)


def effective_where_it_fits(
    manifest: Manifest, parts: Sequence[OwnPart], *, additions_only: bool
) -> tuple[Manifest, list[OwnPart]]:
    """Lay over what fits, and name what is set aside, for whoever has to be told.

    After a recall an earlier release holds, and on a pool's shifts the pool's words do: a project's
    own words for what others decided step back, while its additions stay, at the end if need be.
    """
    ids = {part.id for part in manifest.blocks}
    last = manifest.blocks[-1].id
    kept, aside = [], []
    for part in parts:
        if part.action == "add" and part.block not in ids:
            lost = part.after is not None and part.after not in ids
            kept.append(msgspec.structs.replace(part, after=last) if lost else part)
        elif additions_only or misfits(manifest, part):
            aside.append(part)
        else:
            kept.append(part)
    if not _order(manifest, kept):
        kept, aside = [], list(parts)
    return _laid_over(manifest, kept), aside


def effective_then(manifest: Manifest, parts: Sequence[OwnPart]) -> Manifest | None:
    """Lay parts over an earlier release, to know which words were read then; None without a place.

    Only the place counts: whoever read exactly these words has read them.
    """
    for part in parts:
        reasons = misfits(manifest, part)
        if any(reason.code != "another-wording" for reason in reasons):
            return None
    return _laid_over(manifest, parts) if _order(manifest, parts) else None


def misfits(manifest: Manifest, part: OwnPart) -> list[Reason]:
    """Tell why a part cannot be laid over a release: its place is gone, locked, or reworded."""
    ids = {block.id for block in manifest.blocks}
    if part.action == "add":
        return _misplaced(part, ids)
    if part.block not in ids:
        return [
            Reason("no-such-part", "The part that you changed is not in this version any more.")
        ]
    if part.block in locked_blocks(manifest):
        return [Reason("only-added-to", "This part is locked: you can add to it, not change it.")]
    if part.base != hash_of_words(words_of(manifest, part.block)):
        return [Reason("another-wording", "The part that you changed has been reworded since.")]
    return []


def stale_own(parts: Iterable[OwnPart], source_language: str) -> list[tuple[UUID, str]]:
    """Name the own parts and languages whose translation is of earlier words: it is not shown."""
    return [
        (part.block, language)
        for part in parts
        for language in part.texts
        if language != source_language and not _is_current(part, language, source_language)
    ]


def stale_languages(manifest: Manifest, parts: Sequence[OwnPart]) -> set[str]:
    """Name the languages in which something would be out of date, and is left out for that."""
    theirs = {language for language in manifest.variants if is_stale(manifest, language)}
    return theirs | {language for _, language in stale_own(parts, manifest.source_language)}


def is_about_safety(manifest: Manifest) -> bool:
    """Tell whether a text is one that must never be out of date in silence."""
    return manifest.protocol_kind == "safeguarding" or bool(locked_blocks(manifest))


def _misplaced(part: OwnPart, ids: Collection[UUID]) -> list[Reason]:
    if part.block in ids:
        return [Reason("part-exists", "This version has a part with the id of yours.")]
    if part.after is not None and part.after not in ids:
        return [Reason("no-such-place", "The part that yours follows is not in this version.")]
    return []


def _laid_over(manifest: Manifest, parts: Sequence[OwnPart]) -> Manifest:
    if not parts:
        return manifest
    order = _order(manifest, parts)
    source = manifest.source_language
    own = {str(part.block): part for part in parts if part.action != "hide"}
    texts = {
        language: _texts(wording, order, own, language, source)
        for language, wording in manifest.variants.items()
    }
    said = source_hash(texts[source]).hex()
    variants = {
        language: msgspec.structs.replace(
            wording,
            texts=texts[language],
            # a translation that was right stays right: what it does not say is shown untranslated
            source=wording.source if is_stale(manifest, language) or language == source else said,
        )
        for language, wording in manifest.variants.items()
    }
    return msgspec.structs.replace(manifest, blocks=order, variants=variants)


def _order(manifest: Manifest, parts: Sequence[OwnPart]) -> list[Part]:
    hidden = {part.block for part in parts if part.action == "hide"}
    added: dict[UUID | None, list[Part]] = {}
    for part in parts:
        if part.action == "add":
            added.setdefault(part.after, []).append(Part(id=part.block, locked=False))
    order = list(added.get(None, []))
    for block in manifest.blocks:
        if block.id not in hidden:
            order.append(block)
        order += added.get(block.id, [])
    return order


def _texts(
    wording: Wording, order: list[Part], own: Mapping[str, OwnPart], language: str, source: str
) -> dict[str, str]:
    found = {}
    for block in (str(part.id) for part in order):
        part = own.get(block)
        if part is not None and _is_current(part, language, source):
            found[block] = part.texts[language]
        elif part is None and block in wording.texts:
            found[block] = wording.texts[block]
    return found


def _is_current(part: OwnPart, language: str, source: str) -> bool:
    if language not in part.texts:
        return False
    return language == source or part.sources.get(language) == hash_of_text(part.texts[source])
