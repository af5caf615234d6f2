"""What somebody enters about a service, or imports, made fit to be kept."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import langcodes
import phonenumbers
from babel.core import get_global
from email_validator import EmailNotValidError, validate_email

from federation.errors import Reason

LONGEST = {
    "source_id": 200,
    "name": 200,
    "services": 1000,
    "opening": 500,
    "area": 500,
    "phone": 60,
    "email": 254,
    "web": 500,
}
MOST_LANGUAGES = 30
USUAL_CHECK_DAYS = 90
MOST_CHECK_DAYS = 730
USUAL_LIFE = timedelta(days=180)
LONGEST_LIFE = timedelta(days=1096)
CHECK_OFTEN = "Check it every 1 to %(number)s days."
NO_LANGUAGE = "%(name)s is no language, such as en or rom."
MANY_LANGUAGES = "Name at most %(number)s languages."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignpostDraft:
    """A service as handed in; without dates it was checked today and holds for half a year."""

    name: str
    source_id: str | None = None
    services: str = ""
    opening: str = ""
    area: str = ""
    languages: Collection[str] = field(default_factory=tuple)
    phone: str = ""
    email: str = ""
    web: str = ""
    last_checked: date | None = None
    check_every_days: int = USUAL_CHECK_DAYS
    expires: date | None = None
    closed: bool = False


def tidied(draft: SignpostDraft, zone: str, today: date) -> tuple[SignpostDraft, list[Reason]]:
    """Write a draft as it will be kept, and give every reason why it cannot be.

    A number without its country is read as one of the project's own country, told by its zone.
    """
    plain = {name: " ".join((getattr(draft, name) or "").split()) for name in LONGEST}
    checked = draft.last_checked or today
    phone, email = _phone(plain["phone"], zone), _email(plain["email"])
    kept = replace(
        draft,
        source_id=plain["source_id"] or None,
        name=plain["name"],
        services=plain["services"],
        opening=plain["opening"],
        area=plain["area"],
        phone=phone or "",
        email=email or "",
        web=plain["web"],
        languages=list(dict.fromkeys(_tag(language) or "" for language in draft.languages)),
        last_checked=checked,
        expires=draft.expires or _half_a_year_after(checked),
    )
    return kept, [*_reasons(kept, today), *_unreadable(draft, plain, phone, email)]


def _half_a_year_after(checked: date) -> date:
    """Give the last day that there is where the sum would lie beyond it; that is refused anyway."""
    return checked + min(USUAL_LIFE, date.max - checked)


def _reasons(kept: SignpostDraft, today: date) -> Iterator[Reason]:
    if not kept.name:
        yield Reason("signpost-no-name", "Give the service a name.")
    for name, longest in LONGEST.items():
        if len(getattr(kept, name) or "") > longest:
            yield Reason("signpost-too-long", f"{name} is longer than {longest} characters.")
    if any("\0" in (getattr(kept, name) or "") for name in LONGEST):
        yield Reason("signpost-not-text", "There is a character here that no text has.")
    if kept.web and not _is_web(kept.web):
        yield Reason("signpost-web", "The web address begins with https:// or http://.")
    if kept.last_checked and kept.last_checked > today:
        yield Reason("signpost-checked-later", "It cannot have been checked on a day to come.")
    yield from _dates(kept)


def _dates(kept: SignpostDraft) -> Iterator[Reason]:
    if not 1 <= kept.check_every_days <= MOST_CHECK_DAYS:
        yield Reason("signpost-check-days", CHECK_OFTEN % {"number": MOST_CHECK_DAYS})
    if kept.expires is None or kept.last_checked is None:
        return
    if not timedelta() < kept.expires - kept.last_checked <= LONGEST_LIFE:
        yield Reason(
            "signpost-expires", "It expires after it was checked, and within three years of it."
        )


def _unreadable(
    draft: SignpostDraft, plain: dict[str, str], phone: str | None, email: str | None
) -> Iterator[Reason]:
    if phone is None:
        yield Reason("signpost-phone", "The phone number is none; write it with its country, +44.")
    if email is None:
        yield Reason("signpost-email", "The e-mail address is none.")
    if not (plain["phone"] or plain["email"] or plain["web"]):
        yield Reason("signpost-unreachable", "Give a phone number, an e-mail or a web address.")
    unknown = [language for language in draft.languages if not _tag(language)]
    if unknown:
        yield Reason("signpost-language", NO_LANGUAGE % {"name": repr(unknown[0][:40])})
    if len(draft.languages) > MOST_LANGUAGES:
        yield Reason("signpost-languages", MANY_LANGUAGES % {"number": MOST_LANGUAGES})


def _phone(written: str, zone: str) -> str | None:
    """Write a number with its country; None where it is none. An empty one stays empty."""
    if not written:
        return ""
    try:
        number = phonenumbers.parse(written, get_global("zone_territories").get(zone))
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return _short(written, number, zone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _short(written: str, number: phonenumbers.PhoneNumber, zone: str) -> str | None:
    """Keep a helpline's short number, such as 116123, as it is dialled in the project's country."""
    region = get_global("zone_territories").get(zone)
    short = region and phonenumbers.is_valid_short_number_for_region(number, region)
    return "".join(sign for sign in written if sign.isdecimal()) if short else None


def _email(written: str) -> str | None:
    if not written:
        return ""
    try:
        return validate_email(written, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return None


def _is_web(written: str) -> bool:
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def _tag(language: str) -> str | None:
    """Write a language's tag as everybody does: en-GB for EN_gb; None where it is none."""
    written = language.strip().replace("_", "-")
    if not langcodes.tag_is_valid(written):
        return None
    return langcodes.standardize_tag(written)
