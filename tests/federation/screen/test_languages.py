"""Notes of tired workers in three languages, written before the screen was measured with them.

Each folder was written without a look at what the screen knows; the later ones show what it does
with sentences that it has never seen.
"""

from pathlib import Path

import pytest

from federation.screen.rules import findings

SENTENCES = Path(__file__).parent / "sentences"
FILES = sorted(SENTENCES.glob("*/*.txt"))


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.stem.endswith("_somebody")],
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_somebody_is_missed_in_no_language(file: Path) -> None:
    assert [line for line in _lines(file) if not findings(line)] == []


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.stem.endswith("_nobody")],
    ids=lambda file: f"{file.parent.name}-{file.stem}",
)
def test_nobody_is_suspected_in_no_language(file: Path) -> None:
    assert [line for line in _lines(file) if findings(line)] == []


def test_each_language_is_there_with_somebody_and_with_nobody() -> None:
    assert {file.stem for file in FILES} == {
        f"{language}_{who}" for language in ("en", "nl", "ro") for who in ("somebody", "nobody")
    }
