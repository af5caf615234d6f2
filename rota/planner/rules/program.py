"""Whole-number rules written down once, for whichever solver is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Variable = int


@dataclass(frozen=True, slots=True)
class Row:
    """A sum of variables that lies between two numbers; None is no limit."""

    variables: Sequence[Variable]
    weights: Sequence[int]
    low: int | None
    high: int | None


@dataclass(slots=True)
class Program:
    """Variables with their limits, and rows over them."""

    lows: list[int] = field(default_factory=list)
    highs: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def new(self, low: int = 0, high: int = 1) -> Variable:
        """Add a variable; without limits it is a yes or no."""
        self.lows.append(low)
        self.highs.append(high)
        return len(self.lows) - 1

    def add(
        self,
        variables: Sequence[Variable],
        weights: Sequence[int],
        *,
        low: int | None = None,
        high: int | None = None,
    ) -> None:
        """Keep a weighted sum within limits."""
        self.rows.append(Row(variables, weights, low, high))

    def at_most(self, variables: Sequence[Variable], most: int) -> None:
        """Let no more than so many be chosen."""
        self.add(variables, [1] * len(variables), high=most)

    def either(self, yes: Sequence[Variable], no: Sequence[Variable]) -> None:
        """Let one of these be chosen, or one of those not be."""
        self.add([*yes, *no], [1] * len(yes) + [-1] * len(no), low=1 - len(no))

    def implies(self, one: Variable, other: Variable) -> None:
        """Let the one be chosen with the other only."""
        self.either([other], [one])


@dataclass(frozen=True, slots=True)
class Weighted:
    """A sum to make largest or smallest."""

    variables: tuple[Variable, ...]
    weights: tuple[int, ...]
    largest: bool = True

    @classmethod
    def of(cls, terms: Iterable[tuple[Variable, int]], *, largest: bool = True) -> "Weighted":
        """Join terms, each variable once."""
        total: dict[Variable, int] = {}
        for variable, weight in terms:
            total[variable] = total.get(variable, 0) + weight
        return cls(tuple(total), tuple(total.values()), largest)

    def value(self, values: Mapping[Variable, int] | Sequence[int]) -> int:
        """Sum what was found."""
        pairs = zip(self.variables, self.weights, strict=True)
        return sum(weight * values[variable] for variable, weight in pairs)
