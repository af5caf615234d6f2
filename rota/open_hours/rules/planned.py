"""Regular hours that are planned and not yet confirmed, where a pool publishes them at all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rota.open_hours.rules.hours import OpenHours

PLANNED = "planned"
PLANNED_FROM = timedelta(hours=48)
"""Closer than this only what is confirmed is told: somebody may rely on it."""


def with_planned(confirmed: Sequence[OpenHours], planned: Iterable[OpenHours]) -> list[OpenHours]:
    """Add planned hours where nothing is confirmed on the same channel, in order."""
    added = [piece for each in planned for piece in _not_covered(each, confirmed)]
    return sorted([*confirmed, *added], key=lambda each: (each.start, each.channel, each.end))


def _not_covered(hours: OpenHours, confirmed: Sequence[OpenHours]) -> Iterable[OpenHours]:
    start = hours.start
    for each in confirmed:
        if each.channel != hours.channel or each.end <= start or each.start >= hours.end:
            continue
        if start < each.start:
            yield replace(hours, start=start, end=each.start, status=PLANNED)
        start = max(start, each.end)
    if start < hours.end:
        yield replace(hours, start=start, status=PLANNED)


def still_told(hours: Iterable[OpenHours], now: datetime) -> list[OpenHours]:
    """Leave out of hours that were told some time ago what is over, or planned and now too near."""
    return [
        each
        for each in hours
        if each.end > now and (each.status != PLANNED or each.start >= now + PLANNED_FROM)
    ]
