"""Export is a three-way question: what was exported, what the tool holds, what the text is now."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.exchange.rules.fates import Entry, Fate, There
from protocols.exchange.rules.three_way import no_longer_ours, steps
from protocols.exchange.rules.tools.every import TOOLS
from protocols.exchange.rules.tools.live_helper_chat import SUGGESTED

WORDS = st.sampled_from(["a", "b", "c"])


def entry(now: str) -> Entry:
    return Entry(urn="u", language="en", key="k", title="T", fingerprint=now, fields={})


def there(now: str, key: str = "k") -> There:
    return There(key=key, id="1", fingerprint=now, fields={})


def fate(before: set[str], held: str | None, now: str, *ours: str) -> Fate:
    holds = [there(held)] if held else []
    [step] = steps([entry(now)], {("u", "en"): before}, holds, ours)
    return step.fate


@pytest.mark.parametrize(
    ("before", "held", "now", "expected"),
    [
        (set(), None, "new", Fate.CREATE),
        ({"old"}, "old", "old", Fate.UNCHANGED),
        ({"old"}, "old", "new", Fate.UPDATE),
        ({"older", "old"}, "older", "new", Fate.UPDATE),
        ({"old"}, "edited", "old", Fate.DRIFT),
        ({"old"}, "edited", "new", Fate.CONFLICT),
        ({"old"}, "new", "new", Fate.UNCHANGED),
        (set(), "theirs", "new", Fate.CONFLICT),
        ({"old"}, None, "new", Fate.GONE),
    ],
)
def test_each_way_that_three_can_differ(
    before: set[str], held: str | None, now: str, expected: Fate
) -> None:
    assert fate(before, held, now) is expected


@given(st.sets(WORDS), st.none() | WORDS, WORDS)
def test_an_edit_in_the_tool_is_never_written_over_without_a_decision(
    before: set[str], held: str | None, now: str
) -> None:
    """Zammad's old library could overwrite-or-skip, and not merge."""
    decided = fate(before, held, now, "k")
    undecided = fate(before, held, now)

    if undecided is Fate.UPDATE:
        assert held in before
    if held is not None and held not in before and held != now:
        assert undecided in {Fate.DRIFT, Fate.CONFLICT}
    assert decided in {Fate.CREATE, Fate.UPDATE, Fate.UNCHANGED}


@pytest.mark.parametrize(
    ("decision", "expected"),
    [({}, Fate.UNKNOWN), ({"ours": ["k"]}, Fate.UPDATE), ({"again": True}, Fate.UPDATE)],
)
@pytest.mark.parametrize("now", ["old", "new"])
def test_what_went_out_before_is_not_written_over_unseen_without_a_decision(
    decision: dict[str, Any], expected: Fate, now: str
) -> None:
    before = {("u", "en"): {"old"}}

    assert [step.fate for step in steps([entry(now)], before, None, **decision)] == [expected]
    assert [step.fate for step in steps([entry(now)], {}, None, **decision)] == [Fate.CREATE]


def test_what_is_no_longer_offered_is_named_to_be_taken_out() -> None:
    """By hand: `remove_old` and `delete=true` delete what is not ours, too."""
    known = {("u", "en"): "k", ("gone", "en"): "g"}
    holds = [there("x"), there("y", "g"), there("z", "theirs")]

    assert [one.key for one in no_longer_ours([entry("x")], holds, known)] == ["g"]


def test_what_a_tool_would_do_by_itself_is_said_beside_its_file() -> None:
    """Zammad's destroy_all comes before the import; suggestions are capped at 50 elsewhere."""
    assert "Never choose to delete before the import." in " ".join(TOOLS["zammad"].notes)
    told = " ".join(TOOLS["live-helper-chat"].notes)
    assert "Never tick “remove old”." in told
    assert f"Operators are shown {SUGGESTED} suggestions" in told
