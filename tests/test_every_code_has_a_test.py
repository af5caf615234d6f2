"""Whatever refuses, by rule or by refusal, is named by a test that meets it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[1]
FLOORS = ("api", "rota", "protocols", "federation")
NEVER_READ = {
    # an OAuth client reads the words of RFC 6749 instead
    "token-refused",
    # a fault of the planner's own, which stands between it and everybody
    "plan-breaks-a-rule",
}
HERE = Path(__file__)


class Named(NamedTuple):
    """A code, and the class that has it where it is a refusal's own."""

    code: str
    by: str


def _reasons(tree: ast.AST) -> Iterator[Named]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called, first = node.func, node.args[0]
        if (
            isinstance(called, ast.Name)
            and called.id == "Reason"
            and isinstance(first, ast.Constant)
        ):
            yield Named(str(first.value), "")


def _refusals(tree: ast.AST) -> Iterator[Named]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for line in node.body:
            if (
                isinstance(line, ast.Assign)
                and isinstance(line.targets[0], ast.Name)
                and line.targets[0].id == "code"
                and isinstance(line.value, ast.Constant)
            ):
                yield Named(str(line.value.value), node.name)


def codes() -> list[Named]:
    found = set()
    for floor in FLOORS:
        for path in (PROJECT / floor).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {*_reasons(tree), *_refusals(tree)}
    return sorted(named for named in found if named.code not in NEVER_READ)


def words_of_tests() -> set[str]:
    """Gather every string and name that tests use, this one left out."""
    words: set[str] = set()
    for path in (PROJECT / "tests").rglob("*.py"):
        if path == HERE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            elif isinstance(node, ast.Name):
                words.add(node.id)
    return words


def test_every_refusal_code_has_a_test() -> None:
    found, words = codes(), words_of_tests()
    assert {"double-booked", "on-leave", "language-missing", "others-wait", "seat-taken"} <= {
        named.code for named in found
    }
    assert [each for each in found if each.code not in words and each.by not in words] == []
