"""Every single change that somebody could make to a JSON value, one after the other."""

import copy
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


def altered(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each field's name and the value with that field changed; then without it."""
    for place, leaf in _leaves(value, ()):
        yield _name(place), _with(value, place, _other(leaf))
    for name in value:
        less = {key: inner for key, inner in value.items() if key != name}
        yield f"without {name}", less


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*place, index))
    else:
        yield place, value


def _other(leaf: Any) -> Any:
    if isinstance(leaf, bool):
        return not leaf
    if isinstance(leaf, int):
        return leaf + 1
    if isinstance(leaf, str):
        return f"{leaf}x" if leaf else "x"
    if isinstance(leaf, list):
        return ["x"]
    return {"x": "x"} if isinstance(leaf, dict) else "x"


def _with(value: dict[str, Any], place: Place, leaf: Any) -> dict[str, Any]:
    whole: Any = copy.deepcopy(value)
    inner = whole
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = leaf
    changed: dict[str, Any] = whole
    return changed


def _name(place: Place) -> str:
    return ".".join(str(step) for step in place)
