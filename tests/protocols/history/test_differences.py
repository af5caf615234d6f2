"""Two states of a text, compared word by word and block by block."""

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from protocols.history.rules.differences import FactDifference, differences
from protocols.history.rules.words import SIGNS, PageOfWords, Piece, as_html, as_text, compare
from protocols.history.rules.written import Gap, Part, Wording, Written

ONE, TWO, THREE = (UUID(int=place) for place in (1, 2, 3))
PHONE = Gap(name="phone", type="phone", filled_by="project", example="1", material=False)


def written(texts: dict[UUID, str], **other: Any) -> Written:
    source = Wording(
        title=other.pop("title", "Conduct"),
        question=None,
        keywords=[],
        texts={str(block): text for block, text in texts.items()},
        source=None,
    )
    facts: dict[str, Any] = {
        "kind": "protocol",
        "protocol_kind": "conduct",
        "source_language": "en",
        "acknowledgement": "re-read",
        "jurisdictions": ["england"],
        "review_by": date(2027, 1, 1),
        "use_limits": [],
        "channels": [],
        "blocks": [Part(id=block, locked=False) for block in texts],
        "placeholders": [],
        "variants": {"en": source} | other.pop("others", {}),
    }
    return Written(**facts | other)


def test_words_that_came_and_went_are_named() -> None:
    pieces = compare("Two of you are online.", "Two of you are always awake.")

    assert pieces == [
        Piece("same", "Two of you are "),
        Piece("removed", "online"),
        Piece("added", "always awake"),
        Piece("same", "."),
    ]
    assert as_text(pieces) == "Two of you are [removed: online][added: always awake]."


def test_passages_of_more_different_words_than_there_are_signs_count_as_replaced() -> None:
    before = " ".join(f"w{number}" for number in range(SIGNS))
    assert compare(before, f"{before} on") == [
        Piece("removed", before),
        Piece("added", f"{before} on"),
    ]


def test_where_a_pages_time_is_used_up_each_passage_counts_as_replaced() -> None:
    page = PageOfWords(seconds=0)
    assert page.compare("Stay online.", "Stay awake.") == [
        Piece("removed", "Stay online."),
        Piece("added", "Stay awake."),
    ]
    assert page.compare("Stay.", "Stay.") == [Piece("same", "Stay.")]
    assert page.compare("", "") == []
    assert page.compare("", "Stay.") == [Piece("added", "Stay.")]


def test_the_passages_of_a_page_share_their_time() -> None:
    other = [f"{number} other words" for number in range(2000)]
    page = PageOfWords(seconds=0.000001)
    first = page.compare(" ".join(other), " ".join(reversed(other)))
    assert "".join(one.text for one in first if one.change != "added") == " ".join(other)
    assert page.compare("Stay online.", "Stay awake.") == [
        Piece("removed", "Stay online."),
        Piece("added", "Stay awake."),
    ]


def test_a_screen_reader_hears_what_came_and_went() -> None:
    html = as_html(compare("Stay online.", "Stay awake."))

    assert html == (
        'Stay <del><span class="hidden">[removed: </span>online<span class="hidden">]</span></del>'
        '<ins><span class="hidden">[added: </span>awake<span class="hidden">]</span></ins>.'
    )


def test_what_was_written_is_never_markup() -> None:
    html = as_html(compare("", '<script>alert("x")</script>'))

    assert "<script" not in html
    assert "&lt;" in html


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_sides_can_be_read_out_of_a_difference(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert "".join(one.text for one in pieces if one.change != "added") == before
    assert "".join(one.text for one in pieces if one.change != "removed") == after


@given(st.lists(st.sampled_from(["rest", "two", "of", "you"]), max_size=30))
def test_the_same_words_differ_in_nothing(words: list[str]) -> None:
    text = " ".join(words)

    assert compare(text, text) == ([Piece("same", text)] if text else [])


def test_a_hostile_text_is_compared_in_time() -> None:
    before = " ".join(f"a{place}" for place in range(9000))
    after = " ".join(f"a{place * 7 % 9001}" for place in range(9000))

    pieces = compare(before, after)

    assert "".join(one.text for one in pieces if one.change != "added") == before


def test_blocks_are_told_apart_by_their_ids() -> None:
    before = written({ONE: "First.", TWO: "Second."})
    after = written({TWO: "Second.", THREE: "Third."})

    found = differences(before, after).blocks

    assert [(one.block, one.state, one.moved) for one in found] == [
        (str(ONE), "removed", False),
        (str(TWO), "same", False),
        (str(THREE), "added", False),
    ]


def test_a_part_that_was_moved_is_one_and_not_all() -> None:
    before = written({ONE: "A", TWO: "B", THREE: "C"})
    after = written({TWO: "B", THREE: "C", ONE: "A"})

    moved = [one.block for one in differences(before, after).blocks if one.moved]

    assert moved == [str(ONE)]


def test_a_lock_that_was_taken_off_shows() -> None:
    before = written({ONE: "A"}, blocks=[Part(id=ONE, locked=True)])
    after = written({ONE: "A"})

    [block] = differences(before, after).blocks

    assert (block.state, block.lock) == ("same", "unlocked")
    assert differences(before, after).anything
    assert not differences(before, before).anything


def test_facts_beside_the_words_are_compared_too() -> None:
    before = written({ONE: "A"})
    after = written({ONE: "A"}, title="Behaviour", acknowledgement="none", placeholders=[PHONE])

    assert differences(before, after).facts == [
        FactDifference("acknowledgement", "re-read", "none"),
        FactDifference("title (en)", "Conduct", "Behaviour"),
        FactDifference("placeholder phone", "", "phone, filled by project, for example 1"),
    ]


def test_a_translation_is_compared_in_its_own_language() -> None:
    dutch = Wording(title="G", question=None, keywords=[], texts={str(ONE): "Twee."}, source="0")
    before = written({ONE: "Two."}, others={"nl": dutch})
    after = written({ONE: "Two."})

    found = differences(before, after).blocks

    assert [(one.language, one.state) for one in found] == [("en", "same"), ("nl", "removed")]


def test_without_an_earlier_state_everything_is_new() -> None:
    found = differences(None, written({ONE: "A"}))

    assert [(one.state, as_text(one.pieces)) for one in found.blocks] == [("added", "[added: A]")]
