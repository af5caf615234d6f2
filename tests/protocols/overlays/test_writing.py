from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from protocols.items.rules.drafts import LONGEST_PART
from protocols.overlays.rules.parts import OwnPart, hash_of_text, hash_of_words, words_of
from protocols.overlays.rules.writing import Told, own_part, reasons_against_part
from tests.protocols.overlays.manifests import (
    ON_CALL,
    OWNER,
    REVIEW,
    Facts,
    block,
    manifest,
)

TODAY = date(2027, 1, 5)
FACTS = Facts(locked=("b",), dutch={"a": "Twee."}, gaps=(ON_CALL,))
RELEASE = manifest({"a": "Ring {{on_call}}.", "b": "Close."}, FACTS)
TOLD = Told(
    action="replace",
    block=block("a"),
    texts={"en": "Ring Kim.", "nl": "Bel Kim."},
    reason="We ring Kim.",
    review_by=REVIEW,
)


def codes(told: Told, *, on_shifts: bool = False) -> list[str]:
    part = own_part(RELEASE, told, OWNER, None)
    reasons = reasons_against_part(
        RELEASE, part, values={"on_call": "0113"}, on_shifts=on_shifts, today=TODAY
    )
    return [reason.code for reason in reasons]


def test_a_part_knows_what_it_was_written_against() -> None:
    assert own_part(RELEASE, TOLD, OWNER, None) == OwnPart(
        block=block("a"),
        action="replace",
        base=hash_of_words(words_of(RELEASE, block("a"))),
        reason="We ring Kim.",
        owner=OWNER,
        review_by=REVIEW,
        texts={"en": "Ring Kim.", "nl": "Bel Kim."},
        sources={"nl": hash_of_text("Ring Kim.")},
    )
    assert codes(TOLD) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"block": block("z")}, "no-such-part"),
        ({"block": block("b")}, "only-added-to"),
        ({"block": block("b"), "action": "hide"}, "only-added-to"),
        ({"action": "add"}, "part-exists"),
        ({"action": "add", "block": uuid4(), "after": uuid4()}, "no-such-place"),
        ({"reason": " "}, "no-reason"),
        ({"reason": "x" * 1001}, "no-reason"),
        ({"review_by": TODAY}, "review-date-passed"),
        ({"texts": {"nl": "Bel Kim."}}, "empty-part"),
        ({"texts": {"en": "Ring {{kim}}."}}, "undeclared-placeholder"),
        ({"texts": {"en": "Ring {{ kim."}}, "broken-placeholder"),
        ({"texts": {"en": "Ring Kim.", "ro": "Kim."}}, "no-such-language"),
        ({"texts": {"en": "Ring 0113."}}, "same-words"),
        ({"texts": {"en": "x" * (LONGEST_PART + 1)}}, "part-too-long"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, Any], code: str) -> None:
    assert codes(replace(TOLD, **wrong)) == [code]


@pytest.mark.parametrize("mark", ["<<<<<<< ours", ">>>>>>> theirs", "||||||| base", "<<<<<<<"])
def test_conflict_markers_are_never_stored_copier(mark: str) -> None:
    mixed = f"Ring Kim.\n{mark}\nRing Sam."
    assert codes(replace(TOLD, texts={"en": mixed})) == ["conflict-marker"]


def test_a_heading_is_no_conflict_marker() -> None:
    assert codes(replace(TOLD, texts={"en": "Ring\n=======\n\nKim. a <<<<<<< b"})) == []


def test_a_pools_text_is_only_added_to() -> None:
    assert codes(TOLD, on_shifts=True) == ["pool-text-only-added-to"]
    line = replace(TOLD, action="add", block=uuid4(), after=block("b"))
    assert codes(line, on_shifts=True) == []


def test_a_translation_that_was_left_alone_is_of_the_old_words() -> None:
    before = own_part(RELEASE, TOLD, OWNER, None)
    told = replace(TOLD, texts={"en": "Ring Sam.", "nl": "Bel Kim."})
    assert own_part(RELEASE, told, OWNER, before).sources == {"nl": hash_of_text("Ring Kim.")}
    checked = replace(told, still_right=True)
    assert own_part(RELEASE, checked, OWNER, before).sources == {"nl": hash_of_text("Ring Sam.")}
    anew = replace(told, texts={"en": "Ring Sam.", "nl": "Bel Sam."})
    assert own_part(RELEASE, anew, OWNER, before).sources == {"nl": hash_of_text("Ring Sam.")}
