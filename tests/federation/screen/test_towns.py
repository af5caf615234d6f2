"""Towns and regions that are nobody's name."""

import pytest

from federation.screen.words.known_names import capital_names, lines_of, listed
from federation.screen.words.towns import folded, is_a_town


@pytest.mark.parametrize(
    "words",
    [
        "Râmnicu Vâlcea",
        "ramnicu valcea",
        "Râmnicu-Vâlcea",
        "RÂMNICU VÂLCEA",
        "Dolj",
        "Timiș",
        "Timiş",
        "Breda",
        "bristol",
        "Militari",
        "Drumul Taberei",
        "kanaleneiland",
        "Moss Side",
    ],
)
def test_a_town_is_known_however_it_is_written(words: str) -> None:
    assert is_a_town(words)


@pytest.mark.parametrize(
    "words", ["", "Sofia", "Chelsea", "Ovidiu", "Kent", "Râmnicu", "Mihai Viteazu"]
)
def test_what_is_somebodys_name_as_well_is_no_town(words: str) -> None:
    assert not is_a_town(words)


def test_of_towns_that_are_names_too_only_large_ones_are_towns() -> None:
    lists = ("names_and_places", "names_and_words", "rarely_names", "surnames")
    names = {folded(name) for name in capital_names().union(*map(listed, lists))}
    towns = {*map(folded, lines_of("towns"))}
    large = "bedford bradford carlisle paisley"
    assert (towns & names) == {*large.split()}
    assert names & {*map(folded, lines_of("districts"))} == set()
