from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.partners.errors import NotCanonical
from federation.partners.rules.canonical import LARGEST_INTEGER, admit, canonical

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | TEXTS | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
OBJECTS = st.dictionaries(
    TEXTS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=10
    ),
)


@settings(max_examples=50, deadline=None)
@given(OBJECTS)
def test_what_is_written_is_admitted_as_it_was(value: dict[str, object]) -> None:
    assert admit(canonical(value)) == value


@settings(max_examples=200, deadline=None)
@given(OBJECTS)
def test_what_is_written_is_what_the_standards_own_library_writes(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_every_character_is_written_as_the_standard_says() -> None:
    """Both libraries write it, whichever is asked."""
    everything: dict[str, Any] = {
        "a": "".join(chr(point) for point in [*range(0xD800), *range(0xE000, 0x110000)])
    }
    assert canonical(everything) == rfc8785.dumps(everything)


def test_names_beyond_ascii_stand_in_the_order_of_utf_16() -> None:
    value: dict[str, Any] = {"\U0001f600": 1, "\ufb00": 2, "a": {"\U0001f600": 1, "\ufb00": 2}}
    assert canonical(value) == rfc8785.dumps(value)
    assert admit(canonical(value)) == value


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":1.0}',
        b'{"a":1.5}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}',
        b'{"a":["\\\\\\u0000"]}',
        b'{"\\u0000":1}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b"[1]",
        b"1",
        b"",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_not_exactly_canonical_is_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        admit(raw)


def test_a_backslash_before_four_noughts_is_no_nul() -> None:
    value = {"a": "\\u0000", "b": "\\\\u0000"}
    assert admit(canonical(value)) == value


def test_ids_and_times_become_text() -> None:
    value = {
        "id": UUID("01890000-0000-7000-8000-000000000000"),
        "at": datetime(2027, 1, 5, 19, tzinfo=UTC),
    }
    assert canonical(value) == (
        b'{"at":"2027-01-05T19:00:00Z","id":"01890000-0000-7000-8000-000000000000"}'
    )


@pytest.mark.parametrize("value", [1.5, 1.0, [1.5], {"b": [1.5]}, 2**53, float("nan")], ids=str)
def test_numbers_that_readers_disagree_about_are_never_signed(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"a": value})
