"""Names that an answer keeps in a tool, whatever becomes of its title."""

import re
import unicodedata
from collections.abc import Collection
from hashlib import sha256

DIGITS = 15
"""Few enough for any program to hold the number exactly, many enough never to meet twice."""
SHORT = 8
LONGEST_SLUG = 60
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def digits_for(owner: str, urn: str, language: str = "") -> str:
    """Give a project's answer its number in a tool: digits from 1 to 9, the same for ever.

    A zero at the front would be lost by a program that takes it for a number, and some take any
    other text for the number 0.
    """
    rest = int.from_bytes(sha256(f"{owner} {urn} {language}".encode()).digest())
    written = ""
    for _ in range(DIGITS):
        rest, digit = divmod(rest, 9)
        written += str(digit + 1)
    return written


def slug(title: str) -> str:
    """Write a title as somebody would type it to find it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = _NOT_PLAIN.sub("-", plain).strip("-")
    if len(words) <= LONGEST_SLUG:
        return words
    return words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]


def short_name(title: str, language: str, number: str, taken: Collection[str]) -> str:
    """Name an answer in one language so that no other has the name."""
    name = f"{slug(title) or 'answer'}-{language.lower()}"
    return f"{name}-{number[:SHORT]}" if name in taken else name
