"""What has to be right before an answer leaves: every reason at once, each with what would help."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from federation.errors import Reason
from federation.screen.rules import findings
from protocols.answers.rules.offered import WHERE
from protocols.answers.rules.sms import Sms, as_sms
from protocols.items.rules.placeholders import broken_fields_in, fields_in, fill
from protocols.items.rules.values import (
    BROKEN,
    LONGEST_VALUE,
    VALUE_TOO_LONG,
    is_address,
    wrong_kind,
)
from protocols.releases.rules import Gap
from protocols.search_words.rules import folded

SHORTEST_NAME = 3
PUBLIC = "public-post"
DIALLED = re.compile(r"\+?[\s().\-/]*(?:[0-9][\s().\-/]*){3,15}")
"""A helpline's number has as few as three digits, and no list of whole numbers knows it."""
A_PLACE = re.compile(r"[^\W_]+")
STILL_OPEN = "{{%(name)s}} is still open. Fill it in first."
CONTACT_IN_VALUE = (
    "%(name)s holds a phone number or an e-mail address, which may be somebody's own."
    " Name a service of your project's list instead."
)
SMS_TOO_LONG = (
    "As an SMS it takes %(number)s parts (%(units)s characters in %(alphabet)s);"
    " your project allows %(limit)s. Use a shorter answer."
)
NOT_FOR_THIS_USE = "This answer may be used %(where)s only."
NOT_IN_PUBLIC = (
    "This text is no public post: it may be used %(where)s only. Promoting a service to"
    " people who have not asked can be unlawful."
)


@dataclass(frozen=True, slots=True)
class Identity:
    """By what somebody could be known; it is compared at home and written nowhere."""

    names: Collection[str] = field(default=(), repr=False)
    handles: Collection[str] = field(default=(), repr=False)
    addresses: Collection[str] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What somebody is about to do with an answer."""

    used_as: str
    use_limits: Collection[str]
    as_sms: bool = False
    sms_segments: int = 10
    identity: Identity = Identity()


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer with its last gaps filled, and every reason why it must not be sent like this."""

    text: str
    sms: Sms
    reasons: list[Reason]


def ready_to_send(body: str, gaps: Collection[Gap], values: Mapping[str, str], use: Use) -> Ready:
    """Fill an answer's last gaps, and no other field, and look at what would be sent."""
    typed = {gap.name: values[gap.name].strip() for gap in gaps if gap.name in values}
    given = {name: value for name, value in typed.items() if value}
    text = fill(body, given)
    sms = as_sms(text)
    reasons = [
        *_open_fields(text),
        *(each for gap in gaps if gap.name in given for each in wrong_value(gap, given[gap.name])),
        *_limits(use),
        *_identity(text, given.values(), use.identity),
    ]
    if use.as_sms and sms.parts > use.sms_segments:
        told = {"number": sms.parts, "units": sms.units, "alphabet": sms.alphabet}
        reasons.append(Reason("sms-too-long", SMS_TOO_LONG % (told | {"limit": use.sms_segments})))
    return Ready(text, sms, reasons)


def _open_fields(text: str) -> Iterator[Reason]:
    for name in sorted(fields_in(text)):
        yield Reason("unresolved-field", STILL_OPEN % {"name": name})
    for broken in broken_fields_in(text):
        yield Reason("broken-field", BROKEN % {"name": broken})


def wrong_value(gap: Gap, value: str) -> Iterator[Reason]:
    """Tell what is wrong with a value for its kind of gap."""
    if len(value) > LONGEST_VALUE:
        yield Reason("field-too-long", VALUE_TOO_LONG % {"name": gap.name, "number": LONGEST_VALUE})
    elif not _fits(gap.type, value):
        yield wrong_kind(gap)
    elif gap.type == "text" and any(one.kind in {"phone", "email"} for one in findings(value)):
        yield Reason("contact-in-field", CONTACT_IN_VALUE % {"name": gap.name})


def _fits(kind: str, value: str) -> bool:
    if kind == "phone":
        return _is_phone(value)
    if kind == "email":
        return _is_email(value)
    if kind == "url":
        return is_address(value)
    if kind == "time":
        return _is_time(value)
    return True


def _is_phone(value: str) -> bool:
    return (
        DIALLED.fullmatch(value) is not None
        or any(phonenumbers.PhoneNumberMatcher(value, None))
        or any(one.kind == "phone" for one in findings(value))
    )


def _is_email(value: str) -> bool:
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _is_time(value: str) -> bool:
    try:
        time.fromisoformat(value)
    except ValueError:
        return False
    return True


def _limits(use: Use) -> Iterator[Reason]:
    if use.used_as in use.use_limits:
        return
    allowed = " or ".join(WHERE[limit] for limit in use.use_limits)
    if use.used_as == PUBLIC:
        yield Reason("not-in-public", NOT_IN_PUBLIC % {"where": allowed})
    else:
        yield Reason("not-for-this-use", NOT_FOR_THIS_USE % {"where": allowed})


def _identity(text: str, typed: Collection[str], identity: Identity) -> Iterator[Reason]:
    """Find the sender: their whole name, handle or address anywhere, a part of it in their words.

    A part alone is looked for only in what they typed: May and Will are names, and words too.
    """
    everywhere, in_fields = _words(text), _words(" ".join(typed))
    parts = {part for name in identity.names for part in _words(name).split()}
    by_name = any(_within(name, everywhere) for name in identity.names) or any(
        len(part) >= SHORTEST_NAME and _within(part, in_fields) for part in parts
    )
    if by_name:
        yield Reason(
            "own-name", "Your own name is in it. Use the name that your project uses here."
        )
    if any(_within(handle, everywhere) for handle in identity.handles):
        yield Reason(
            "own-handle", "Your handle is in it, by which colleagues know you. Take it out."
        )
    if any(address.casefold() in text.casefold() for address in identity.addresses):
        yield Reason("own-address", "Your own e-mail address is in it. Take it out.")


def _words(text: str) -> str:
    return " ".join(A_PLACE.findall(folded(text)))


def _within(sought: str, words: str) -> bool:
    sought = _words(sought)
    return bool(sought) and f" {sought} " in f" {words} "
