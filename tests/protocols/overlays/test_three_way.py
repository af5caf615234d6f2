from collections.abc import Mapping
from uuid import UUID

import pytest

from protocols.overlays.errors import DoesNotFit, Undecided
from protocols.overlays.rules.parts import OwnPart, effective
from protocols.overlays.rules.three_way import Decision, Step, compare, settle
from protocols.releases.rules import Manifest
from tests.protocols.overlays.manifests import ON_CALL, Facts, block, english, manifest, own

VALUES = {"on_call": "0113"}
BASE = manifest({"a": "Two.", "b": "Ring.", "c": "Close."})


def kinds(parts: list[OwnPart], theirs: Manifest) -> dict[str, tuple[str, tuple[str, ...]]]:
    names = {block(name): name for name in ("a", "b", "c", "d", "ours")}
    return {
        names[step.block]: (step.kind, step.choices)
        for step in compare(BASE, parts, theirs, VALUES)
    }


def update(
    parts: list[OwnPart], theirs: Manifest, decisions: Mapping[UUID, Decision] | None = None
) -> list[str]:
    steps = compare(BASE, parts, theirs, VALUES)
    return english(effective(theirs, settle(steps, decisions or {}, theirs, VALUES)))


def test_what_one_side_changed_is_proposed() -> None:
    theirs = manifest({"a": "Two, always.", "b": "Ring.", "d": "Breathe."}, sequence=2)
    ours = [own(BASE, "replace", "b", {"en": "Ring Kim."})]
    assert kinds(ours, theirs) == {
        "a": ("theirs", ()),
        "b": ("ours", ()),
        "d": ("new", ()),
        "c": ("gone", ()),
    }
    assert update(ours, theirs) == ["Two, always.", "Ring Kim.", "Breathe."]


def test_what_both_changed_is_decided_by_a_person() -> None:
    theirs = manifest({"a": "Two, always.", "b": "Ring.", "c": "Close."}, sequence=2)
    ours = [own(BASE, "replace", "a", {"en": "Three."})]
    assert kinds(ours, theirs)["a"] == ("both", ("ours", "theirs", "text"))
    with pytest.raises(Undecided) as refused:
        update(ours, theirs)
    assert [reason.code for reason in refused.value.reasons] == ["not-decided"]
    with pytest.raises(Undecided) as refused:
        update(ours, theirs, {block("a"): Decision("add")})
    assert [reason.code for reason in refused.value.reasons] == ["no-such-choice"]
    assert [
        update(ours, theirs, {block("a"): decision})[0]
        for decision in (
            Decision("ours"),
            Decision("theirs"),
            Decision("text", {"en": "Three, always."}),
        )
    ] == ["Three.", "Two, always.", "Three, always."]


def test_a_part_whose_block_is_gone_is_decided_by_a_person() -> None:
    theirs = manifest({"a": "Two.", "c": "Close."}, sequence=2)
    ours = [own(BASE, "replace", "b", {"en": "Ring Kim."})]
    assert kinds(ours, theirs)["b"] == ("block-gone", ("ours", "theirs"))
    assert update(ours, theirs, {block("b"): Decision("ours")}) == ["Two.", "Ring Kim.", "Close."]
    assert update(ours, theirs, {block("b"): Decision("theirs")}) == ["Two.", "Close."]


def test_a_part_whose_place_is_gone_is_decided_by_a_person() -> None:
    theirs = manifest({"c": "Close.", "a": "Two."}, sequence=2)
    ours = [own(BASE, "add", "ours", {"en": "Our line."}, after=block("b"))]
    assert kinds(ours, theirs)["ours"] == ("place-gone", ("ours", "theirs"))
    kept = update(ours, theirs, {block("ours"): Decision("ours")})
    assert kept == ["Close.", "Two.", "Our line."]
    assert update(ours, theirs, {block("ours"): Decision("theirs")}) == ["Close.", "Two."]
    # nothing before it is left: then it stands at the beginning
    first = [own(BASE, "add", "ours", {"en": "Our line."}, after=block("a"))]
    last = manifest({"c": "Close."}, sequence=2)
    assert update(first, last, {block("ours"): Decision("ours")}) == ["Our line.", "Close."]


def test_what_they_locked_is_theirs_and_can_be_added_to() -> None:
    theirs = manifest({"a": "Two.", "b": "Ring."}, Facts(locked=("a", "b")), sequence=2)
    ours = [own(BASE, "replace", "a", {"en": "Three."}), own(BASE, "hide", "b")]
    found = kinds(ours, theirs)
    assert found["a"] == ("locked", ("theirs", "add"))
    assert found["b"] == ("locked", ("theirs",))
    decided = {block("a"): Decision("add"), block("b"): Decision("theirs")}
    assert update(ours, theirs, decided) == ["Two.", "Three.", "Ring."]


def test_what_they_reworded_under_a_hidden_part_is_decided_by_a_person() -> None:
    theirs = manifest({"a": "Two, always.", "b": "Ring.", "c": "Close."}, sequence=2)
    ours = [own(BASE, "hide", "a")]
    assert kinds(ours, theirs)["a"] == ("both", ("ours", "theirs", "text"))
    assert update(ours, theirs, {block("a"): Decision("ours")}) == ["Ring.", "Close."]
    assert update(ours, theirs, {block("a"): Decision("text", {"en": "Three."})})[0] == "Three."


def test_an_accepted_proposal_converges_and_the_own_part_is_dropped() -> None:
    """They say with a gap what we said with our number: nothing of our own is left."""
    facts = Facts(gaps=(ON_CALL,))
    theirs = manifest(
        {"a": "Two.", "b": "Ring {{on_call}}.", "d": "Breathe.", "c": "Close."}, facts, sequence=2
    )
    ours = [
        own(BASE, "replace", "b", {"en": "Ring 0113."}),
        own(BASE, "add", "ours", {"en": "Breathe."}, after=block("b")),
    ]
    found = kinds(ours, theirs)
    assert (found["b"], found["ours"]) == (("same", ()), ("same", ()))
    steps = compare(BASE, ours, theirs, VALUES)
    assert settle(steps, {}, theirs, VALUES) == []


def test_a_translation_that_they_do_not_have_is_not_dropped() -> None:
    dutch = manifest({"a": "Two.", "b": "Ring."}, Facts(dutch={"a": "Twee."}))
    theirs = manifest({"a": "Three.", "b": "Ring."}, Facts(dutch={"b": "Bel."}), sequence=2)
    ours = [own(dutch, "replace", "a", {"en": "Three.", "nl": "Drie."})]
    [first, _] = compare(dutch, ours, theirs, {})
    assert (first.kind, first.choices) == ("both", ("ours", "theirs", "text"))


def test_an_id_that_they_use_now_is_decided_by_a_person() -> None:
    theirs = manifest({"a": "Two.", "ours": "Theirs.", "b": "Ring."}, sequence=2)
    ours = [own(BASE, "add", "ours", {"en": "Our line."}, after=block("a"))]
    assert kinds(ours, theirs)["ours"] == ("both", ("ours", "theirs", "text"))
    assert update(ours, theirs, {block("ours"): Decision("ours")}) == ["Two.", "Our line.", "Ring."]


def test_parts_that_do_not_fit_where_they_come_from_are_never_lost_in_silence() -> None:
    other = manifest({"x": "Other."})
    with pytest.raises(DoesNotFit):
        compare(other, [own(BASE, "replace", "a", {"en": "Three."})], BASE, VALUES)


def test_each_step_shows_base_ours_and_theirs() -> None:
    theirs = manifest({"a": "Two, always."}, sequence=2)
    part = own(BASE, "replace", "a", {"en": "Three."})
    [first, *_] = compare(BASE, [part], theirs, VALUES)
    assert first == Step(
        block=block("a"),
        kind="both",
        base={"en": "Two."},
        ours={"en": "Three."},
        theirs={"en": "Two, always."},
        part=part,
        choices=("ours", "theirs", "text"),
    )
