"""Places are put back where a text carries a project's value, and nowhere by guess."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.items.rules.placeholders import fill
from protocols.proposals.rules.gaps import Doubt, OwnValues, Restored, words_of_owner
from tests.protocols.overlays.manifests import Facts, manifest

VALUES = {
    "on_call": "0113 496 0000",
    "team": "Riverside Team",
    "river": "Riverside",
    "town": "Åkerby",
    "hours": "from ten to noon",
}
LITERALS = ["Ring ", ", then wait. ", " or\nask ", "…", "(two of you) ", " {{nick}} ", "ä ", "; "]
SPACED = st.sampled_from(LITERALS)


@given(st.lists(st.tuples(SPACED, st.sampled_from([*VALUES, "nick"])), max_size=8), SPACED)
def test_filling_and_putting_back_is_where_it_began(pairs: list[tuple[str, str]], end: str) -> None:
    text = "".join(f"{words}{{{{{name}}}}}, " for words, name in pairs) + end
    filled = fill(text, VALUES)

    assert OwnValues(VALUES, ["Ring us."]).restore(filled) == Restored(text, ())
    assert fill(OwnValues(VALUES, []).restore(filled).text, VALUES) == filled


SIGNS = st.text(alphabet="abKimLe 0123-{}ß\né", max_size=12)


@given(
    st.dictionaries(st.sampled_from(["one", "other", "third"]), SIGNS, max_size=3),
    st.lists(SIGNS, max_size=5),
    st.lists(st.sampled_from(["one", "other", "third", "a"]), max_size=5),
)
def test_without_a_doubt_no_value_is_left(
    values: dict[str, str], words: list[str], names: list[str]
) -> None:
    """Whatever was written around it, in whatever capitals."""
    inside = [value for pair in zip(words, names, strict=False) for value in pair]
    text = " ".join(values.get(one, one) for one in inside)

    own = OwnValues(values, [])
    restored = own.restore(text)

    literal = fill(restored.text, dict.fromkeys(values, "\0")).casefold()
    if not restored.doubts:
        for value in (one.strip() for one in values.values()):
            if len(value) >= 4 and not set(value) & set("{}"):
                assert value.casefold() not in literal
        assert own.left_in(restored.text) == []
    for doubt in restored.doubts:
        assert 0 <= doubt.start < doubt.end <= len(restored.text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim Lee or Kim", Restored("{{both}} or {{first}}", ())),
        ("Kim's phone", Restored("{{first}}'s phone", ())),
        ("KIM", Restored("KIM", (Doubt(0, 3, ("first",), "spelling"),))),
        ("ask Kimberley", Restored("ask Kimberley", ())),
        ("Leedsish", Restored("Leedsish", (Doubt(0, 5, ("town",), "spelling"),))),
        ("7 days", Restored("7 days", (Doubt(0, 1, ("days",), "short"),))),
        ("{{first}} Kim {{nick}}", Restored("{{first}} {{first}} {{nick}}", ())),
        ("01134960000", Restored("01134960000", (Doubt(0, 11, ("phone",), "spelling"),))),
        ("0113 496 0000", Restored("{{phone}}", ())),
        (
            "Kim, Roy Kim, KIM",
            Restored("{{first}}, Roy {{first}}, KIM", (Doubt(26, 29, ("first",), "spelling"),)),
        ),
    ],
)
def test_the_longest_whole_word_and_only_that(text: str, expected: Restored) -> None:
    values = {
        "first": "Kim",
        "both": "Kim Lee",
        "days": "7",
        "town": "Leeds",
        "phone": "0113 496 0000",
        "empty": " ",
    }
    assert OwnValues(values, []).restore(text) == expected


def test_what_two_places_say_is_asked() -> None:
    one = OwnValues({"day": "Kim Lee", "night": "Kim Lee"}, [])
    assert one.restore("Ask Kim Lee.") == Restored(
        "Ask Kim Lee.", (Doubt(4, 11, ("day", "night"), "several-places"),)
    )
    across = OwnValues({"day": "Kim Lee", "night": "Lee Roy"}, [])
    assert across.restore("Ask Kim Lee Roy.").doubts == (
        Doubt(4, 15, ("day", "night"), "several-places"),
    )
    assert across.left_in("Ask Kim Lee Roy.") == [Doubt(4, 15, ("day", "night"), "several-places")]


def test_what_the_owner_says_too_is_asked_and_may_stay() -> None:
    own = OwnValues({"town": "Leeds"}, ["We meet in Leeds."])
    assert own.restore("In Leeds.") == Restored(
        "In Leeds.", (Doubt(3, 8, ("town",), "also-theirs"),)
    )
    assert own.left_in("In Leeds.") == []


def test_an_accent_is_found_however_it_is_encoded() -> None:
    parted = normalize("NFD", "Åkerby")
    own = OwnValues({"town": "Åkerby"}, [])
    assert own.restore("In Åkerby.") == Restored("In {{town}}.", ())
    assert own.restore(f"In {parted}.").doubts == (Doubt(3, 10, ("town",), "spelling"),)


def test_what_a_release_says_itself_is_without_its_places() -> None:
    said = words_of_owner(manifest({"a": "Ring {{on_call}}."}, Facts(dutch={"a": "Bel."})))
    assert said == ["Conduct", "", "Ring \n.", "Conduct", "", "Bel."]
