"""Services in the JSON of Open Referral's Human Services Data Specification, version 3.

Only what a referral needs is read: a service, its organisation, places, numbers, hours and
languages. Contacts are people, so they are left where they are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import chain

import msgspec
from babel import Locale

from protocols.signposts.rules.drafts import LONGEST, SignpostDraft

Text = str | None
CLOSED = {"inactive", "defunct", "temporarily closed"}
NOT_FOR_CALLS = {"fax", "tty", "tdd", "pager", "modem"}
ONCE_A_MONTH = re.compile(r"(-?[1-5])([A-Z]{2})")
PLACES = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th", "-1": "last"}
EVERY = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months"}
DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}


class Language(msgspec.Struct, frozen=True):
    """A language that is spoken."""

    code: Text = None
    name: Text = None


class Phone(msgspec.Struct, frozen=True):
    """A number, which may be that of a fax."""

    number: Text = None
    type: Text = None


class Schedule(msgspec.Struct, frozen=True):
    """When a service is open, in words or as days and times."""

    description: Text = None
    opens_at: Text = None
    closes_at: Text = None
    byday: Text = None
    bymonthday: Text = None
    freq: Text = None
    interval: int | str | None = None
    valid_from: Text = None
    valid_to: Text = None


class Address(msgspec.Struct, frozen=True):
    """Where a place is, as far as it is told here."""

    city: Text = None


class Area(msgspec.Struct, frozen=True):
    """For which area a service is."""

    name: Text = None
    description: Text = None


class Location(msgspec.Struct, frozen=True):
    """A place at which a service is given."""

    name: Text = None
    languages: list[Language] | None = None
    addresses: list[Address] | None = None
    phones: list[Phone] | None = None
    schedules: list[Schedule] | None = None


class AtLocation(msgspec.Struct, frozen=True):
    """A service at one of its places."""

    location: Location | None = None
    phones: list[Phone] | None = None
    schedules: list[Schedule] | None = None


class Organization(msgspec.Struct, frozen=True):
    """Who gives a service."""

    name: Text = None
    email: Text = None
    website: Text = None
    phones: list[Phone] | None = None


class Service(msgspec.Struct, frozen=True):
    """A service."""

    id: str
    name: str
    description: Text = None
    url: Text = None
    email: Text = None
    status: Text = None
    assured_date: Text = None
    phones: list[Phone] | None = None
    schedules: list[Schedule] | None = None
    service_areas: list[Area] | None = None
    service_at_locations: list[AtLocation] | None = None
    languages: list[Language] | None = None
    organization: Organization | None = None


class Giver(Organization, frozen=True):
    """An organisation with all of its services, as its own document has them."""

    services: list[Service] | None = None


Many = list[msgspec.Raw]


class Listed(msgspec.Struct, frozen=True):
    """A page of an HSDS API."""

    contents: Many


class Kind(msgspec.Struct, frozen=True):
    """By which fields a document is told from others."""

    contents: msgspec.Raw = msgspec.Raw()
    services: msgspec.Raw = msgspec.Raw()


def documents(raw: bytes) -> Iterator[bytes | msgspec.Raw]:
    """Take a file apart: one service or organisation, a list of them, or a page of an API."""
    if raw.lstrip()[:1] == b"[":
        yield from msgspec.json.decode(raw, type=Many)
        return
    if _is_there(msgspec.json.decode(raw, type=Kind).contents):
        yield from msgspec.json.decode(raw, type=Listed).contents
        return
    yield raw


def drafts_in(document: bytes | msgspec.Raw) -> Iterator[SignpostDraft]:
    """Read the services of one document; raises ValidationError where it is none."""
    if not _is_there(msgspec.json.decode(document, type=Kind).services):
        yield draft_of(msgspec.json.decode(document, type=Service))
        return
    giver = msgspec.json.decode(document, type=Giver)
    for service in giver.services or []:
        yield draft_of(msgspec.structs.replace(service, organization=giver))


def draft_of(service: Service) -> SignpostDraft:
    """Write a service as it is listed here; what is too long ends with three dots."""
    places = [at.location for at in service.service_at_locations or [] if at.location]
    giver = service.organization or Organization()
    return SignpostDraft(
        source_id=service.id,
        name=_cut("name", _named(service.name, giver.name)),
        services=_cut("services", service.description or ""),
        opening=_cut("opening", _opening(service, places)),
        area=_cut("area", _area(service, places)),
        languages=_languages(service, places),
        phone=_phone(service, places, giver),
        email=service.email or giver.email or "",
        web=service.url or giver.website or "",
        last_checked=_day(service.assured_date),
        closed=(service.status or "").casefold() in CLOSED,
    )


def _is_there(found: msgspec.Raw) -> bool:
    return bytes(found) not in {b"", b"null"}


def _named(name: str, giver: str | None) -> str:
    if not giver or giver.casefold() in name.casefold():
        return name
    return f"{name} ({giver})"


def _opening(service: Service, places: Iterable[Location]) -> str:
    at = service.service_at_locations or []
    listed: Iterable[list[Schedule] | None] = (
        service.schedules,
        *(each.schedules for each in at),
        *(place.schedules for place in places),
    )
    hours = (_hours(each) for each in next((each for each in listed if each), []))
    return "; ".join(dict.fromkeys(hour for hour in hours if hour))


def _hours(schedule: Schedule) -> str:
    """Write when it is open; a day that is rare is never told as one of every week."""
    said = schedule.description or _days_and_times(schedule)
    if not said:
        return ""
    bounds = (
        f"{word} {day}"
        for word, day in (("from", schedule.valid_from), ("until", schedule.valid_to))
        if day
    )
    return ", ".join((said, *bounds))


def _days_and_times(schedule: Schedule) -> str:
    days = ", ".join(_day_of(day.strip()) for day in (schedule.byday or "").split(",") if day)
    dates = (
        f"on {schedule.bymonthday.replace(',', ', ')} of the month" if schedule.bymonthday else ""
    )
    times = (_clock(each) for each in (schedule.opens_at, schedule.closes_at))
    said = " ".join(part for part in (days, dates, " to ".join(filter(None, times))) if part)
    return f"{said}, {_rarely(schedule)}" if said and _rarely(schedule) else said


def _day_of(written: str) -> str:
    place = ONCE_A_MONTH.fullmatch(written)
    if place is None or place[1] not in PLACES:
        return DAYS.get(written, written)
    return f"{PLACES[place[1]]} {DAYS.get(place[2], place[2])} of the month"


def _rarely(schedule: Schedule) -> str:
    interval, unit = str(schedule.interval or ""), EVERY.get((schedule.freq or "").upper())
    return f"every {interval} {unit}" if unit and interval.isdecimal() and interval != "1" else ""


def _clock(written: str | None) -> str:
    return (written or "")[:5]


def _area(service: Service, places: Iterable[Location]) -> str:
    named = [area.name or area.description for area in service.service_areas or []]
    cities = [address.city for place in places for address in place.addresses or []]
    return ", ".join(dict.fromkeys(each for each in named or cities if each))


def _languages(service: Service, places: Iterable[Location]) -> list[str]:
    spoken = service.languages or chain.from_iterable(place.languages or [] for place in places)
    tags = (
        language.code or _by_name().get((language.name or "").casefold()) for language in spoken
    )
    return list(dict.fromkeys(filter(None, tags)))


@cache
def _by_name() -> Mapping[str, str]:
    """Give languages by their English names, as HSDS may name them without a code."""
    return {name.casefold(): tag for tag, name in Locale("en").languages.items()}


def _phone(service: Service, places: Iterable[Location], giver: Organization) -> str:
    listed = chain(
        service.phones or [],
        *(at.phones or [] for at in service.service_at_locations or []),
        *(place.phones or [] for place in places),
        giver.phones or [],
    )
    numbers = (
        phone.number
        for phone in listed
        if phone.number and (phone.type or "").casefold() not in NOT_FOR_CALLS
    )
    return next(numbers, "").strip('" ')


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


def _cut(name: str, text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST[name] else f"{text[: LONGEST[name] - 1]}…"
