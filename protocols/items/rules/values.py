"""What a project may say once for all in a gap of a text that others wrote."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from federation.errors import Reason
from protocols.history.rules.written import Gap
from protocols.items.rules.placeholders import broken_fields_in, fields_in

LONGEST_VALUE = 500
VALUE_TOO_LONG = "%(name)s is longer than %(number)s characters."
BROKEN = "%(name)s would be sent as it stands."
ANY_NUMBER = re.compile(r"[0-9](?:[\s().\-/]*[0-9]){2}")


def wrong_for_project(gap: Gap, value: str) -> Iterator[Reason]:
    """Tell what is wrong with a project's value: braces in it would stand in a live text unfilled.

    Beside a number or an address it may say more, such as by day or by night.
    """
    for field in (
        *(f"{{{{{name}}}}}" for name in sorted(fields_in(value))),
        *broken_fields_in(value),
    ):
        yield Reason("broken-field", BROKEN % {"name": field})
    if len(value) > LONGEST_VALUE:
        yield Reason("field-too-long", VALUE_TOO_LONG % {"name": gap.name, "number": LONGEST_VALUE})
    elif not fields_in(value) and not _fits(gap.type, value):
        yield wrong_kind(gap)


def wrong_kind(gap: Gap) -> Reason:
    """Say what a gap is for, by its author's example."""
    return Reason("wrong-field", f"{gap.name} is no {gap.type}, such as {gap.example}.")


def is_address(value: str) -> bool:
    """Tell whether a browser could open this."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and value.split() == [value]


def _fits(kind: str, value: str) -> bool:
    if kind == "phone":
        return ANY_NUMBER.search(value) is not None
    if kind == "email":
        return "@" in value
    return kind != "url" or is_address(value.strip())
