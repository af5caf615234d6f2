"""What is left out of a page on its way follows from the rest, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.feeds.errors import WrongHead
from federation.feeds.rules.chain import WireEvent, digest_of
from federation.feeds.rules.heads import Page
from federation.feeds.rules.lean import LeanEvent, LeanPage, lean, whole
from federation.feeds.rules.standing import LONGEST, Standing, heard, told
from federation.partners.rules.encoding import text_of

SAID = '{"seq":1}'
HEAD = ".".join([text_of(b"header"), text_of(SAID.encode()), text_of(b"signature")])


def event(seq: int, salt: bytes, payload: str | None) -> WireEvent:
    kept = payload is not None
    return WireEvent(
        seq=seq,
        kind="greeting",
        at="2027-01-01T00:00:00+00:00",
        salt=text_of(salt) if kept else None,
        payload=payload,
        digest=text_of(digest_of(salt, (payload if payload is not None else "erased").encode())),
    )


@given(
    st.lists(st.tuples(st.binary(min_size=1, max_size=16), st.none() | st.text())),
    st.none() | st.lists(st.text()),
)
def test_a_page_comes_out_as_it_went_in(
    said: list[tuple[bytes, str | None]], recalls: list[str] | None
) -> None:
    events = [event(seq, salt, payload) for seq, (salt, payload) in enumerate(said, 1)]
    page = Page(head=HEAD, recalls=recalls, events=events)
    assert whole(lean(page)) == page


def test_only_what_cannot_be_worked_out_travels() -> None:
    page = lean(Page(head=HEAD, recalls=None, events=[event(1, b"s", "{}"), event(2, b"s", None)]))
    assert (page.said, page.signature) == (
        SAID,
        f"{text_of(b'header')}..{text_of(b'signature')}",
    )
    assert [one.digest for one in page.events] == ["", text_of(digest_of(b"s", b"erased"))]


@pytest.mark.parametrize("signature", ["", "a.b", "a..b.c"])
def test_a_signature_that_is_none_is_trouble_with_the_feed(signature: str) -> None:
    with pytest.raises(WrongHead):
        whole(LeanPage(said="{}", signature=signature, events=[]))


def test_a_salt_that_is_none_is_trouble_with_the_feed() -> None:
    bad = LeanEvent(seq=1, kind="greeting", at="", salt="é", payload="{}")
    with pytest.raises(WrongHead):
        whole(LeanPage(said="{}", signature="a..b", events=[bad]))


NAME = "abcdefghijklmnop"


@given(
    st.lists(st.tuples(st.integers(0, 2**53 - 1), st.text(max_size=43)), min_size=1, max_size=99)
)
def test_a_standing_is_heard_as_it_was_told(places: list[tuple[int, str]]) -> None:
    word = told(NAME, places)
    assert word is not None
    understood = heard(word)
    assert understood == Standing(NAME, [seq for seq, _ in places], word[-16:])


def test_standings_tell_recalls_and_their_order_apart() -> None:
    words = {
        told(NAME, [(1, "a"), (1, "b")]),
        told(NAME, [(1, "b"), (1, "a")]),
        told(NAME, [(1, "a"), (1, "a")]),
    }
    assert len(words) == 3


def test_who_reads_too_much_or_nothing_has_no_word_for_it() -> None:
    assert told(NAME, []) is None
    assert told(NAME, [(10**6, "")] * 600) is None
    assert heard(f"{NAME}.{'1-' * LONGEST}1.{NAME}") is None


def test_a_standing_in_other_digits_is_none() -> None:
    name, recalls = "A" * 16, "B" * 16
    assert heard(f"{name}.1.{recalls}") == Standing(name, [1], recalls)
    assert heard(f"{name}.\N{ARABIC-INDIC DIGIT ONE}.{recalls}") is None
