"""What a project's people are called is found however it is written, and nothing else."""

from unicodedata import normalize

import pytest

from protocols.proposals.rules.names import OwnPeople

PEOPLE = OwnPeople(
    ["Zoë van Dijk", "Will Smith", "王伟", "דניאל כהן", "Jo"], ["Calm Otter 42", "quiet-wren"]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask Zoë van Dijk.", ["Zoë van Dijk", "Zoë", "Dijk"]),
        ("Ask ZOË, or zoë.", ["ZOË", "zoë"]),
        ("Ask mrs dijk.", ["dijk"]),
        ("Ask Will.", ["Will"]),
        ("Somebody will answer.", []),
        ("Ask will smith.", ["smith", "will smith"]),
        ("请找王伟谈。", ["王伟"]),
        ("שאלו את דניאל.", ["דניאל"]),
        ("calm otter 42 or Calm Otter", ["calm otter", "Calm Otter", "calm otter 42"]),
        ("Stay calm. An otter swims.", []),
        ("Ask Quiet-Wren.", ["Quiet-Wren"]),
        ("A van of 42, Jo's, and the dijks.", []),
    ],
)
def test_people_are_found_in_any_spelling(text: str, found: list[str]) -> None:
    assert sorted(text[start:end] for start, end in PEOPLE.named_in(text)) == sorted(found)


def test_a_letter_and_its_accent_may_be_written_apart() -> None:
    apart = normalize("NFD", "Zoë")
    assert OwnPeople(["Zoë"]).named_in(f"Ask {apart}.") == [(4, 7)]
    assert OwnPeople([apart]).named_in("Ask Zoë.") == [(4, 7)]


def test_whom_the_owners_own_words_name_may_be_named() -> None:
    assert PEOPLE.named_in("Ask Zoë or Smith.", ["The ZOË foundation"]) == [(11, 16)]
