"""Writes the vectors: `python -m tests.specification.write`, or `make vectors`."""

import json
from pathlib import Path

import msgspec

from tests.specification import (
    documents,
    events,
    feeds,
    joining,
    leaving,
    seats,
    statements,
    texts,
)
from tests.specification.example_nodes import example_keys
from tests.specification.page import filled
from tests.specification.vectors import FORMAT, File

DOCS = Path(__file__).parents[2] / "docs"
VECTORS = DOCS / "federation-vectors.json"
PAGES = (DOCS / "federation.md", DOCS / "federation-events.md")
ABOUT = (
    "Examples for docs/federation.md. Each is given to the check of its group, and either gives a "
    "value or is refused with a code. All keys are examples whose seeds stand here: never use one."
)


def whole() -> File:
    parts = (statements, documents, joining, feeds, texts, seats, events, leaving)
    groups = [group for part in parts for group in part.groups()]
    return File(format=FORMAT, about=ABOUT, keys=example_keys(), groups=groups)


def written(file: File) -> str:
    return json.dumps(msgspec.to_builtins(file), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    file = whole()
    VECTORS.write_text(written(file))
    for page in PAGES:
        page.write_text(filled(page.read_text(), file))
