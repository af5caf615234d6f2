"""What an own part is once it is made ready to leave."""

from typing import Any

import msgspec

from federation.screen.rules import Finding
from protocols.proposals.rules.leaving import Prepared, Wanted, found_in, prepare, propose_from
from protocols.proposals.rules.parts import Identifying, ProposedPart
from tests.protocols.overlays.manifests import ON_CALL, Facts, block, manifest, own

RELEASE = manifest(
    {"a": "Two of you.", "b": "Ring {{on_call}}."},
    Facts(dutch={"a": "Twee.", "b": "Bel {{on_call}}."}, gaps=(ON_CALL,)),
)
VALUES = {"on_call": "0113 496 0000"}


def test_places_are_put_back_in_every_language() -> None:
    part = own(RELEASE, "replace", "a", {"en": "Ring 0113 496 0000.", "nl": "Bel 0113 496 0000."})
    assert prepare(RELEASE, [part], VALUES) == [
        Prepared(
            own=part,
            texts={"en": "Ring {{on_call}}.", "nl": "Bel {{on_call}}."},
            doubts={},
        )
    ]


def test_a_translation_that_is_out_of_date_at_home_stays_there() -> None:
    part = own(RELEASE, "replace", "a", {"en": "Three.", "nl": "Drie."})
    stale = msgspec.structs.replace(part, texts={"en": "Four.", "nl": "Drie."})
    assert [prepare(RELEASE, [one], VALUES)[0].texts for one in (part, stale)] == [
        {"en": "Three.", "nl": "Drie."},
        {"en": "Four."},
    ]


def test_what_leaves_says_why_anew_and_nothing_of_whose_it_is() -> None:
    part = own(RELEASE, "add", "own", {"en": "Wait."}, after=block("a"))
    [ready] = prepare(RELEASE, [part], VALUES)
    made = propose_from(ready, Wanted(block=part.block, why=" Better. "))
    assert made == ProposedPart(
        block=part.block, action="add", after=block("a"), why="Better.", texts={"en": "Wait."}
    )
    said: dict[str, Any] = msgspec.to_builtins(made)
    assert set(said) == {"block", "action", "after", "why", "texts"}
    looked_over = Wanted(block=part.block, why="Better.", texts={"en": "Stay.", "nl": " "})
    assert propose_from(ready, looked_over).texts == {"en": "Stay."}


def test_leaving_a_part_out_has_no_words() -> None:
    [ready] = prepare(RELEASE, [own(RELEASE, "hide", "a")], VALUES)
    assert propose_from(ready, Wanted(block=block("a"), why="Better.")) == ProposedPart(
        block=block("a"), action="hide", why="Better."
    )


def test_what_may_identify_somebody_is_found_where_it_stands() -> None:
    part = own(RELEASE, "replace", "a", {"en": "Ask me@home.example."})
    [found] = found_in(RELEASE, prepare(RELEASE, [part], VALUES))
    assert found == Identifying(block("a"), "en", Finding("email", 4, 19))
