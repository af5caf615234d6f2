from datetime import datetime, timedelta

from rota.attendance.errors import SessionOver, TooEarly

MAY_CHECK_IN = ("lead", "second")
"""Who sits with the people who write; on call, or watching, is not there for them."""


def require_its_time(
    starts: datetime, ends: datetime, briefing_minutes: int, now: datetime
) -> None:
    """Refuse a check-in before the briefing or after the end."""
    if now < starts - timedelta(minutes=briefing_minutes):
        raise TooEarly
    if now >= ends:
        raise SessionOver
