"""What a coordinator can make of estimates: where to be there more, and how to weigh a session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rota.demand.rules.estimates import BASES, UNKNOWN, Estimate
from rota.records.rules.lists import TALKED, TURNED_AWAY

MOST_HELPFUL = 5
LEAST_WEIGHT, MOST_WEIGHT, WEIGHT_PLACES = 0.1, 10.0, 1


@dataclass(frozen=True, slots=True)
class Helpful:
    """An hour of the week, and how many a week are expected to find nobody in it as it is now."""

    hour: int
    unmet: float
    low: float
    high: float
    covered: float
    basis: str


@dataclass(frozen=True, slots=True)
class LanguageSeen:
    """How many wrote in a language, and how many hours a week somebody lately spoke it."""

    tag: str
    talked: int
    turned_away: int
    spoken: float

    @property
    def missed(self) -> bool:
        """Tell whether people were turned away in it, or nobody speaks it."""
        return self.turned_away > 0 or self.spoken == 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The weight of a session beside an average hour, and the contacts an hour behind it."""

    weight: float
    expected: float
    low: float
    high: float
    basis: str


def most_helpful(found: Sequence[Estimate], covered: Sequence[float | None]) -> list[Helpful]:
    """Rank hours by who would find nobody: all in closed time, the turned away in open time.

    Hours of which nothing is known are left out, and so is one that the week never has.
    """
    ranked = [
        _unmet(hour, one, share)
        for hour, (one, share) in enumerate(zip(found, covered, strict=True))
        if share is not None and one.basis != UNKNOWN
    ]
    ranked.sort(key=lambda each: (-each.unmet, each.hour))
    return [each for each in ranked if each.unmet > 0][:MOST_HELPFUL]


def _unmet(hour: int, one: Estimate, covered: float) -> Helpful:
    written = one.seen.written
    turned_away = one.seen.turned_away / written if written else 0.0
    share = 1 - covered + covered * turned_away
    return Helpful(
        hour, one.expected * share, one.low * share, one.high * share, covered, one.basis
    )


def suggestion(hours: Mapping[int, float], found: Sequence[Estimate], mean: float) -> Suggestion:
    """Weigh a session by its hours of the week, so that an average open hour weighs 1."""
    whole = sum(hours.values())

    def over(values: Iterable[float]) -> float:
        return sum(values) / whole

    expected = over(length * found[hour].expected for hour, length in hours.items())
    weight = min(max(expected / mean, LEAST_WEIGHT), MOST_WEIGHT)
    bases = [found[hour].basis for hour in hours]
    return Suggestion(
        round(weight, WEIGHT_PLACES),
        expected,
        over(length * found[hour].low for hour, length in hours.items()),
        over(length * found[hour].high for hour, length in hours.items()),
        max(bases, key=list(BASES).index),
    )


def languages_seen(
    written: Mapping[str, Mapping[str, int]], spoken: Mapping[str, float]
) -> list[LanguageSeen]:
    """List languages in which people wrote; those first in which most were turned away."""
    found = [
        LanguageSeen(tag, counts[TALKED], counts[TURNED_AWAY], spoken.get(tag, 0.0))
        for tag, counts in written.items()
        if any(counts.values())
    ]
    return sorted(found, key=lambda each: (-each.turned_away, -each.talked, each.tag))
