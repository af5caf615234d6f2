"""What a vector is: something given to one check, and what comes of it, in exactly these bytes."""

from typing import Any

import msgspec

FORMAT = "netreach-federation-vectors/1"


class Vector(msgspec.Struct, frozen=True, kw_only=True):
    """One example: it gives a value, or is refused with a code."""

    what: str
    given: dict[str, Any]
    gives: Any = msgspec.UNSET
    refused: str | msgspec.UnsetType = msgspec.UNSET


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Examples of one check, and where the page speaks of it."""

    check: str
    section: str
    vectors: list[Vector]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file; every key in it is an example that anybody has."""

    format: str
    about: str
    keys: list[dict[str, Any]]
    groups: list[Group]


def good(what: str, given: dict[str, Any], gives: Any) -> Vector:
    return Vector(what=what, given=given, gives=gives)


def bad(what: str, given: dict[str, Any], refused: str) -> Vector:
    return Vector(what=what, given=given, refused=refused)


def variants(given: dict[str, Any], refused: str, **changes: dict[str, Any]) -> list[Vector]:
    """Give what is refused of something good, by what is changed in it."""
    return [
        bad(what.replace("_", " "), given | change, refused) for what, change in changes.items()
    ]
