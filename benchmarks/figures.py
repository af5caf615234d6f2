"""A figure is a ratio within one run: what ours did beside what something else did."""

from collections.abc import Sequence
from statistics import median

import msgspec


class Scale(msgspec.Struct, frozen=True):
    """How much is measured, and how much is said of it."""

    rounds: int = 5
    seconds: float = 1.5
    connections: int = 32
    events: int = 200
    seats: int = 100
    claims: int = 2000
    workers: int = 200
    shifts: int = 400
    plan_seconds: float = 30
    projects: int = 50
    weeks: int = 52
    board: int = 450
    items: int = 500
    releases: int = 200
    answers: int = 20_000
    table_rows: int = 2000
    small_events: int = 1000
    partners: int = 50
    idle_seconds: float = 40
    poll_seconds: float = 20
    demo: bool = True
    verbose: bool = False


TINY = Scale(
    rounds=1,
    seconds=0.05,
    connections=2,
    events=2,
    seats=2,
    claims=8,
    workers=24,
    shifts=28,
    plan_seconds=2,
    projects=2,
    weeks=2,
    board=3,
    items=3,
    releases=2,
    answers=30,
    table_rows=4,
    small_events=3,
    partners=3,
    idle_seconds=0.5,
    poll_seconds=0.2,
    demo=False,
)
"""Too little to measure anything: it shows that everything runs."""


class Side(msgspec.Struct, frozen=True):
    """What one side did, in the figure's unit, and its server's processor time for each answer."""

    did: float
    microseconds: float | None = None


class Pair(msgspec.Struct, frozen=True):
    """One round: ours and the other, one right after the other."""

    ours: Side
    other: Side


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured; `aim` is the least ratio that is wished for, where one is."""

    benchmark: str
    name: str
    against: str
    unit: str
    pairs: list[Pair]
    aim: float | None = None

    @property
    def ratios(self) -> list[float]:
        """Give every round's ratio, lowest first."""
        return sorted(pair.ours.did / pair.other.did for pair in self.pairs)

    @property
    def ratio(self) -> float:
        """Give the median ratio."""
        return median(self.ratios)

    @property
    def by_processor(self) -> float | None:
        """Give the ratio of the servers' processor time, which a busy machine disturbs less."""
        ratios = [
            pair.other.microseconds / pair.ours.microseconds
            for pair in self.pairs
            if pair.other.microseconds and pair.ours.microseconds
        ]
        return median(ratios) if ratios else None

    @property
    def met(self) -> bool:
        """Tell whether the aim is reached."""
        return self.aim is None or self.ratio >= self.aim

    def told(self) -> dict[str, object]:
        """Write it for programs, with what follows from it."""
        facts: dict[str, object] = msgspec.to_builtins(self)
        return {
            **facts,
            "ratio": self.ratio,
            "spread": [self.ratios[0], self.ratios[-1]],
            "by_processor": self.by_processor,
        }


class SkippedError(Exception):
    """A benchmark that cannot run here; the sentence says why."""


HEADS = ("", "ours", "other", "unit", "against", "ratio", "lowest to highest", "by CPU", "aim")


def cells(figure: Figure) -> tuple[str, ...]:
    """Write one figure as a row of the table."""
    low, high = figure.ratios[0], figure.ratios[-1]
    by_processor = figure.by_processor
    aim = "" if figure.aim is None else f"{figure.aim:g}: {'met' if figure.met else 'MISSED'}"
    return (
        figure.name,
        _number(median(pair.ours.did for pair in figure.pairs)),
        _number(median(pair.other.did for pair in figure.pairs)),
        figure.unit,
        figure.against,
        f"{figure.ratio:.2f}",
        f"{low:.2f} to {high:.2f}",
        "" if by_processor is None else f"{by_processor:.2f}",
        aim,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def table(figures: Sequence[Figure]) -> str:
    """Write figures as a table, which is Markdown too."""
    rows = [HEADS, *map(cells, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
