"""A copy of the project in which one rule is broken, and the stories told there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.federation.chaos.broken.rules import Kept, Rule

PROJECT = Path(__file__).parents[4]
COPIED = ("api", "benchmarks", "database", "federation", "protocols", "rota", "tests")
STORY = re.compile(r"^FAILED .*test_17\w+\[(\d+)\]", re.MULTILINE)
SAID = re.compile(r"^E +(.+)\n(?:E +make soak|\n)", re.MULTILINE)
"""The last of what a story found wrong, before the line that tells it again."""


class Noticed(NamedTuple):
    """Which story has noticed that a rule is broken, and by what."""

    seed: int
    saying: str


def broken_copy(rule: Rule, folder: Path) -> None:
    """Copy the project, and break a rule there."""
    for name in COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    for kept in rule.kept:
        place = folder / kept.where
        place.write_text(broken(kept, place.read_text()))


def broken(kept: Kept, text: str) -> str:
    """Give a file's text with a rule broken in it."""
    if text.count(kept.lines) != 1:
        raise LookupError(f"{kept.where} keeps a rule in other words now: {kept.lines}")
    return text.replace(kept.lines, kept.broken)


def noticed(rule: Rule, seeds: str) -> Noticed | None:
    """Tell the story that is known to notice, and if it does not, others; None where none does."""
    with TemporaryDirectory() as named:
        folder = Path(named)
        broken_copy(rule, folder)
        first = rule.noticed_by
        known = None if first is None else _first_to_notice(folder, f"{first}-{first}")
        return known or _first_to_notice(folder, seeds)


def _first_to_notice(folder: Path, seeds: str) -> Noticed | None:
    asked = ["-x", "-q", "--seeds", seeds, "-k", "test_17", *_files()]
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *asked],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    story, said = STORY.search(told.stdout), SAID.search(told.stdout)
    if story is not None:
        return Noticed(int(story[1]), said[1] if said else "")
    if told.returncode != 0:
        raise RuntimeError(told.stdout + told.stderr)
    return None


def _files() -> Iterable[str]:
    return (f"tests/federation/chaos/test_{each}_seeds.py" for each in ("even", "odd"))
