"""What the pages take from elsewhere: examples from the vectors, fields and forms from the code."""

import json
import re
from typing import Any

import msgspec

from tests.specification.forms import forms
from tests.specification.shapes import SHAPES
from tests.specification.vectors import File

EXAMPLE = re.compile(
    r"<!-- vector: ([\w-]+) / ([^/]+?) / ([\w. -]+?) -->\n```text\n(.*?)```\n", re.DOTALL
)
EXAMPLE_AS = "<!-- vector: {} / {} / {} -->\n```text\n{}```\n"
TABLE = re.compile(r"<!-- fields: ([\w. -]+?) -->\n((?:\|.*\n)*)")
ROW = re.compile(r"^\| `(\w+)` \|[^|]*\| ?(.*?) ?\|$", re.MULTILINE)
ABOVE = "| field | form | what it says |\n| --- | --- | --- |\n"


def filled(page: str, file: File) -> str:
    """Put each example and each table in its place; what people wrote of a field stays."""
    return TABLE.sub(_table, EXAMPLE.sub(lambda found: _example(found, file), page))


def _example(found: re.Match[str], file: File) -> str:
    check, what, where, _ = found.groups()
    vectors = [one for group in file.groups if group.check == check for one in group.vectors]
    [vector] = [one for one in vectors if one.what == what]
    value: Any = msgspec.to_builtins(vector)
    for step in where.split("."):
        value = value[step]
    return EXAMPLE_AS.format(check, what, where, shown(value))


def shown(value: Any) -> str:
    """Write words as they are, anything else as JSON in lines that a person reads."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return f"{text}\n"


def _table(found: re.Match[str]) -> str:
    name, table = found.groups()
    said = dict(ROW.findall(table))
    rows = [
        f"| `{field}` | {form} | {said.get(field, '')} |\n"
        for field, form in forms(SHAPES[name]).items()
    ]
    return f"<!-- fields: {name} -->\n{ABOVE}{''.join(rows)}"
