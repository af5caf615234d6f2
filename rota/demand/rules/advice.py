"""What a coordinator can make of estimates: where to be there more, and how to weigh a session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from rota.demand.rules.estimates import UNKNOWN, WEEK_HOURS, Estimate, Seen, worst
from rota.records.rules.lists import TALKED, TURNED_AWAY

MOST_HELPFUL = 5
LEAST_WEIGHT, MOST_WEIGHT, WEIGHT_PLACES = 0.1, 10.0, 1


@dataclass(frozen=True, slots=True)
class Helpful:
    """An hour of the week, and how many a week are expected to find nobody in it as it is now.

    `covered` is the share of those expected who write while their channel is covered.
    """

    hour: int
    unmet: float
    low: float
    high: float
    covered: float
    basis: str


@dataclass(frozen=True, slots=True)
class OnChannel:
    """What is expected on one channel, hour by hour, and what share of each hour is covered."""

    found: Sequence[Estimate]
    covered: Sequence[float | None]


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


def most_helpful(channels: Sequence[OnChannel]) -> list[Helpful]:
    """Rank hours by who would find nobody: all in closed time, the turned away in open time.

    People of all channels are added up. Hours of which nothing is known on any are left out.
    """
    ranked = [one for hour in range(WEEK_HOURS) if (one := _unmet(hour, channels)).unmet > 0]
    ranked.sort(key=lambda each: (-each.unmet, each.hour))
    return ranked[:MOST_HELPFUL]


def _unmet(hour: int, channels: Sequence[OnChannel]) -> Helpful:
    """Add up who would find nobody in an hour; channels err apart, so bounds add up as squares."""
    known = [
        (one, share, _finds_nobody(one.seen, share))
        for one, share in ((each.found[hour], each.covered[hour]) for each in channels)
        # one that the week never has has no share
        if share is not None and one.basis != UNKNOWN
    ]
    expected = sum(one.expected for one, _, _ in known)
    unmet = sum(one.expected * nobody for one, _, nobody in known)
    return Helpful(
        hour,
        unmet,
        unmet - hypot(*((one.expected - one.low) * nobody for one, _, nobody in known)),
        unmet + hypot(*((one.high - one.expected) * nobody for one, _, nobody in known)),
        sum(one.expected * share for one, share, _ in known) / expected if expected else 0.0,
        worst([one.basis for one, _, _ in known]),
    )


def _finds_nobody(seen: Seen, covered: float) -> float:
    """Give the share of those who write that finds nobody, or nobody who is free."""
    away = seen.turned_away_while_open / seen.in_open_time if seen.in_open_time else 0.0
    return 1 - covered + covered * away


def suggestion(hours: Mapping[int, float], found: Sequence[Estimate], mean: float) -> Suggestion:
    """Weigh a session by its hours of the week, so that an average open hour weighs 1."""
    whole = sum(hours.values())

    def over(values: Iterable[float]) -> float:
        return sum(values) / whole

    expected = over(length * found[hour].expected for hour, length in hours.items())
    weight = min(max(expected / mean, LEAST_WEIGHT), MOST_WEIGHT)
    return Suggestion(
        round(weight, WEIGHT_PLACES),
        expected,
        over(length * found[hour].low for hour, length in hours.items()),
        over(length * found[hour].high for hour, length in hours.items()),
        worst([found[hour].basis for hour in hours]),
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
