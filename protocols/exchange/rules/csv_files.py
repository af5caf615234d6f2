"""Texts as a table for spreadsheets: one row for each part in each language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from protocols.exchange.errors import NotAText, TooLarge
from protocols.exchange.rules.json_files import MOST_TEXTS, TOO_MANY
from protocols.exchange.rules.tables import csv_line, read_table
from protocols.exchange.rules.texts import (
    FORMAT,
    ExchangedText,
    Facts,
    Translated,
    WrittenPart,
    draft_of,
    facts_of,
)

LISTS = ("jurisdictions", "keywords", "use_limits", "channels")
COLUMNS = (
    "number",
    "kind",
    "protocol_kind",
    "language",
    "title",
    "question",
    *LISTS,
    "review_by",
    "acknowledgement",
    "placeholders",
    "locked",
    "text",
)
"""A row without a kind is of a translation of the text with the same number."""
LACKING = "This table lacks the columns %(columns)s."
NO_KIND = "Text %(number)s has no row that says what kind it is."
LOCK = "Text %(number)s: write yes or no into the column locked."
YES, NO = {"yes", "true", "1"}, {"", "no", "false", "0"}
FORMULA = "=+-@\t\r'"
_LISTED = re.compile(r"((?:[^|\\]|\\.|\\\Z)*)(\||\Z)", re.DOTALL)


def written(texts: Sequence[ExchangedText]) -> Iterator[str]:
    """Write the table; what a spreadsheet would take for a formula gets an apostrophe before it."""
    yield csv_line(COLUMNS)
    for number, text in enumerate(texts, 1):
        for row in _rows(text):
            cells = [str(number), *(row.get(column, "") for column in COLUMNS[1:])]
            yield csv_line(map(_shown, cells))


def _rows(text: ExchangedText) -> Iterator[dict[str, str]]:
    facts = facts_of(text.draft)
    head = {
        "kind": facts.kind,
        "protocol_kind": facts.protocol_kind or "",
        "language": facts.language,
        "title": facts.title,
        "question": facts.question or "",
        "review_by": facts.review_by.isoformat(),
        "acknowledgement": facts.acknowledgement,
        "placeholders": msgspec.json.encode(facts.placeholders).decode(),
        **{name: _joined(getattr(facts, name)) for name in LISTS},
    }
    for part in text.draft.blocks:
        yield head | {"text": part.text, "locked": "yes" if part.locked else "no"}
    for language, said in text.translations.items():
        other = {
            "language": language,
            "title": said.title,
            "question": said.question or "",
            "keywords": _joined(said.keywords),
        }
        for words in said.texts:
            yield other | {"text": words}


def _joined(words: Sequence[str]) -> str:
    return "|".join(word.replace("\\", "\\\\").replace("|", "\\|") for word in words)


def _listed(cell: str) -> list[str]:
    if not cell:
        return []
    found = []
    for match in _LISTED.finditer(cell):
        found.append(re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL))
        if not match[2]:
            break
    return found


def _shown(cell: str) -> str:
    return f"'{cell}" if cell[:1] and cell[0] in FORMULA else cell


def _meant(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in FORMULA else cell


def read(given: bytes) -> list[ExchangedText]:
    """Read such a table; columns beside ours are ignored."""
    columns, rows = read_table(given)
    missing = {"number", "kind", "language", "title", "text"} - set(columns)
    if missing:
        raise NotAText(LACKING % {"columns": ", ".join(sorted(missing))})
    texts: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        texts.setdefault(row["number"], []).append(
            {name: _meant(cell) for name, cell in row.items()}
        )
    if len(texts) > MOST_TEXTS:
        raise TooLarge(TOO_MANY % {"number": MOST_TEXTS})
    return [_text(number, rows) for number, rows in texts.items()]


def _text(number: str, rows: Sequence[dict[str, str]]) -> ExchangedText:
    source = [row for row in rows if row["kind"]]
    if not source:
        raise NotAText(NO_KIND % {"number": number})
    others: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if not row["kind"]:
            others.setdefault(row["language"], []).append(row)
    try:
        facts = msgspec.convert(_facts(source[0]), Facts, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise NotAText(f"Text {number}: {str(error).strip('.')}.") from error
    parts = [WrittenPart(text=row["text"], locked=_locked(number, row)) for row in source]
    return ExchangedText(
        draft=draft_of(facts, parts),
        translations={
            language: Translated(
                title=found[0]["title"],
                question=found[0].get("question") or None,
                keywords=_listed(found[0].get("keywords", "")),
                texts=[row["text"] for row in found],
            )
            for language, found in others.items()
        },
    )


def _locked(number: str, row: Mapping[str, str]) -> bool:
    said = row.get("locked", "").strip().casefold()
    if said not in YES | NO:
        raise NotAText(LOCK % {"number": number})
    return said in YES


def _facts(row: dict[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: row[name]
        for name in COLUMNS
        if (row.get(name) or name == "title")
        and name not in {"number", "locked", "text", "placeholders", *LISTS}
    }
    told |= {name: _listed(row[name]) for name in LISTS if row.get(name)}
    told["placeholders"] = msgspec.json.decode(row.get("placeholders") or "[]")
    return {"format": FORMAT, "jurisdictions": [], **told}
