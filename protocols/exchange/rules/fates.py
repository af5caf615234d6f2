"""What becomes of each text on its way into a tool, and what whoever loads it has to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Held(NamedTuple):
    """Why a text does not go into the file at all."""

    code: str
    text: str


class Warned(NamedTuple):
    """What goes into the file otherwise than it was written, or needs a look."""

    code: str
    text: str


class Fate(StrEnum):
    """What loading the file does to one entry of the tool."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """Changed there and here since the last export: left out until a person decides."""
    DRIFT = "drift"
    """Changed there only: left as it is there."""
    GONE = "gone"
    """Deleted there since the last export: left out until a person decides."""
    UNKNOWN = "unknown"
    """Went out before, and nobody told what became of it there: left out until a person decides."""


WRITTEN = frozenset({Fate.CREATE, Fate.UPDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a tool will hold it.

    `key` is how it is found again there; `fingerprint` names its words, however the tool lays
    them out.
    """

    urn: str
    language: str
    key: str
    title: str
    fingerprint: str
    fields: Mapping[str, Any]
    warned: Sequence[Warned] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One entry that the tool holds now, as its own export tells."""

    key: str
    id: str
    fingerprint: str
    fields: Mapping[str, Any]


class Exported(NamedTuple):
    """What a tool holds now; `columns` is the header that it wrote, where it writes one."""

    entries: Sequence[There]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry and what becomes of it; `there` is what the tool holds now, where that is known."""

    entry: Entry
    fate: Fate
    there: There | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A text that stays out of the file, with the reason."""

    urn: str
    language: str
    title: str
    why: Held


@dataclass(slots=True)
class Made:
    """What a tool's writer made of the texts."""

    entries: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
