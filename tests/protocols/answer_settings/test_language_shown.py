"""What stands in for an old translation, for each rule of a project, and for safety always."""

import pytest

from protocols.answer_settings.rules import Fallback, language_shown

OLD = {"stale": True}
SAFETY = {"safety": True}


@pytest.mark.parametrize(
    ("fallback", "facts", "expected"),
    [
        ("warn", {}, "nl"),
        ("warn", OLD, "nl"),
        ("fall-back", {}, "nl"),
        ("fall-back", OLD, "en"),
        ("hide", OLD, "en"),
        ("warn", SAFETY, "nl"),
        ("warn", SAFETY | OLD, "en"),
        ("fall-back", SAFETY | OLD, "en"),
    ],
)
def test_the_language_that_is_shown(
    fallback: Fallback, facts: dict[str, bool], expected: str
) -> None:
    facts = {"stale": False, "safety": False, **facts}

    assert language_shown("nl", "en", fallback=fallback, **facts) == expected
