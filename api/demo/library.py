"""The demo's texts, read from files: what is released first, what later, and local values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, kw_only=True)
class Translation:
    """An answer in another language; it has one part, as its source has."""

    title: str
    question: str
    keywords: list[str]
    text: str


@dataclass(frozen=True, kw_only=True)
class CannedText:
    """A canned answer to draft, and its translations by language."""

    key: str
    draft: Draft
    translations: Mapping[str, Translation] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Library:
    """All texts of the demo; `second` has the parts of `first` and one more at `added`."""

    first: Draft
    second: Draft
    added: int
    answers: tuple[CannedText, ...]
    values: Mapping[str, Mapping[str, str]]

    def values_for(self, slug: str, draft: Draft) -> dict[str, str]:
        """Give a project's own values for the gaps that it fills in one text."""
        known = self.values[slug]
        return {
            gap.name: known[gap.name] for gap in draft.placeholders if gap.filled_by == "project"
        }


def read_library(review_by: date) -> Library:
    """Read the files; `review_by` is set when the demo is loaded, so that nothing is overdue."""
    conduct = tomllib.loads((TEXTS / "conduct.toml").read_text(encoding="utf-8"))
    answers = tomllib.loads((TEXTS / "answers.toml").read_text(encoding="utf-8"))
    parts = conduct["parts"]
    [added] = [place for place, part in enumerate(parts) if part.get("since", 1) > 1]
    return Library(
        first=_draft(conduct, [*parts[:added], *parts[added + 1 :]], review_by),
        second=_draft(conduct, parts, review_by),
        added=added,
        answers=tuple(_answer(told, review_by) for told in answers["answers"]),
        values={slug: answers["values"][slug] | told for slug, told in conduct["values"].items()},
    )


def read_draft(name: str, review_by: date) -> tuple[Draft, Draft]:
    """Read one protocol twice: as it was first saved, and with the parts that came later."""
    told = tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))
    earlier = [part for part in told["parts"] if part.get("since", 1) == 1]
    return _draft(told, earlier, review_by), _draft(told, told["parts"], review_by)


def _draft(told: dict[str, Any], parts: list[dict[str, Any]], review_by: date) -> Draft:
    facts = {key: told[key] for key in told.keys() & Draft.__slots__}
    blocks = [DraftBlock(part["text"].strip(), part.get("locked", False)) for part in parts]
    gaps = msgspec.convert(told.get("placeholders", []), list[DraftPlaceholder])
    return Draft(**facts | {"blocks": blocks, "placeholders": gaps, "review_by": review_by})


def _answer(told: dict[str, Any], review_by: date) -> CannedText:
    draft = _draft(
        told | {"kind": "answer", "source_language": "en", "acknowledgement": "none"},
        [{"text": told["text"]}],
        review_by,
    )
    translations = msgspec.convert(told.get("variants", {}), dict[str, Translation])
    return CannedText(key=told["key"], draft=draft, translations=translations)
