"""What a newcomer has to hear of a pool: the last word on each thing that is not long over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

KEPT = timedelta(days=90)
"""What was said longer ago than this is folded into what holds."""
ABOUT: Mapping[str, str] = {
    "pool.stated": "id",
    "shift.stated": "id",
    "session.stated": "shift",
    "cover.stated": "cover",
    "swap.stated": "offer",
    "pool-text.stated": "protocol_kind",
    "pool-text-rule.stated": "pool",
    "open-hours.stated": "pool",
}
"""Of kinds that say all of one thing anew: by which field it is known."""
OVER: Mapping[str, str] = {
    "shift.stated": "ends",
    "session.stated": "at",
    "cover.stated": "until",
    "swap.stated": "until",
}
"""Until when such a thing matters at all."""
WEEKS = "hours.stated"
WEEKS_AT_ONCE = 500


class Baseline:
    """Hears all that a feed has said, in its order, and keeps what still has to be said."""

    def __init__(self, now: datetime) -> None:
        """Leave out what was over long ago."""
        self._long_ago = now - KEPT
        self._kept: dict[tuple[str, ...], tuple[str, dict[str, Any]]] = {}
        self._weeks: dict[tuple[str, str], dict[str, Any]] = {}

    def hear(self, kind: str, said: dict[str, Any], seq: int) -> None:
        """Take one event in; what is not known here is kept as it is."""
        if kind == WEEKS:
            for week in said["weeks"]:
                self._weeks[week["project"], week["monday"]] = week
            return
        field = ABOUT.get(kind)
        key = (kind, str(said[field])) if field else (kind, str(seq), "")
        # the last word stands where it was said, after what it speaks of
        self._kept.pop(key, None)
        if kind not in OVER or datetime.fromisoformat(said[OVER[kind]]) > self._long_ago:
            self._kept[key] = kind, said

    def to_say(self, pool: str) -> list[tuple[str, dict[str, Any]]]:
        """Give what has to be said, in an order in which it is understood."""
        weeks = [self._weeks[key] for key in sorted(self._weeks)]
        parts = [weeks[at : at + WEEKS_AT_ONCE] for at in range(0, len(weeks), WEEKS_AT_ONCE)]
        return [*self._kept.values(), *((WEEKS, {"pool": pool, "weeks": part}) for part in parts)]
