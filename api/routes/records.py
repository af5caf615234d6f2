"""Single records of sessions, for programs of the coordinators of their own project."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.coverage import From, Until
from api.routes.pages_of import Page, read_cursor, write_cursor
from protocols.exchange.rules.tables import no_formula
from rota.record_reading.queries import (
    After,
    Reading,
    ReadRecord,
    Span,
    read_records,
    take_records,
)
from rota.records.rules.drafts import Contact, Draft

PAGE = 50
LONGEST_SPAN = timedelta(days=400)
Form = Literal["csv", "jsonl"]
FILE = "application/octet-stream"
OF_SESSION = ("pace", "technical_trouble", "staff_abused", "support", "done", "note")
OF_CONTACT = (
    *("at", "kind", "language", "familiarity", "minutes", "topics", "outcome", "signpost"),
    *("unmet", "area", "gender", "nationality"),
)
COLUMNS = ("session", "day", "pool", "channel", *OF_SESSION, "contact", *OF_CONTACT)


class ReadAnswer(msgspec.Struct, frozen=True):
    """A record of your project, and of which session; who wrote it is not said."""

    id: UUID
    day: date
    start: datetime
    zone: str
    shift: UUID
    pool: str
    channel: str
    record: Draft


@get("/records", summary="Records of your project's sessions")
async def list_records(
    session: Session,
    asker: Signed,
    now: Now,
    first: From,
    until: Until,
    cursor: FromQuery[str | None] = None,
) -> Page[ReadAnswer]:
    """List records of sessions of some days, with notes; the audit says that you read them."""
    place = read_cursor(cursor)
    found = await read_records(
        session,
        asker,
        span_asked(first, until),
        now,
        after=None if place is None else After(*place),
        limit=PAGE,
    )
    return Page(
        items=[_answer(one) for one in found.records],
        next=None if found.next is None else write_cursor(*found.next),
    )


@get(
    "/records/export",
    summary="Records of your project's sessions as a file",
    media_type=FILE,
)
async def export_records(
    session: Session, asker: Signed, now: Now, first: From, until: Until, form: FromQuery[Form]
) -> Response[bytes]:
    """Give all records of some days as CSV, a row for each contact, or as lines of JSON."""
    found = await take_records(session, asker, span_asked(first, until), now, form=form)
    return as_file(found, form)


def span_asked(first: date, until: date) -> Span:
    """Read which days are asked for, without the last of them."""
    for name, day in (("from", first), ("until", until)):
        require_plannable(name, day)
    if until <= first:
        raise InvalidRequest("until", "must be after from.")
    if until - first > LONGEST_SPAN:
        raise InvalidRequest("until", f"at most {LONGEST_SPAN.days} days at once.")
    return Span(first, until)


def as_file(found: Reading, form: Form) -> Response[bytes]:
    """Give records to be kept and not shown, nor stored on the way."""
    written = written_as(found, form)
    headers = {
        "Content-Disposition": f'attachment; filename="records.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(written.encode(), media_type=FILE, headers=headers)


def written_as(found: Reading, form: Form) -> str:
    """Write records as a table or as lines."""
    return _csv(found) if form == "csv" else _lines(found)


def _lines(found: Reading) -> str:
    lines = (msgspec.json.encode(_answer(one)).decode() for one in found.records)
    return "".join(f"{line}\n" for line in lines)


def _csv(found: Reading) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in found.records:
        of_session = [one.shift_id, one.day, no_formula(one.pool_name), no_formula(one.channel)]
        of_session += [_cell(getattr(one.draft, name)) for name in OF_SESSION]
        for number, contact in enumerate(one.draft.contacts, 1):
            writer.writerow([*of_session, number, *_contact(contact, found.services)])
        if not one.draft.contacts:
            writer.writerow([*of_session, "", *("" for _ in OF_CONTACT)])
    return text.getvalue()


def _contact(contact: Contact, services: dict[UUID, str]) -> list[str]:
    told = services.get(contact.signpost, "") if contact.signpost else ""
    cells = {name: _cell(getattr(contact, name)) for name in OF_CONTACT}
    return list((cells | {"signpost": no_formula(told)}).values())


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
        case list():
            return " ".join(value)
        case _:
            return no_formula(str(value))


def _answer(one: ReadRecord) -> ReadAnswer:
    return ReadAnswer(
        id=one.id,
        day=one.day,
        start=one.starts,
        zone=one.zone,
        shift=one.shift_id,
        pool=one.pool,
        channel=one.channel,
        record=one.draft,
    )
