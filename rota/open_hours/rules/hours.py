"""Open hours are the union of open shifts per channel: no shift shows through, and no count."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from types import MappingProxyType

CHECK_IN_GRACE = timedelta(minutes=10)
PAUSE_GRACE = timedelta(minutes=10)
CONFIRMED = "confirmed"
NO_SLOTS: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShift:
    """A shift whose minimum is confirmed, and what is known of its beginning."""

    channel: str
    starts: datetime
    ends: datetime
    languages: tuple[str, ...] = ()
    fixed_slot: str | None = None
    theme: str | None = None
    checked_in: bool = False
    busy: bool = False
    ended_at: datetime | None = None
    paused_since: datetime | None = None

    def shown_until(self, now: datetime) -> datetime:
        """Give its end for the public: earlier if it was ended, or if nobody has come."""
        if self.ended_at is not None:
            # public answers are built for whole minutes: in the one of its end it is over
            return min(self.ends, self.ended_at.replace(second=0, microsecond=0))
        missed = not self.checked_in and now >= self.starts + CHECK_IN_GRACE
        if self.paused_since is not None and now >= self._pause_begins + PAUSE_GRACE:
            return min(self.ends, self.paused_since.replace(second=0, microsecond=0))
        return self.starts if missed else self.ends

    @property
    def _pause_begins(self) -> datetime:
        """Before its start nobody waits for a session, so no pause has lasted then."""
        return max(self.starts, self.paused_since or self.starts)

    @property
    def occupied(self) -> bool:
        """Tell whether nobody can take a conversation: all are busy, or one would be alone."""
        return self.busy or self.paused_since is not None

    def runs(self, now: datetime) -> bool:
        """Tell whether somebody is there now: planned is not enough, a check-in is needed."""
        return self.checked_in and self.starts <= now < self.shown_until(now)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """One stretch of time in which a channel is staffed, as published."""

    start: datetime
    end: datetime
    channel: str
    languages: tuple[str, ...]
    theme: str | None
    status: str = CONFIRMED


def open_hours(
    shifts: Iterable[OpenShift],
    shown_languages: Collection[str],
    now: datetime,
    by_slot: Mapping[str, Collection[str]] = NO_SLOTS,
) -> list[OpenHours]:
    """Give what is open from now on, in order; of languages only those that single nobody out.

    `by_slot` adds those that all their speakers have agreed to show at one regular time.
    """
    coming = [shift for shift in shifts if now < shift.shown_until(now)]
    by_channel = groupby(sorted(coming, key=lambda each: each.channel), lambda each: each.channel)
    hours = [
        stretch
        for channel, group in by_channel
        for stretch in _joined(_stretches(channel, list(group), shown_languages, by_slot, now))
    ]
    return sorted(hours, key=lambda each: (each.start, each.channel, each.end))


def _stretches(
    channel: str,
    shifts: list[OpenShift],
    shown: Collection[str],
    by_slot: Mapping[str, Collection[str]],
    now: datetime,
) -> Iterable[OpenHours]:
    """Cut a channel's time wherever a shift begins or ends; a piece says what all offer in it."""
    ends = [shift.shown_until(now) for shift in shifts]
    begun = sorted(range(len(shifts)), key=lambda each: shifts[each].starts)
    cuts = sorted({*ends, *(shift.starts for shift in shifts)})
    running: set[int] = set()
    coming = 0
    for start, end in pairwise(cuts):
        # each shift comes in once and goes out once, however many there are
        while coming < len(begun) and shifts[begun[coming]].starts <= start:
            running.add(begun[coming])
            coming += 1
        running = {each for each in running if ends[each] > start}
        if running:
            there = [shifts[each] for each in running]
            spoken = {
                tag
                for shift in there
                for tag in shift.languages
                if tag in shown or (shift.fixed_slot and tag in by_slot.get(shift.fixed_slot, ()))
            }
            themes = sorted({shift.theme for shift in there if shift.theme})
            yield OpenHours(start, end, channel, tuple(sorted(spoken)), " / ".join(themes) or None)


def _joined(stretches: Iterable[OpenHours]) -> list[OpenHours]:
    """Put together again what touches and says the same."""
    joined: list[OpenHours] = []
    for each in stretches:
        last = joined[-1] if joined else None
        if last and last.end == each.start and _says(last) == _says(each):
            joined[-1] = OpenHours(
                last.start, each.end, each.channel, each.languages, each.theme, each.status
            )
        else:
            joined.append(each)
    return joined


def _says(hours: OpenHours) -> tuple[object, ...]:
    return hours.channel, hours.languages, hours.theme, hours.status
