"""A copy of the project in which one rule is broken, and the stories told there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.federation.chaos.broken.rules import Rule

PROJECT = Path(__file__).parents[4]
COPIED = ("api", "benchmarks", "database", "federation", "protocols", "rota", "tests")
STORY = re.compile(r"^FAILED .*test_17\w+\[(\d+)\]", re.MULTILINE)


def broken_copy(rule: Rule, folder: Path) -> None:
    """Copy the project, and break a rule there."""
    for name in COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", folder)
    place = folder / rule.kept_in
    place.write_text(broken(rule, place.read_text()))


def broken(rule: Rule, text: str) -> str:
    """Give a file's text with a rule broken in it."""
    if text.count(rule.kept) != 1:
        raise LookupError(f"{rule.kept_in} keeps a rule in other words now: {rule.says}")
    return text.replace(rule.kept, rule.broken)


def noticed(rule: Rule, seeds: str) -> str | None:
    """Tell stories until one fails, and give its seed; None where none does."""
    with TemporaryDirectory() as named:
        folder = Path(named)
        broken_copy(rule, folder)
        asked = ["-x", "-q", "--seeds", seeds, "-k", "test_17", *_files()]
        told = subprocess.run(
            [sys.executable, "-m", "pytest", *asked],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    story = STORY.search(told.stdout)
    if story is None and told.returncode != 0:
        raise RuntimeError(told.stdout + told.stderr)
    return story and story[1]


def _files() -> Iterable[str]:
    return (f"tests/federation/chaos/test_{each}_seeds.py" for each in ("even", "odd"))
