"""The one form in which a statement is signed (RFC 8785), and the test that bytes have it."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import msgspec
import rfc8785

from federation.partners.errors import NotCanonical

LARGEST_INTEGER = 2**53 - 1
"""Beyond it, JSON readers in other languages disagree about the number."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Write the bytes to sign; ids and times become text, floats are refused."""
    plain = msgspec.to_builtins(value)
    _refuse_floats(plain)
    try:
        return rfc8785.dumps(plain)
    except ValueError as error:
        raise NotCanonical from error


def admit(raw: bytes) -> dict[str, Any]:
    """Read a JSON object that is exactly in canonical form; afterwards only `raw` is kept."""
    try:
        value = json.loads(
            raw,
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
        # duplicate keys, 1.0, spaces, another order: all end as other bytes
        same = isinstance(value, dict) and rfc8785.dumps(value) == raw
    except (ValueError, RecursionError) as error:
        raise NotCanonical from error
    if not same:
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


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise NotCanonical
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
