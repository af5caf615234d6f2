"""Reads a scenario file and refuses, line by line, what is not one."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from rota.planner.errors import ScenarioRefusedError
from rota.planner.rules.board import Board
from rota.planner.rules.consistency import contradictions
from rota.planner.rules.fixed import broken_fixed
from rota.planner.rules.naming import shown
from rota.planner.rules.scenario import Fixed, Project, Scenario, Shift, Worker

Item = TypeVar("Item")

PARTS: Mapping[str, tuple[type[msgspec.Struct], str, str]] = {
    "projects": (Project, "Project", "id"),
    "workers": (Worker, "Worker", "id"),
    "shifts": (Shift, "Shift", "id"),
    "fixed": (Fixed, "The fixed seat", "seat"),
}
LARGEST_POWER = 12  # 10**12 of anything is a slip, and its arithmetic would never end
MOST_DIGITS = 40
PLAIN = (
    (r"Object contains unknown field `(.*)`", r'the field "\1" is not known'),
    (r"Object missing required field `(.*)`", r'the field "\1" is missing'),
    (r"Expected `datetime` with a timezone component", "the time has no offset from UTC"),
    (r"Invalid RFC3339 encoded datetime", "this is not a time such as 2027-01-05T17:00:00Z"),
    (r"Invalid RFC3339 encoded date", "this is not a day such as 2027-01-05"),
    (r"Invalid enum value '(.*)'", r'the value "\1" is not known'),
    (r"Expected `str` of length >= 1", "the text is empty"),
    (r"Expected `int` (<=|>=) (-?\d+)", r"the whole number must be \1 \2"),
    (r"Expected `(.*)`, got `(.*)`", r"this must be of type \1, not \2"),
)


def decode(source: bytes) -> Scenario:
    """Read the scenario in the file, or refuse it with one line for every fault."""
    return decode_board(source).scenario


def decode_board(source: bytes) -> Board:
    """Read the scenario, checked and made ready for counting."""
    raw = _json(source)
    scenario = _scenario(raw)
    if lines := [*contradictions(scenario)]:
        raise ScenarioRefusedError(lines)
    board = Board.of(scenario)
    if lines := [*broken_fixed(board)]:
        raise ScenarioRefusedError(lines)
    return board


def _json(source: bytes) -> dict[str, Any]:
    try:
        raw = msgspec.json.Decoder(float_hook=Decimal).decode(source)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScenarioRefusedError([f"scenario: This is not JSON: {error}."]) from error
    except RecursionError:
        raise ScenarioRefusedError(["scenario: The JSON is nested too deeply."]) from None
    if not isinstance(raw, dict):
        raise ScenarioRefusedError(["scenario: This must be an object with projects and shifts."])
    return raw


def _scenario(raw: dict[str, Any]) -> Scenario:
    """Each item is read on its own, so that one fault does not hide the next."""
    lines: list[str] = []
    read: dict[str, tuple[msgspec.Struct, ...]] = {}
    for name, (kind, noun, key) in PARTS.items():
        items = raw.get(name)
        if isinstance(items, list):
            read[name] = tuple(_items(items, kind, noun, key, name, lines))
    bare = {name: () if name in read else value for name, value in raw.items()}
    try:
        whole = msgspec.convert(bare, Scenario, dec_hook=_fraction)
    except msgspec.ValidationError as error:
        where, sentence = _plain(str(error))
        lines.insert(0, f"scenario{_joined(where)}: In the scenario, {sentence}.")
        raise ScenarioRefusedError(lines) from error
    if lines:
        raise ScenarioRefusedError(lines)
    return msgspec.structs.replace(whole, **read)


def _items(
    items: list[Any], kind: type[Item], noun: str, key: str, name: str, lines: list[str]
) -> Iterator[Item]:
    for index, item in enumerate(items):
        try:
            yield msgspec.convert(item, kind, dec_hook=_fraction)
        except msgspec.ValidationError as error:
            where, sentence = _plain(str(error))
            named = item.get(key) if isinstance(item, dict) else None
            who = f"{noun} {shown(named)}" if isinstance(named, str) else f"{noun} without an id"
            lines.append(f"{name}[{index}]{_joined(where)}: {who}: {sentence}.")


def _joined(where: str) -> str:
    return f".{where}" if where and not where.startswith("[") else where


def _plain(message: str) -> tuple[str, str]:
    """Where and what, in words that need no knowledge of the decoder."""
    what, _, where = message.partition(" - at `$")
    for pattern, words in PLAIN:
        if re.fullmatch(pattern, what, re.DOTALL):
            what = re.sub(pattern, words, what, flags=re.DOTALL)
            break
    return where.rstrip("`").lstrip("."), _one_line(what)


def _one_line(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)[1:-1]


def _fraction(kind: type[Any], value: Any) -> Any:
    """Numbers are kept exactly as they are written."""
    if kind is not Fraction:
        raise NotImplementedError
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"Expected `number`, got `{type(value).__name__}`")
    exact = Decimal(value)
    if exact < 0:
        raise ValueError("the number must not be negative")
    if exact.adjusted() > LARGEST_POWER:
        raise ValueError("the number is too large")
    if exact and (exact.adjusted() < -LARGEST_POWER or len(exact.as_tuple().digits) > MOST_DIGITS):
        raise ValueError("the number has too many digits")
    return Fraction(exact)
