"""What people type into the fields of forms."""

from datetime import date, time
from math import isfinite

from api.bodies import require_plannable
from api.errors import InvalidRequest


def day_entry(field: str, text: str) -> date:
    """Read a day as a browser's date field writes it."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest(field, "is not a day.") from error
    require_plannable(field, day)
    return day


def clock_entry(field: str, text: str) -> time:
    """Read a time of day as a browser's time field writes it."""
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise InvalidRequest(field, "is not a time of day.") from error


def number_entry(field: str, text: str) -> float | None:
    """Read a number; an empty field is None."""
    if not text.strip():
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise InvalidRequest(field, "is not a number.") from error
    if not isfinite(number):
        raise InvalidRequest(field, "is not a number.")
    return number
