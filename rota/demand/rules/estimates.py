"""How many write in an hour of the week while somebody is there, and how sure that is.

A Gamma-Poisson estimate: what was counted in an hour, with a limited say of the hours beside it
(Sunday's last is beside Monday's first) and a small one of the mean of all hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WEEK_HOURS = 168
NEIGHBOURS = {1: 0.5, 2: 0.25}
"""What an hour's contacts and open time count for another one, by the hours between them."""
NEIGHBOUR_HOURS = 8.0
"""All neighbours together never say more than so many open hours: with time each hour speaks."""
MEAN_HOURS, MEAN_CONTACTS = 4.0, 0.5
"""The mean of all hours counts as so many open hours, and as so many contacts at the least."""
LOW, HIGH = 0.1, 0.9
FEW = 10

COUNTED, FEW_COUNTS, GUESS, UNKNOWN = "counted", "few-counts", "guess", "unknown"
BASES = {
    COUNTED: "counted",
    FEW_COUNTS: f"fewer than {FEW} contacts counted",
    GUESS: "a guess: from who was turned away, or from the hours beside it",
    UNKNOWN: "nothing is known: the mean of all hours",
}
"""On what an estimate rests, from the best on."""


def worst(bases: Iterable[str]) -> str:
    """Give the one on which least can be built; nothing is known where there are none."""
    return max(bases, key=list(BASES).index, default=UNKNOWN)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted in one hour of the week, and for how long somebody could count there.

    `closed_hours` are those in which somebody was there, but not open, or not in the language
    asked for: who was turned away may have been so then as well.
    """

    talked: int = 0
    turned_away: int = 0
    open_hours: float = 0.0
    closed_hours: float = 0.0

    @property
    def turned_away_while_open(self) -> float:
        """Count who was turned away while it was open: they are shared evenly over all time."""
        if not self.open_hours:
            return 0.0
        return self.turned_away * self.open_hours / (self.open_hours + self.closed_hours)

    @property
    def in_open_time(self) -> float:
        """Count who wrote while it was open."""
        return self.talked + self.turned_away_while_open if self.open_hours else 0.0

    @property
    def written(self) -> int:
        """Count all who wrote."""
        return self.talked + self.turned_away


@dataclass(frozen=True, slots=True)
class Estimate:
    """Contacts expected in an open hour, with the bounds between which 4 of 5 such means lie."""

    seen: Seen
    expected: float
    low: float
    high: float
    basis: str


@dataclass(frozen=True, slots=True)
class _Gamma:
    """What is believed of one rate: as if `shape` contacts had been seen in `rate` open hours."""

    shape: float
    rate: float
    basis: str

    @property
    def mean(self) -> float:
        return self.shape / self.rate


def mean_of(seen: Sequence[Seen], weeks: int) -> float:
    """Give contacts per open hour over all hours, above 0; 0 where nothing was counted at all."""
    hours = sum(one.open_hours for one in seen)
    if hours:
        return max(sum(one.in_open_time for one in seen), MEAN_CONTACTS) / hours
    written = [one.written for one in seen if one.written]
    return sum(written) / (weeks * len(written)) if written and weeks else 0.0


def estimates(seen: Sequence[Seen], weeks: int, otherwise: float = 0.0) -> list[Estimate]:
    """Estimate every hour of the week, from Monday's first on; none where there is nothing.

    `otherwise` is the mean to go by where nothing was seen; every hour then is unknown.
    """
    mean = mean_of(seen, weeks) or otherwise
    if not mean:
        return []
    believed = [_believed(seen, hour, mean, weeks) for hour in range(WEEK_HOURS)]
    lows, highs = (_quantiles(believed, share) for share in (LOW, HIGH))
    return [
        Estimate(one, gamma.mean, low, high, gamma.basis)
        for one, gamma, low, high in zip(seen, believed, lows, highs, strict=True)
    ]


def _believed(seen: Sequence[Seen], hour: int, mean: float, weeks: int) -> _Gamma:
    own, near = seen[hour], _neighbours(seen, hour, mean)
    if own.open_hours:
        basis = COUNTED if own.in_open_time >= FEW else FEW_COUNTS
        return _Gamma(near.shape + own.in_open_time, near.rate + own.open_hours, basis)
    # nobody was there: those who wrote all the same can only tell of more
    if own.written > weeks * near.mean:
        return _Gamma(near.shape + own.written, near.rate + weeks, GUESS)
    return near


def _neighbours(seen: Sequence[Seen], hour: int, mean: float) -> _Gamma:
    """Believe what the mean and the hours on both sides say, before the hour itself is heard."""
    prior = max(MEAN_HOURS, MEAN_CONTACTS / mean)
    beside = [
        (weight, seen[(hour + side * away) % WEEK_HOURS])
        for away, weight in NEIGHBOURS.items()
        for side in (-1, 1)
    ]
    hours = sum(weight * one.open_hours for weight, one in beside)
    contacts = sum(weight * one.in_open_time for weight, one in beside)
    share = min(1.0, NEIGHBOUR_HOURS / hours) if hours else 0.0
    return _Gamma(
        prior * mean + share * contacts, prior + share * hours, GUESS if hours else UNKNOWN
    )


def _quantiles(believed: Sequence[_Gamma], share: float) -> list[float]:
    # takes a second to load, and only this needs it
    from scipy.special import gammaincinv

    found = gammaincinv([one.shape for one in believed], share)
    return [float(value) / one.rate for value, one in zip(found, believed, strict=True)]
