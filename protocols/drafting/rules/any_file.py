"""Reads whatever file of texts is given: ours, or one that a chat tool has exported."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from protocols.drafting.rules.archives import unpack
from protocols.drafting.rules.fates import passages_in
from protocols.drafting.rules.from_tools import (
    Defaults,
    from_chatwoot,
    from_live_helper_chat,
    from_rocket_chat,
    from_zammad,
)
from protocols.exchange.errors import NotAText, TooLarge
from protocols.exchange.rules import csv_files, json_files
from protocols.exchange.rules.json_files import MOST_TEXTS, TOO_MANY
from protocols.exchange.rules.markdown_files import together
from protocols.exchange.rules.tables import read_php_table, read_table
from protocols.exchange.rules.texts import ExchangedText

NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""What no text has, and PostgreSQL cannot keep; escapes in JSON and YAML can say it."""
UNKNOWN = "This is none of the files that can be taken in."


def texts_in(given: bytes, defaults: Defaults) -> list[ExchangedText]:
    """Read a file by what is in it; its name may say anything."""
    start = given.lstrip(b"\xef\xbb\xbf \r\n\t")[:4]
    if start[:2] == b"PK":
        found = unpack(given)
    elif start[:3] == b"---":
        found = [together(_text(given))]
    elif start[:1] in {b"{", b"["}:
        found = _of_json(given, defaults)
    else:
        found = _of_table(given, defaults)
    if len(found) > MOST_TEXTS:
        raise TooLarge(TOO_MANY % {"number": MOST_TEXTS})
    if any(NO_TEXT.search(words) for text in found for words in _all_words(text)):
        raise NotAText("There is a character here that no text has.")
    return found


def _all_words(text: ExchangedText) -> Iterator[str]:
    """Give what is kept as it was written; languages and names of gaps are held to their form."""
    draft = text.draft
    yield from (passage.words for passage in passages_in(text))
    yield from (*draft.jurisdictions, *draft.channels)
    yield from (gap.example for gap in draft.placeholders)


def _text(given: bytes) -> str:
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAText("This file is not UTF-8 text.") from error


def _of_table(given: bytes, defaults: Defaults) -> list[ExchangedText]:
    from_php = b"unique_id" in given.partition(b"\n")[0]
    columns, rows = read_php_table(given) if from_php else read_table(given)
    if {"number", "kind", "text"}.issubset(columns):
        return csv_files.read(given)
    if {"msg", "title", "unique_id"}.issubset(columns):
        return from_live_helper_chat(rows, defaults)
    if {"name", "content"}.issubset(columns):
        return from_zammad(rows, defaults)
    raise NotAText(UNKNOWN)


def _of_json(given: bytes, defaults: Defaults) -> list[ExchangedText]:
    try:
        told = msgspec.json.decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAText("This JSON cannot be read.") from error
    if isinstance(told, dict) and "format" in told:
        return json_files.read(given)
    if isinstance(told, dict) and "cannedResponses" in told:
        return list(
            from_rocket_chat(_entries(told["cannedResponses"], "shortcut", "text"), defaults)
        )
    try:
        return list(from_chatwoot(_entries(told, "short_code", "content"), defaults))
    except NotAText:
        return from_zammad(_entries(told, "name", "content"), defaults)


def _entries(told: Any, *needed: str) -> Sequence[Mapping[str, Any]]:
    if not isinstance(told, list) or not all(
        isinstance(one, dict) and all(isinstance(one.get(name), str) for name in needed)
        for one in told
    ):
        raise NotAText(UNKNOWN)
    return told
