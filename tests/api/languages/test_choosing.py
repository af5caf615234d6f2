import pytest

from api.languages.choosing import choose


@pytest.mark.parametrize(
    ("asked", "chosen", "header", "spoken", "language"),
    [
        (None, None, "", [], "en"),
        # without a header it is a program: what somebody speaks says nothing of it
        (None, None, "", ["ro"], "en"),
        ("ro", "nl", "en", ["en"], "ro"),
        ("xx", "nl", "en", ["en"], "nl"),
        (None, "nl", "ro,en;q=0.5", ["en"], "nl"),
        (None, None, "nl-BE,nl;q=0.9,en;q=0.8", [], "nl"),
        (None, None, "en;q=0.4, ro-MD;q=0.9", [], "ro"),
        (None, None, "fr,nl;q=0.8,en;q=0.7", [], "nl"),
        (None, None, "mo", [], "ro"),
        (None, None, "nl;q=0,en", [], "en"),
        (None, None, "de,bg;q=0.5", ["bg", "ro"], "ro"),
        (None, None, "de,*;q=0.5", ["bg"], "en"),
        (None, None, ";;,q=1,nl;q=x,\x00", [], "en"),
    ],
)
def test_a_language_is_chosen_by_what_is_nearest_to_the_reader(
    asked: str | None, chosen: str | None, header: str, spoken: list[str], language: str
) -> None:
    assert choose(asked, chosen, header, spoken) == language
