"""The one form in which a statement is signed (RFC 8785), and the test that bytes have it."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn

import msgspec
import rfc8785

from federation.partners.errors import NotCanonical

_QUICK = msgspec.json.Encoder(order="deterministic")
LARGEST_INTEGER = 2**53 - 1
"""Beyond it, JSON readers in other languages disagree about the number."""
PROVEN_LATELY = 512
"""Events and statements of two pages."""
REMEMBERED_BYTES = 8192
"""Few are longer, and those that are fill no memory."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL character, which no text has and PostgreSQL cannot store; not a backslash before u0000."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Write the bytes to sign; ids and times become text, floats are refused."""
    try:
        return _written(msgspec.to_builtins(value))
    except (ValueError, RecursionError) as error:
        raise NotCanonical from error


def admit(raw: bytes) -> dict[str, Any]:
    """Read a JSON object in exactly canonical form, without NUL; afterwards only `raw` is kept."""
    if len(raw) > REMEMBERED_BYTES:
        return _proven(raw)
    _prove_once(raw)
    read: dict[str, Any] = msgspec.json.decode(raw)
    return read


@lru_cache(PROVEN_LATELY)
def _prove_once(raw: bytes) -> None:
    """Look closely at bytes that are read again soon: ahead, when they are applied, when kept."""
    _proven(raw)


def _proven(raw: bytes) -> dict[str, Any]:
    try:
        value = _READER.decode(raw.decode())
        # duplicate keys, 1.0, spaces, another order: all end as other bytes
        same = isinstance(value, dict) and _rewritten(value, raw) == raw
    except (ValueError, RecursionError) as error:
        raise NotCanonical from error
    # hardly any statement has these six signs: looking for them first costs next to nothing
    if not same or (b"\\u0000" in raw and _NUL.search(raw)):
        raise NotCanonical
    checked: dict[str, Any] = value
    return checked


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotCanonical
    return found


def _no_float(_text: str) -> NoReturn:
    raise NotCanonical


def _undisputed(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST_INTEGER:
        raise NotCanonical
    return number


_READER = json.JSONDecoder(
    object_pairs_hook=_no_duplicates,
    parse_float=_no_float,
    parse_int=_undisputed,
    parse_constant=_no_float,
)


def _rewritten(value: dict[str, Any], raw: bytes) -> bytes:
    """Write again what was read: bytes that are ASCII throughout hold no other name either."""
    return _QUICK.encode(value) if raw.isascii() else _written(value)


def _written(value: Any) -> bytes:
    """Write JSON in canonical form, by the quick library where both write the same bytes.

    They differ in floats, which nobody signs here, and in the order of names beyond ASCII.
    """
    if _has_plain_names(value):
        return _QUICK.encode(value)
    return rfc8785.dumps(value)


def _has_plain_names(value: object) -> bool:
    """Tell whether all names are ASCII; raises NotCanonical on numbers that readers dispute."""
    plain, waiting = True, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            continue
        if isinstance(one, dict):
            plain = plain and all(map(str.isascii, one))
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, float) or (isinstance(one, int) and abs(one) > LARGEST_INTEGER):
            raise NotCanonical
    return plain
