"""What becomes of a project's own parts when a newer release comes: base, ours and theirs by block.

Nothing here is live: what comes out is proposed, and somebody approves it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from federation.errors import Reason
from protocols.items.rules.placeholders import fill
from protocols.overlays.errors import Undecided
from protocols.overlays.rules.parts import (
    OwnPart,
    Words,
    effective,
    hash_of_text,
    hash_of_words,
    locked_blocks,
    words_of,
)
from protocols.releases.rules import Manifest

NOT_DECIDED = "Decide what holds for the part “%(words)s”."
NO_SUCH_CHOICE = "This cannot be chosen for the part “%(words)s”."

Kind = Literal[
    "unchanged",  # nobody changed it
    "theirs",  # they reworded what we have not touched
    "new",  # they added it
    "gone",  # they took out what we have not touched
    "ours",  # we said something of our own, they changed nothing
    "same",  # both say the same now: our own part is not needed any more
    "both",  # both changed it
    "block-gone",  # they took out what we reworded
    "place-gone",  # they took out what our own part follows
    "locked",  # they locked what we changed
]
Choice = Literal["ours", "theirs", "text", "add"]
"""Keep ours, take theirs, a wording for both, or theirs with ours after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One block as it was, as we have it, as they have it now; with choices, a person decides.

    `place` is the block that it would follow, of those that are still there.
    """

    block: UUID
    kind: Kind
    base: Words
    ours: Words
    theirs: Words
    part: OwnPart | None = None
    choices: tuple[Choice, ...] = ()
    place: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says about one block; `texts` where it is a wording of its own."""

    choice: Choice
    texts: Mapping[str, str] = field(default_factory=dict)


def compare(
    base: Manifest, parts: Sequence[OwnPart], theirs: Manifest, values: Mapping[str, str]
) -> list[Step]:
    """Walk through both versions in the newer one's order: each block and own part, once."""
    effective(base, parts)
    return list(_steps(_Sides(base, parts, theirs, values)))


def settle(
    steps: Sequence[Step],
    decisions: Mapping[UUID, Decision],
    theirs: Manifest,
    values: Mapping[str, str],
) -> list[OwnPart]:
    """Give the own parts over the newer release, or refuse while anything is undecided."""
    reasons = [reason for step in steps for reason in _undecided(step, decisions.get(step.block))]
    if reasons:
        raise Undecided(reasons=tuple(reasons))
    settled = (
        _settled(step, decisions.get(step.block) if step.choices else None, theirs)
        for step in steps
    )
    return [
        part
        for part in settled
        if part is not None and not says_the_same(part.texts, words_of(theirs, part.block), values)
    ]


def says_the_same(ours: Words, theirs: Words, values: Mapping[str, str]) -> bool:
    """Tell whether all that we say they say as well, once the project's values are in."""
    return bool(ours) and all(
        language in theirs and fill(text, values) == fill(theirs[language], values)
        for language, text in ours.items()
    )


def nearest_left(
    block: UUID | None, before: Sequence[UUID], there: Collection[UUID]
) -> UUID | None:
    """Give the block, or the nearest before it, that is still there; None for the beginning."""
    if block not in before:
        return None
    earlier = before[: before.index(block) + 1]
    return next((one for one in reversed(earlier) if one in there), None)


class _Sides:
    def __init__(
        self,
        base: Manifest,
        parts: Sequence[OwnPart],
        theirs: Manifest,
        values: Mapping[str, str],
    ) -> None:
        self.base, self.theirs, self.values = base, theirs, values
        self.locked = locked_blocks(theirs)
        self.before = [part.id for part in base.blocks]
        self.now = [part.id for part in theirs.blocks]
        self.known, self.there = set(self.before), set(self.now)
        self.own = {part.block: part for part in parts}
        self.added: dict[UUID | None, list[OwnPart]] = {}
        for part in parts:
            if part.action == "add" and part.block not in self.there:
                self.added.setdefault(part.after, []).append(part)
        self.new = [words_of(theirs, one) for one in self.now if one not in self.known]


def _steps(sides: _Sides) -> Iterator[Step]:
    for part in sides.added.get(None, []):
        yield _addition(sides, part, place_is_there=True)
    remaining = [block for block in sides.before if block not in sides.there]
    for block in sides.now:
        yield _present(sides, block)
        for part in sides.added.get(block, []):
            yield _addition(sides, part, place_is_there=True)
    for block in remaining:
        yield _absent(sides, block)
        for part in sides.added.get(block, []):
            yield _addition(sides, part, place_is_there=False)


def _present(sides: _Sides, block: UUID) -> Step:
    base, theirs = words_of(sides.base, block), words_of(sides.theirs, block)
    part = sides.own.get(block)
    if part is None:
        kind: Kind = "unchanged" if base == theirs else "theirs"
        if block not in sides.known:
            kind = "new"
        return Step(block=block, kind=kind, base=base, ours=base, theirs=theirs)
    kind, choices = _contest(sides, part, theirs)
    return Step(
        block=block,
        kind=kind,
        base=base,
        ours=part.texts,
        theirs=theirs,
        part=part,
        choices=choices,
    )


def _contest(sides: _Sides, part: OwnPart, theirs: Words) -> tuple[Kind, tuple[Choice, ...]]:
    if says_the_same(part.texts, theirs, sides.values):
        return "same", ()
    if part.block in sides.locked:
        return "locked", ("theirs",) if part.action == "hide" else ("theirs", "add")
    if part.action != "add" and part.base == hash_of_words(theirs):
        return "ours", ()
    return "both", ("ours", "theirs", "text")


def _absent(sides: _Sides, block: UUID) -> Step:
    base = words_of(sides.base, block)
    part = sides.own.get(block)
    if part is None:
        return Step(block=block, kind="gone", base=base, ours=base, theirs={})
    if part.action == "hide":
        return Step(block=block, kind="same", base=base, ours={}, theirs={}, part=part)
    return Step(
        block=block,
        kind="block-gone",
        base=base,
        ours=part.texts,
        theirs={},
        part=part,
        choices=("ours", "theirs"),
        place=nearest_left(block, sides.before, sides.there),
    )


def _addition(sides: _Sides, part: OwnPart, *, place_is_there: bool) -> Step:
    taken_up = next(
        (said for said in sides.new if says_the_same(part.texts, said, sides.values)),
        None,
    )
    kind: Kind = "ours" if place_is_there else "place-gone"
    if taken_up is not None:
        kind = "same"
    return Step(
        block=part.block,
        kind=kind,
        base={},
        ours=part.texts,
        theirs=taken_up or {},
        part=part,
        choices=("ours", "theirs") if kind == "place-gone" else (),
        place=part.after if place_is_there else nearest_left(part.after, sides.before, sides.there),
    )


def _undecided(step: Step, decision: Decision | None) -> list[Reason]:
    if not step.choices:
        return []
    said = next(iter(step.ours.values()), "") or next(iter(step.base.values()), "")
    where = {"words": said[:60]}
    if decision is None:
        return [Reason("not-decided", NOT_DECIDED % where)]
    if decision.choice not in step.choices:
        return [Reason("no-such-choice", NO_SUCH_CHOICE % where)]
    return []


def _settled(step: Step, decision: Decision | None, theirs: Manifest) -> OwnPart | None:
    part, choice = step.part, decision.choice if decision else None
    if part is None or step.kind == "same" or choice == "theirs":
        return None
    if choice == "text" and decision is not None:
        part = reworded(part, decision.texts, theirs.source_language)
    if choice == "add" or step.kind == "block-gone":
        after = step.block if choice == "add" else step.place
        return _as_addition(part, theirs, after=after)
    if part.action == "add" and step.kind == "both":
        part = msgspec.structs.replace(part, action="replace", after=None)
    elif part.action == "add":
        part = msgspec.structs.replace(part, after=step.place)
    return based_on(theirs, part)


def _as_addition(part: OwnPart, theirs: Manifest, *, after: UUID | None) -> OwnPart:
    """Keep our words after what they say; the new id follows from the old: twice is once."""
    added = msgspec.structs.replace(
        part, block=uuid5(part.block, "kept beside"), action="add", after=after
    )
    return based_on(theirs, added)


def based_on(manifest: Manifest, part: OwnPart) -> OwnPart:
    """Note which words of a release a part has been written, or decided, against."""
    place = part.place
    return msgspec.structs.replace(
        part,
        base=hash_of_words(words_of(manifest, place)),
        locked=place in locked_blocks(manifest),
    )


def reworded(part: OwnPart, texts: Mapping[str, str], source_language: str) -> OwnPart:
    """Put other words into a part, every language of them written for these words."""
    action = "replace" if part.action == "hide" else part.action
    source = hash_of_text(texts.get(source_language, ""))
    sources = {language: source for language in texts if language != source_language}
    return msgspec.structs.replace(part, action=action, texts=dict(texts), sources=sources)
