import pytest

from tests.canaries import found_in

TOKEN = "db6e5218a8826dc8a22a6902a4439edaf63115b9fb3b89310cdc4c96a27922fb"


@pytest.mark.parametrize(
    "text",
    ["7922", "<td>7922</td>", "month,7922,,", '"count":7922}', b"\xff 7922", "+44 7922 900861."],
)
def test_a_number_that_is_told_is_found(text: str | bytes) -> None:
    assert found_in(text, 7922, "7923") == ["7922"]


@pytest.mark.parametrize(
    "text",
    [TOKEN, "01940000-7922-7000-8000-000000000066", "x_7922", "7922-4b01338f", "17922", "7922a"],
)
def test_a_number_within_what_is_made_by_chance_is_not(text: str) -> None:
    assert found_in(text, 7922) == []


def test_words_and_whole_telephone_numbers_are_found_anywhere() -> None:
    words = ("Zarubina", "900861", "7700900861")
    assert found_in("MissZarubina_rings +447700900861", *words) == ["Zarubina", "7700900861"]
    assert found_in("07700 900861", *words) == ["900861"]
    assert found_in(TOKEN, *words) == []
