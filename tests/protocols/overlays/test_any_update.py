"""What must hold of any update: random releases, own parts and decisions (issue: proof)."""

from collections.abc import Mapping
from itertools import product
from typing import NamedTuple
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from protocols.overlays.rules.parts import (
    OwnPart,
    effective,
    effective_where_it_fits,
    locked_blocks,
    words_of,
)
from protocols.overlays.rules.three_way import Decision, Step, compare, says_the_same, settle
from protocols.releases.rules import Manifest, Part, manifest_bytes
from tests.protocols.overlays.manifests import ON_CALL, Facts, block, english, manifest, own

ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long it takes says only how busy the machine is."""

NAMES = "abcdef"
TEXTS = ["One.", "Two.", "Three.", "Ring 0113.", "Ring {{on_call}}."]
VALUES = {"on_call": "0113"}
WORDS = st.sampled_from(TEXTS)


class Update(NamedTuple):
    """A release, a project's own parts over it, the next release, and somebody's decisions."""

    base: Manifest
    parts: list[OwnPart]
    theirs: Manifest
    steps: list[Step]
    decisions: Mapping[UUID, Decision]
    settled: list[OwnPart]


@st.composite
def releases(draw: st.DrawFn, sequence: int) -> Manifest:
    names = draw(st.permutations(NAMES).map(lambda all_: all_[: 1 + hash_free(all_)]))
    texts = {name: draw(WORDS) for name in names}
    locked = draw(st.sets(st.sampled_from(names)))
    dutch = {name: f"NL {text}" for name, text in texts.items() if draw(st.booleans())}
    facts = Facts(
        locked=tuple(locked),
        dutch=draw(st.sampled_from([None, dutch])),
        stale=draw(st.booleans()),
        gaps=(ON_CALL,),
    )
    return manifest(texts, facts, sequence)


def hash_free(names: list[str]) -> int:
    """Let the order also say how many there are: the smallest example is one block."""
    return NAMES.index(names[-1])


@st.composite
def overlays(draw: st.DrawFn, release: Manifest) -> list[OwnPart]:
    parts = []
    free = [name for name in NAMES if block(name) in {one.id for one in release.blocks}]
    for name in free:
        locked = block(name) in locked_blocks(release)
        actions = ["none"] if locked else ["none", "replace", "hide"]
        action = draw(st.sampled_from(actions))
        if action == "replace":
            texts = {"en": draw(WORDS)} | draw(st.sampled_from([{}, {"nl": "NL eigen."}]))
            part = own(release, "replace", name, texts)
            if not says_the_same(part.texts, words_of(release, part.block), VALUES):
                parts.append(part)
        elif action == "hide":
            parts.append(own(release, "hide", name))
    for number in range(draw(st.integers(0, 3))):
        after = draw(st.sampled_from([None, *(block(name) for name in free)]))
        text = draw(st.sampled_from([*TEXTS, "Our line."]))
        parts.append(own(release, "add", f"own {number}", {"en": text}, after=after))
    assume(len(hidden(parts)) < len(release.blocks))
    return parts


@st.composite
def updates(draw: st.DrawFn) -> Update:
    base = draw(releases(1))
    parts = draw(overlays(base))
    theirs = draw(releases(2))
    steps = compare(base, parts, theirs, VALUES)
    decisions = {
        step.block: Decision(draw(st.sampled_from(step.choices)), {"en": draw(WORDS)})
        for step in steps
        if step.choices
    }
    settled = settle(steps, decisions, theirs, VALUES)
    assume(len(hidden(settled)) < len(theirs.blocks))
    return Update(base, parts, theirs, steps, decisions, settled)


def hidden(parts: list[OwnPart]) -> set[UUID]:
    return {part.block for part in parts if part.action == "hide"}


@ANY
@given(updates())
def test_every_block_and_every_own_part_comes_up_once(update: Update) -> None:
    seen = [step.block for step in update.steps]
    wanted = {
        *(part.id for part in update.base.blocks),
        *(part.id for part in update.theirs.blocks),
        *(part.block for part in update.parts),
    }
    assert sorted(seen) == sorted(wanted)


@ANY
@given(updates())
def test_no_block_is_lost(update: Update) -> None:
    shown = effective(update.theirs, update.settled)
    away = hidden(update.settled)
    kept = {part.id for part in shown.blocks}
    assert {part.id for part in update.theirs.blocks} - away <= kept
    reworded = {part.block for part in update.settled if part.action == "replace"}
    for part in update.theirs.blocks:
        if part.id not in away | reworded:
            assert words_of(shown, part.id) == words_of(update.theirs, part.id)


@ANY
@given(updates())
def test_no_own_part_is_lost_unless_they_say_it_or_somebody_let_it_go(update: Update) -> None:
    said = english(effective(update.theirs, update.settled))
    for step in update.steps:
        decided = update.decisions.get(step.block)
        if step.part is None or step.kind == "same" or step.part.action == "hide":
            continue
        if decided is None or decided.choice in {"ours", "add"}:
            wanted = step.part.texts["en"]
            assert wanted in said or says_the_same(step.part.texts, step.theirs, VALUES)
        elif decided.choice == "text":
            assert decided.texts["en"] in said or says_the_same(decided.texts, step.theirs, VALUES)


@ANY
@given(updates())
def test_what_somebody_hid_stays_hidden_only_while_nothing_changed_there(update: Update) -> None:
    for step in update.steps:
        if step.part is not None and step.part.action == "hide" and step.theirs != step.base:
            assert step.kind in {"both", "locked", "same"}
            assert step.choices or not step.theirs


@ANY
@given(updates())
def test_locked_blocks_only_grow(update: Update) -> None:
    shown = effective(update.theirs, update.settled)
    order = [part.id for part in shown.blocks]
    locked = [part.id for part in update.theirs.blocks if part.locked]
    assert [one for one in order if one in set(locked)] == locked
    for one in locked:
        assert words_of(shown, one) == words_of(update.theirs, one)


@ANY
@given(updates())
def test_the_same_update_again_changes_nothing(update: Update) -> None:
    again = compare(update.theirs, update.settled, update.theirs, VALUES)
    assert [step for step in again if step.choices] == []
    settled = settle(again, {}, update.theirs, VALUES)
    assert sorted(settled, key=lambda part: part.block) == sorted(
        update.settled, key=lambda part: part.block
    )
    assert manifest_bytes(effective(update.theirs, settled)) == manifest_bytes(
        effective(update.theirs, update.settled)
    )


@ANY
@given(updates())
def test_nothing_of_the_releases_themselves_is_touched(update: Update) -> None:
    before = manifest_bytes(update.theirs)
    effective(update.theirs, update.settled)
    assert manifest_bytes(update.theirs) == before
    assert manifest_bytes(effective(update.theirs, [])) == before


@ANY
@given(update=updates(), additions_only=st.booleans())
def test_where_the_text_goes_back_nothing_of_it_is_lost_either(
    update: Update, *, additions_only: bool
) -> None:
    """After a recall the earlier release holds; on a pool's shifts the pool's words do."""
    everything = [Part(id=part.id, locked=True) for part in update.base.blocks]
    locked_now = msgspec.structs.replace(update.base, blocks=everything)
    for release, parts in product(
        (update.base, update.theirs, locked_now), (update.parts, update.settled)
    ):
        shown, aside = effective_where_it_fits(release, parts, additions_only=additions_only)
        kept = [part for part in parts if part not in aside]
        away, reworded = hidden(kept), {part.block for part in kept if part.action == "replace"}
        locked = locked_blocks(release)
        assert not locked & (away | reworded)
        assert not additions_only or not away | reworded
        for part in release.blocks:
            if part.id not in away | reworded:
                assert words_of(shown, part.id) == words_of(release, part.id)
        theirs = [part.id for part in release.blocks if part.id not in away]
        there = [part.id for part in shown.blocks]
        assert [one for one in there if one in set(theirs)] == theirs
        assert {part.block for part in kept if part.action != "hide"} <= set(there)
