"""Reads what people choose about notices, the same from a page's form and from JSON."""

import re
from datetime import time

from litestar.datastructures import State

from api.errors import InvalidRequest
from api.notices.keys import NoticeKeys
from api.settings import Settings

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
"""A time of day as browsers' fields write it."""


def time_of_day(field: str, text: str) -> time:
    """Read a time of day, to the minute."""
    if not CLOCK.fullmatch(text):
        raise InvalidRequest(field, "must be a time of day such as 22:00.")
    return time.fromisoformat(text)


def shown(at: time) -> str:
    """Write a time of day."""
    return f"{at:%H:%M}"


def notice_keys(state: State) -> NoticeKeys:
    """Give the node's keys for notices, read at their first use."""
    if "notice_keys" not in state:
        settings: Settings = state["settings"]
        state["notice_keys"] = NoticeKeys.open(settings.keys)
    keys: NoticeKeys = state["notice_keys"]
    return keys
