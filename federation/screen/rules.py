"""Finds what could identify somebody in a text that people write to one another (guidance 3.4).

It errs on the side of finding: a note can be worded another way, a name that is out stays out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email

REGIONS = ("GB", "IE", "NL", "RO", "DE", "FR", "ES", "PL", "BG")
"""Where numbers may be written without their country; all others are found with it."""
LONGEST_SCREENED = 20_000

SOME_AT = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"']+")
SPELT_AT = re.compile(
    r"[\w.+-]+\s*[\[(]?\s*\b(?:at|@)\b\s*[\])]?\s*[\w-]+\s*[\[(]?\s*\b(?:dot|punkt|punt)\b"
    r"\s*[\])]?\s*[a-z]{2,}",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)\S+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|co|uk|nl|ro|ie|de|eu|info|me|io|tv|link|app|chat|xxx)\b"
    r"(?:/\S*)?",
    re.IGNORECASE,
)
USER_NAME = re.compile(r"(?<![\w@.])@[^\W\d_][\w.]{1,}|(?<![\w/])/?u/[\w-]{3,}", re.UNICODE)
POSTCODE = re.compile(
    r"\b(?:(?i:[A-Z]{1,2}[0-9][A-Z0-9]?\s?[0-9][A-Z]{2})|[1-9][0-9]{3}\s?(?!EU\b)[A-Z]{2})\b"
)
FULL_DATE = re.compile(
    r"\b(?:(?:0?[1-9]|[12][0-9]|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))\b"
)


class Finding(NamedTuple):
    """What was found and where, in characters; the end is excluded."""

    kind: str
    start: int
    end: int


def findings(text: str) -> list[Finding]:
    """List what could identify somebody, in order; of what overlaps only the longest."""
    text = text[:LONGEST_SCREENED]
    found = sorted(
        (*_emails(text), *_patterns(text), *_phones(text)),
        key=lambda one: (one.start, one.start - one.end),
    )
    kept: list[Finding] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _emails(text: str) -> Iterator[Finding]:
    for match in SOME_AT.finditer(text):
        written = match.group().rstrip(".!?")
        try:
            validate_email(written, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        yield Finding("email", match.start(), match.start() + len(written))
    for match in SPELT_AT.finditer(text):
        yield Finding("email", *match.span())


def _patterns(text: str) -> Iterator[Finding]:
    for kind, pattern in (
        ("url", ADDRESS),
        ("handle", USER_NAME),
        ("postcode", POSTCODE),
        ("date-of-birth", FULL_DATE),
    ):
        for match in pattern.finditer(text):
            yield Finding(kind, *match.span())


def _phones(text: str) -> Iterator[Finding]:
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            yield Finding("phone", match.start, match.end)
