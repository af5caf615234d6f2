"""Which of our languages somebody reads best, from what they or their browser say."""

import re
from collections.abc import Sequence
from functools import lru_cache

from langcodes import closest_match
from langcodes.tag_parser import LanguageTagError

from federation.notices.preferences.rules import LANGUAGES

NEAR = 10
"""How far a language may be from one of ours: Flemish and Moldovan are near, German is not."""

LONGEST_HEADER = 200
"""A browser sends less; what is sent to fill memory is cut."""

RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
"""One language of Accept-Language with its weight (RFC 9110, 12.5.4)."""


def choose(asked: str | None, chosen: str | None, header: str, spoken: Sequence[str]) -> str:
    """Choose by the address, then the person's own choice, then the browser, then the account.

    An account's languages are those in which somebody can talk with others: they count only where
    the browser asks for none of ours.
    """
    for language in (asked, chosen):
        if language in LANGUAGES:
            return language
    return accepted(header[:LONGEST_HEADER]) or (header and nearest(spoken)) or LANGUAGES[0]


@lru_cache(maxsize=512)
def accepted(header: str) -> str | None:
    """Give the best of our languages for an Accept-Language header, if it names one."""
    ranges = [found for each in header.split(",") if (found := RANGE.fullmatch(each))]
    weighed = [(float(found[2] or 1), found[1]) for found in ranges]
    wanted = sorted((each for each in weighed if each[0] > 0), key=lambda each: -each[0])
    return nearest([tag for _, tag in wanted])


def nearest(tags: Sequence[str]) -> str | None:
    """Give one of our languages for the first of `tags` that is one of ours, or near to it."""
    return next((found for tag in tags if (found := _near(tag))), None)


@lru_cache(maxsize=512)
def _near(tag: str) -> str | None:
    try:
        found, _ = closest_match(tag, LANGUAGES, max_distance=NEAR)
    except LanguageTagError:
        return None
    return found if found in LANGUAGES else None
