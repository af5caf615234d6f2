"""The starter library: files that come with netreach, each a draft that a person has to approve."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from protocols.exchange.rules.markdown_files import together
from protocols.exchange.rules.texts import ExchangedText

TEXTS = Path(__file__).parent / "texts"
REVIEW_AFTER = timedelta(days=182)


@cache
def _files() -> Mapping[str, ExchangedText]:
    texts = {}
    for folder in ("protocols", "answers"):
        for source in sorted((TEXTS / folder).glob("*.en.md")):
            name = source.name.removesuffix(".en.md")
            others = [
                file.read_text(encoding="utf-8")
                for file in sorted(source.parent.glob(f"{name}.*.md"))
                if file != source
            ]
            texts[name] = together(source.read_text(encoding="utf-8"), others)
    return texts


def starter_texts(today: date) -> dict[str, ExchangedText]:
    """Give every text of the library by name, to be reviewed within half a year from today."""
    due = today + REVIEW_AFTER
    return {
        name: replace(text, draft=replace(text.draft, review_by=due))
        for name, text in _files().items()
    }
