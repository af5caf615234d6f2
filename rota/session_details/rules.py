"""What may be told to seat holders: a link that is safe, a contact that is nobody's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

import phonenumbers

from federation.errors import TOO_LONG, Reason

T = TypeVar("T")
LONGEST_LINK = 500
LONGEST_LABEL = 80
MOST_CONVERSATIONS = 20
LONGEST_ANSWER = 60
ANSWER_MINUTES = 5
AT_ONCE = "Say 1 to %(number)s conversations at once."
MINUTES = "Say 1 to %(number)s minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a coordinator enters for a pool, a channel or a shift; None leaves it to the wider one.

    `organisational` is their word that the contact belongs to an organisation and to nobody alone.
    """

    meeting_link: str | None = None
    contact_label: str | None = None
    contact_number: str | None = None
    contact_link: str | None = None
    organisational: bool = False
    conversations_at_once: int | None = None
    never_alone: bool | None = None
    deputy: str | None = None
    answer_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What holds for one shift, from all that was entered; field by field the nearest counts."""

    meeting_link: str | None = None
    contact_label: str | None = None
    contact_number: str | None = None
    contact_link: str | None = None
    conversations_at_once: int | None = None
    never_alone: bool = False
    answer_minutes: int = ANSWER_MINUTES


def wrong_details(draft: Draft) -> tuple[Reason, ...]:
    """Give every reason why this cannot be told to people who are in a hurry."""
    return tuple(_wrong_link(draft) + _wrong_contact(draft) + _wrong_amounts(draft))


def _wrong_link(draft: Draft) -> list[Reason]:
    if draft.meeting_link is None or is_safe_link(draft.meeting_link):
        return []
    return [Reason("wrong-link", "A meeting link begins with https:// and names a server.")]


def _wrong_contact(draft: Draft) -> list[Reason]:
    found = []
    if draft.contact_number is not None and written_number(draft.contact_number) is None:
        found.append(
            Reason(
                "wrong-number",
                "Write the number with its country, such as +44 191 498 0123. "
                "Numbers that follow one person are not taken.",
            )
        )
    if draft.contact_link is not None and not is_safe_link(draft.contact_link):
        found.append(Reason("wrong-link", "A contact's address begins with https://."))
    reached = draft.contact_number is not None or draft.contact_link is not None
    if reached and not (draft.contact_label or "").strip():
        found.append(Reason("contact-unnamed", "Say what is reached, such as: Duty line."))
    if len(draft.contact_label or "") > LONGEST_LABEL:
        found.append(Reason("contact-too-long", TOO_LONG % {"number": LONGEST_LABEL}))
    if (reached or draft.contact_label) and not draft.organisational:
        found.append(
            Reason(
                "contact-not-organisational",
                "Confirm that this contact is the organisation's and nobody's own.",
            )
        )
    return found


def _wrong_amounts(draft: Draft) -> list[Reason]:
    found = []
    if draft.conversations_at_once not in (None, *range(1, MOST_CONVERSATIONS + 1)):
        told = AT_ONCE % {"number": MOST_CONVERSATIONS}
        found.append(Reason("wrong-conversations", told))
    if draft.answer_minutes not in (None, *range(1, LONGEST_ANSWER + 1)):
        found.append(Reason("wrong-answer-minutes", MINUTES % {"number": LONGEST_ANSWER}))
    return found


def is_safe_link(link: str) -> bool:
    """Accept an https address without a user name in it, fit to be shown as a link."""
    if len(link) > LONGEST_LINK or not link.isprintable() or any(map(str.isspace, link)):
        return False
    try:
        parts = urlsplit(link)
        named = bool(parts.hostname and "." in parts.hostname and parts.port != 0)
    except ValueError:
        return False
    return parts.scheme == "https" and named and "@" not in parts.netloc


def written_number(number: str) -> str | None:
    """Write a number as it is dialled from anywhere; None if it is none, or follows a person."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    personal = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.PERSONAL_NUMBER
    if personal or not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def nearest(entered: Sequence[Draft]) -> Details:
    """Put together what holds from what was entered, the nearest first: shift, channel, pool.

    A contact is taken as a whole: a number never stands beside another contact's name.
    """
    contact = next((each for each in entered if each.contact_number or each.contact_link), Draft())
    return Details(
        meeting_link=_first(each.meeting_link for each in entered),
        contact_label=contact.contact_label,
        contact_number=contact.contact_number,
        contact_link=contact.contact_link,
        conversations_at_once=_first(each.conversations_at_once for each in entered),
        never_alone=_first(each.never_alone for each in entered) or False,
        answer_minutes=_first(each.answer_minutes for each in entered) or ANSWER_MINUTES,
    )


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
