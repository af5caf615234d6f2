"""The record of a session on a phone: contacts one by one, then how the session was."""

from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID, uuid4

import msgspec
from babel import Locale
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.languages.reading import language
from api.pages.buttons import button
from api.pages.entries import number_entry
from api.pages.rendering import page, way_back, with_script
from api.pages.weeks import week_of
from api.parts import Now, Session, Signed
from rota.open_hours.rules.language_names import language_name
from rota.records.actions import add_contact as keep_contact
from rota.records.actions import change_record, erase_record
from rota.records.queries import RecordSeen, record_seen
from rota.records.rules import lists
from rota.records.rules.drafts import (
    LONGEST_NOTE,
    Contact,
    full_hour,
    without_contact,
)
from rota.shifts.models import Shift

"""A small script keeps what was chosen while there is no connection."""
SHORT_TAG = 2
LONGER_TAGS = (
    *("ceb", "ckb", "din", "fan", "fil", "hil", "kab", "nan", "pap", "pcm", "rom", "rup", "sco"),
    *("srn", "tig", "war", "yue", "zgh"),
)
"""Of the many languages without a short tag those that are spoken by many who moved here."""
LANGUAGES = [
    tag
    for tag in map(str, Locale("en").languages)
    if (len(tag) == SHORT_TAG or tag in LONGER_TAGS) and lists.is_language(tag)
]
"""What somebody may have written in."""


class ContactForm(msgspec.Struct):
    """One contact; an empty field is one that was not told."""

    at: str = ""
    kind: str = lists.TALKED
    language: str = ""
    familiarity: str = "not-said"
    minutes: str = ""
    topics: list[str] | str = []
    """A form with one box ticked sends one word, not a list."""
    outcome: str = ""
    signpost: str = ""
    unmet: str = ""
    area: str = ""
    gender: str = ""
    nationality: str = ""
    mark: str = ""
    """Names the form, so that a contact which is sent again counts once."""


class ContactGone(msgspec.Struct):
    """Which contact was a mistake, counted from 1 as on the page."""

    number: str = ""
    shown: str = ""
    """How many contacts the page showed."""


class SessionForm(msgspec.Struct):
    """How the session was, with which the record is done."""

    pace: str = ""
    technical_trouble: str = ""
    staff_abused: str = ""
    support: str = "not-needed"
    note: str = ""


def record_address(shift: UUID) -> str:
    """Give the address of a session's record."""
    return f"/shifts/{shift}/record"


@get("/shifts/{shift:uuid}/record")
async def show(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> Template:
    """Show one's own record of a session, and what can be added."""
    seen = await record_seen(session, asker, shift)
    about = seen.sat.shift
    answer = page(
        "session-record.html",
        asker=asker,
        seen=seen,
        week=week_of(None, about.zone, about.starts),
        hours=_hours(about),
        likely=_likely_hour(seen, now),
        languages=list(dict.fromkeys([*_first_languages(seen), *_by_name(language())])),
        lists=lists,
        longest_note=LONGEST_NOTE,
        mark=uuid4(),
    )
    return with_script(answer)


@post("/shifts/{shift:uuid}/record/contacts", status_code=303)
async def add_contact(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[ContactForm],
) -> Redirect:
    """Add one contact; it is kept at once, so that a lost connection costs one at most."""
    back = way_back(request, record_address(shift))
    await keep_contact(session, asker, shift, _contact(data), _mark(data.mark), now)
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/record/contacts/remove", status_code=303)
async def remove_contact(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[ContactGone],
) -> Redirect:
    """Take back one contact that was entered by mistake."""
    back = way_back(request, record_address(shift))
    removed = partial(without_contact, number=data.number, shown=_shown(data.shown))
    await change_record(session, asker, shift, removed, now)
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/record", status_code=303)
async def finish(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[SessionForm],
) -> Redirect:
    """Say how the session was; with that the record is done, and counts."""
    back = way_back(request, record_address(shift))
    said = {
        "pace": data.pace or None,
        "technical_trouble": data.technical_trouble == "yes",
        "staff_abused": data.staff_abused == "yes",
        "support": data.support,
        "note": data.note.replace("\r\n", "\n"),
        "done": True,
    }
    finished = partial(msgspec.structs.replace, **said)
    await change_record(session, asker, shift, finished, now)
    return Redirect(back, status_code=303)


erase = button(
    "/shifts/{subject:uuid}/record/erase", erase_record, lambda shift, _: record_address(shift)
)


def _contact(form: ContactForm) -> Contact:
    return Contact(
        at=_hour(form.at),
        language=form.language,
        kind=form.kind,
        familiarity=form.familiarity,
        minutes=form.minutes or None,
        topics=[form.topics] if isinstance(form.topics, str) else form.topics,
        outcome=(form.outcome or None) if form.kind == lists.TALKED else None,
        signpost=_service(form),
        unmet=form.unmet or None,
        area=form.area.strip() or None,
        gender=form.gender or None,
        nationality=form.nationality or None,
    )


def _mark(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise InvalidRequest("mark", "is not of this page. Load it once more.") from error


def _shown(written: str) -> int | None:
    number = number_entry("shown", written)
    return None if number is None else int(number)


def _hour(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise InvalidRequest("at", "is not an hour of the list.") from error
    if at.tzinfo is None:
        raise InvalidRequest("at", "is not an hour of the list.")
    return at


def _service(form: ContactForm) -> UUID | None:
    if not form.signpost or form.outcome != lists.SIGNPOSTED:
        return None
    try:
        return UUID(form.signpost)
    except ValueError as error:
        raise InvalidRequest("signpost", "is not on the list.") from error


def _hours(shift: Shift) -> list[datetime]:
    """List the full hours of a session."""
    first = full_hour(shift.starts)
    whole = int((shift.ends - first) / timedelta(hours=1))
    found = [first + timedelta(hours=hour) for hour in range(whole + 1)]
    return [hour for hour in found if hour < shift.ends]


def _likely_hour(seen: RecordSeen, now: datetime) -> datetime:
    """Guess which hour is meant: that of the contact before, the present one, or the last."""
    if seen.draft.contacts:
        return seen.draft.contacts[-1].at
    hours = _hours(seen.sat.shift)
    return max((hour for hour in hours if hour <= now), default=hours[0])


@cache
def _by_name(language: str) -> list[str]:
    """Order languages by their names in one of them, so that a list can be looked through."""
    return sorted(LANGUAGES, key=partial(language_name, language=language))


def _first_languages(seen: RecordSeen) -> list[str]:
    """List the languages that are likely here: of the latest contacts, and the session's own."""
    heard = [contact.language for contact in reversed(seen.draft.contacts)]
    likely = [*heard, *seen.sat.shift.languages, *seen.sat.project.languages]
    return list(dict.fromkeys(tag for tag in likely if lists.is_language(tag)))
