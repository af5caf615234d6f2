"""Live Helper Chat: one CSV row an answer, its other languages inside; found by `unique_id`.

The reader there is PHP's: a line ends at 10,000 bytes, and a backslash before a quotation mark
swallows it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.chat_text import as_chat_text
from protocols.exchange.rules.each_language import Known
from protocols.exchange.rules.fates import (
    WRITTEN,
    Entry,
    Exported,
    Held,
    Left,
    Made,
    Step,
    There,
    Warned,
)
from protocols.exchange.rules.fields import Variables, filled_for, finished
from protocols.exchange.rules.fingerprints import fingerprint, in_order
from protocols.exchange.rules.names import digits_for
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.tables import FORMULA, no_formula, php_line, read_php_table

COLUMNS = (
    "id",
    "title",
    "explain",
    "msg",
    "fallback_msg",
    "position",
    "delay",
    "department_id",
    "user_id",
    "auto_send",
    "attr_int_1",
    "attr_int_2",
    "attr_int_3",
    "languages",
    "additional_data",
    "html_snippet",
    "unique_id",
    "created_at",
    "updated_at",
    "active_from",
    "active_to",
    "repetitiveness",
    "days_activity",
    "disabled",
    "delete_on_exp",
    "activate_responder",
    "subject",
    "tags_plain",
    "department_ids_front",
)
MAY_BE_EMPTY = frozenset(
    {
        "title",
        "explain",
        "msg",
        "fallback_msg",
        "languages",
        "additional_data",
        "html_snippet",
        "days_activity",
        "subject",
        "tags_plain",
        "department_ids_front",
    }
)
"""Texts; every other column is a number that must be there."""
OURS = ("title", "explain", "msg", "languages", "unique_id", "tags_plain")
TOO_LONG = (
    "With all of its languages it is longer than the %(number)s bytes that the tool reads."
    " Divide it."
)
SWALLOWED = (
    "It holds a backslash before a quotation mark or at its end, and the rest would be"
    " read wrongly there."
)
CUT = "Its %(what)s was cut to the %(number)s characters that the tool takes."
CUT_LINES = ("title", "question")
LONG_KEYWORD = "The keyword %(name)s is longer than the %(number)s bytes of a tag."
LONGEST_TITLE = 250
LONGEST_TAG = 40
LINE_BYTES = 10_000
SUGGESTED = 50
"""How many answers the tool suggests to an operator, unless its settings say otherwise."""

VARIABLES = Variables(
    tool="Live Helper Chat",
    visitor="{nick}",
    worker="{operator}",
    # a variable, or one of its tags in square brackets
    danger=re.compile(r"\{[A-Za-z0-9_]+\}|\[/?[a-z_]+(?:=[^\]\n]*)?\]"),
)
_OPEN_END = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_SWALLOWS = re.compile(r'\\(?="|$)')


class Other(msgspec.Struct):
    """One more language in the `languages` column."""

    message: str = ""
    fallback_message: str = ""
    languages: list[str] = []


def entries(texts: Sequence[Outgoing], known: Known) -> Made:
    """Lay out each answer as one row; the number is its own for ever."""
    del known
    made = Made()
    for text in texts:
        entry = _entry(text)
        if isinstance(entry, Held):
            title = text.words[text.source_language].title
            left = Left(urn=text.urn, language=text.source_language, title=title, why=entry)
            made.left.append(left)
        else:
            made.entries.append(entry)
    return made


def _entry(text: Outgoing) -> Entry | Held:
    said: dict[str, str] = {}
    warned: dict[Warned, None] = dict.fromkeys(text.warned)
    for language, words in text.words.items():
        filled = filled_for(words.markdown, text.values, text.gaps, VARIABLES)
        message = finished(filled, as_chat_text(filled.text), VARIABLES)
        if isinstance(message, Held):
            return message
        said[language] = message
        warned |= dict.fromkeys(filled.warned)
    source = text.words[text.source_language]
    tags, tags_warned = _tags([key for words in text.words.values() for key in words.keywords])
    title, title_warned = _short(CUT_LINES[0], source.title)
    explain, explain_warned = _short(CUT_LINES[1], source.question)
    fields = {
        "title": title,
        "explain": explain,
        "msg": no_formula(said[text.source_language]),
        "languages": _languages(said, text.source_language),
        "unique_id": digits_for(text.owner, text.urn),
        "tags_plain": ", ".join(tags),
    }
    return _checked(fields) or Entry(
        urn=text.urn,
        language=text.source_language,
        key=fields["unique_id"],
        title=source.title,
        fingerprint=_fingerprint(fields),
        fields=fields,
        warned=[*warned, *tags_warned, *title_warned, *explain_warned],
    )


def _checked(fields: Mapping[str, str]) -> Held | None:
    if any(_SWALLOWS.search(value) for value in fields.values()):
        return Held("backslash-before-quote", SWALLOWED)
    return _overlong(_row(fields, COLUMNS, None))


def _overlong(row: Mapping[str, str]) -> Held | None:
    if len(php_line(row.values()).encode()) < LINE_BYTES:
        return None
    return Held("too-long", TOO_LONG % {"number": LINE_BYTES})


def unfit(step: Step, columns: Sequence[str]) -> Held | None:
    """Tell why a row cannot be written that has to keep what the tool has in other columns."""
    row = _row(step.entry.fields, columns or COLUMNS, step.there.fields if step.there else None)
    if any(_OPEN_END.search(value) for value in row.values()):
        return Held("backslash-before-quote", SWALLOWED)
    return _overlong(row)


def _short(what: str, text: str) -> tuple[str, list[Warned]]:
    one_line = no_formula(" ".join(text.split()))
    if len(one_line) <= LONGEST_TITLE:
        return one_line, []
    why = CUT % {"what": what, "number": LONGEST_TITLE}
    return one_line[: LONGEST_TITLE - 1] + "…", [Warned("shortened", why)]


def _tags(keywords: Sequence[str]) -> tuple[list[str], list[Warned]]:
    tags: dict[str, None] = {}
    warned = []
    for keyword in keywords:
        tag = "-".join(re.sub(r"[#,]", " ", keyword.lower()).split()).lstrip(FORMULA)
        if len(tag.encode()) > LONGEST_TAG:
            why = LONG_KEYWORD % {"name": repr(keyword), "number": LONGEST_TAG}
            warned.append(Warned("keyword-left-out", why))
        elif tag:
            tags[tag] = None
    return list(tags), warned


def _languages(said: Mapping[str, str], source: str) -> str:
    others = [
        Other(message, "", [language]) for language, message in said.items() if language != source
    ]
    if not others:
        return ""
    # no backslash may stand before a quotation mark in the file
    written = msgspec.json.encode(others).decode()
    return written.replace("\\\\", "\\u005c").replace('\\"', "\\u0022")


def _fingerprint(fields: Mapping[str, str]) -> str:
    others = _read_languages(fields["languages"])
    tags = in_order(tag.strip() for tag in fields["tags_plain"].lower().split(","))
    return fingerprint(fields["title"], fields["explain"], fields["msg"], others, tags)


def _read_languages(written: str) -> str:
    if not written.strip():
        return ""
    try:
        others = msgspec.json.decode(written, type=list[Other])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return written
    said = [f"{' '.join(sorted(one.languages))} {one.message}" for one in others if one.message]
    return "\0".join(sorted(said))


def file(steps: Sequence[Step], columns: Sequence[str]) -> Iterator[str]:
    """Write the rows that create or change an answer, below the header that the tool expects."""
    columns = columns or COLUMNS
    yield php_line(columns)
    for step in steps:
        if step.fate in WRITTEN:
            there = step.there.fields if step.there else None
            yield php_line(_row(step.entry.fields, columns, there).values())


def _row(
    fields: Mapping[str, Any], columns: Sequence[str], there: Mapping[str, Any] | None
) -> dict[str, str]:
    """Keep what the tool has in columns that are not ours, so that nothing else is overwritten."""
    kept = there or {}
    empty = {column: "" if column in MAY_BE_EMPTY else "0" for column in columns}
    return {
        column: fields[column] if column in OURS else str(kept.get(column) or empty[column])
        for column in columns
    }


def read(exported: bytes) -> Exported:
    """Read the tool's own export, and its header: that changes from version to version."""
    columns, rows = read_php_table(exported)
    if not set(COLUMNS[:4]).union(OURS).issubset(columns):
        raise NotAnExport("This is no list of canned messages that Live Helper Chat exported.")
    found = [
        There(
            key=row["unique_id"],
            id=row.get("id", ""),
            fingerprint=_fingerprint({name: row[name] for name in OURS}),
            fields=row,
        )
        for row in rows
    ]
    return Exported(found, columns)
