"""What differs from what others have written, at a glance: one line a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from protocols.overlays.rules.parts import OwnPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text that a project uses, or is about to use.

    `newer` is a version that is out, `number` the one in use, None where it is only drafted;
    `yours` says that the next step is one that the asker could take.
    """

    urn: str
    title: str
    kind: Literal["protocol", "answer"]
    number: str | None
    newer: str | None
    mode: str | None
    on_shifts: bool
    withdrawn: bool
    replaced: int
    added: int
    hidden: int
    overdue: bool
    values: int
    state: Literal["draft", "asked"] | None
    yours: bool

    @property
    def differs(self) -> bool:
        """Tell whether people read something else than its project has written."""
        return bool(self.replaced or self.added or self.hidden)

    @property
    def needs_somebody(self) -> bool:
        """Tell whether anything waits for a decision."""
        followed = self.newer is not None and self.mode == "tracking"
        return self.state is not None or followed or self.withdrawn or self.overdue


@dataclass(frozen=True, slots=True)
class Offered:
    """A text that the project may use and does not; `by` is None where its project is not known."""

    urn: str
    title: str
    kind: str
    number: str
    by: str | None


def counted(parts: Sequence[OwnPart]) -> tuple[int, int, int]:
    """Count what is put in own words, added and left out."""
    actions = [part.action for part in parts]
    return actions.count("replace"), actions.count("add"), actions.count("hide")


def overdue(parts: Sequence[OwnPart], today: date) -> bool:
    """Tell whether an own part should have been looked at again by now."""
    return any(part.review_by < today for part in parts)


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Put first what waits for the asker, then what waits at all, then what differs."""
    return sorted(
        lines,
        key=lambda one: (
            not one.yours,
            not one.needs_somebody,
            not one.differs,
            one.title.casefold(),
            one.urn,
        ),
    )
