"""What differs between two states of a text, block by block and fact by fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from protocols.history.rules.words import PageOfWords, Piece
from protocols.history.rules.written import Gap, Part, Wording, Written, words_in

State = Literal["same", "changed", "added", "removed"]
GAP = "%(type)s, filled by %(filler)s, for example %(name)s"
GAP_OF_WEIGHT = f"{GAP}, changes what a worker must know"
FACTS = ("acknowledgement", "jurisdictions", "review_by", "use_limits", "channels")


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDifference:
    """One block in one language: how it differs, and whether it stands elsewhere or is locked."""

    block: str
    language: str
    state: State
    moved: bool
    lock: Literal["same", "locked", "unlocked"]
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class FactDifference:
    """Something beside the words that was one thing and is another; empty where there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs; parts that are the same stand in it too, to be read in their order."""

    blocks: list[BlockDifference]
    facts: list[FactDifference]

    @property
    def anything(self) -> bool:
        """Tell whether a reader would find anything new."""
        return bool(self.facts) or any(
            one.state != "same" or one.moved or one.lock != "same" for one in self.blocks
        )


def differences(before: Written | None, after: Written) -> Differences:
    """Compare two states of a text; without an earlier one everything is new."""
    page = PageOfWords()
    return Differences(
        blocks=[
            one
            for language in _languages(before, after)
            for one in _blocks(before, after, language, page)
        ],
        facts=fact_differences(before, after),
    )


def fact_differences(before: Written | None, after: Written) -> list[FactDifference]:
    """Compare what stands beside the words of the parts."""
    languages = _languages(before, after)
    return [*_facts(before, after), *_titles(before, after, languages), *_gaps(before, after)]


def _languages(before: Written | None, after: Written) -> list[str]:
    return sorted(
        {*(before.variants if before else ()), *after.variants},
        key=lambda language: (language != after.source_language, language),
    )


def _blocks(
    before: Written | None, after: Written, language: str, page: PageOfWords
) -> Iterator[BlockDifference]:
    was, now = (words_in(before, language) if before else {}), words_in(after, language)
    old = {str(part.id): part for part in before.blocks} if before else {}
    new = {str(part.id): part for part in after.blocks}
    moved = _moved(list(old), list(new))
    for block in _together(list(old), list(new)):
        if block not in was and block not in now:
            continue
        text, other = was.get(block, ""), now.get(block, "")
        yield BlockDifference(
            block=block,
            language=language,
            state=_state(block in was, block in now, text == other),
            moved=block in moved,
            lock=_lock(old.get(block), new.get(block)),
            pieces=page.compare(text, other),
        )


def _state(was: bool, now: bool, same: bool) -> State:  # noqa: FBT001 -- three facts of one block
    if not was:
        return "added"
    if not now:
        return "removed"
    return "same" if same else "changed"


def _lock(was: Part | None, now: Part | None) -> Literal["same", "locked", "unlocked"]:
    if was is None or now is None or was.locked == now.locked:
        return "same"
    return "locked" if now.locked else "unlocked"


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Name the fewest blocks that changed places; all others stand in their old order."""
    stayed = [block for block in old if block in new]
    order = [block for block in new if block in old]
    kept = SequenceMatcher(None, stayed, order, autojunk=False).get_matching_blocks()
    return set(stayed) - {block for run in kept for block in stayed[run.a : run.a + run.size]}


def _together(old: list[str], new: list[str]) -> list[str]:
    """Order all blocks as they stand now, those that are gone after what they followed."""
    order = list(new)
    for place, block in enumerate(old):
        if block not in new:
            follows = old[place - 1] if place else None
            order.insert(order.index(follows) + 1 if follows in order else 0, block)
    return order


def _facts(before: Written | None, after: Written) -> Iterator[FactDifference]:
    for name in FACTS:
        was = _told(getattr(before, name)) if before else ""
        now = _told(getattr(after, name))
        if was != now:
            yield FactDifference(name, was, now)


def _titles(
    before: Written | None, after: Written, languages: list[str]
) -> Iterator[FactDifference]:
    for language in languages:
        was = before.variants.get(language) if before else None
        now = after.variants.get(language)
        for name in ("title", "question", "keywords"):
            one, other = _of_wording(was, name), _of_wording(now, name)
            if one != other:
                yield FactDifference(f"{name} ({language})", one, other)


def _of_wording(wording: Wording | None, name: str) -> str:
    return _told(getattr(wording, name)) if wording else ""


def _gaps(before: Written | None, after: Written) -> Iterator[FactDifference]:
    was = {gap.name: _gap(gap) for gap in before.placeholders} if before else {}
    now = {gap.name: _gap(gap) for gap in after.placeholders}
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield FactDifference(f"placeholder {name}", was.get(name, ""), now.get(name, ""))


def _gap(gap: Gap) -> str:
    sentence = GAP_OF_WEIGHT if gap.material else GAP
    return sentence % {"type": gap.type, "filler": gap.filled_by, "name": gap.example}


def _told(value: object) -> str:
    plain = msgspec.to_builtins(value)
    if isinstance(plain, list):
        return ", ".join(str(one) for one in plain)
    return "" if plain is None else str(plain)
