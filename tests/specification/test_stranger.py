"""The page is enough: a second reading that uses nothing of netreach comes to the same."""

import ast
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.specification.stranger import Refused
from tests.specification.stranger_reads import READINGS
from tests.specification.test_vectors import ALL, said_by
from tests.specification.vectors import Vector

OURS_TO_SIGN = {"join-received": {"statement", "words"}}
"""What follows from the inviter's answer, which a stranger cannot sign."""
LEFT = {"own-invitation"}
"""What is refused for who one is."""
READ = [
    (check, vector) for check, vector in ALL if check in READINGS and vector.refused not in LEFT
]


def outcome(check: str, vector: Vector) -> dict[str, Any]:
    try:
        return {"gives": READINGS[check](vector.given)}
    except Refused as refusal:
        return {"refused": str(refusal)}


@pytest.mark.parametrize(
    ("check", "vector"), READ, ids=[f"{check}: {vector.what}" for check, vector in READ]
)
def test_a_stranger_comes_to_the_same(check: str, vector: Vector) -> None:
    said = said_by(vector)
    if "gives" in said and check in OURS_TO_SIGN:
        kept = {name: one for name, one in said["gives"].items() if name not in OURS_TO_SIGN[check]}
        said = {"gives": kept}
    assert msgspec.to_builtins(outcome(check, vector)) == said


def test_the_stranger_uses_nothing_of_netreach() -> None:
    used: set[str] = set()
    for name in ("stranger.py", "stranger_reads.py", "stranger_speaks.py"):
        tree = ast.parse((Path(__file__).parent / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                used.add(str(node.module))
            elif isinstance(node, ast.Import):
                used |= {one.name for one in node.names}
    foreign = {name for name in used if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name.partition(".")[0] for name in foreign} == {"cryptography", "tests"}
    ours = {name for name in foreign if name.startswith("tests")}
    assert ours == {"tests.specification.stranger", "tests.specification.stranger_reads"}
