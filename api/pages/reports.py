"""A report to print: numbers under the guidance's questions, pictures, and how each is counted."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from api.errors import InvalidRequest
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from api.routes.reports import months_asked
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from protocols.exchange.rules.tables import no_formula
from rota.records.rules import lists
from rota.reports.queries import Report, report
from rota.reports.rules import INDICATORS, QUESTIONS, TABLES, Months, dictionary, months_later

USUAL_MONTHS = 3
FORM = "%Y-%m"


@get("/report/{slug:str}")
async def show(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    first: FromQuery[str | None] = None,
    last: FromQuery[str | None] = None,
) -> Template | Response[str]:
    """Show a report, the last three whole months if nothing is said; `.csv` gives it as a table."""
    as_table = slug.endswith(".csv")
    require_role(asker, "coordinator")
    pool = await pool_seen_by(session, asker, slug.removesuffix(".csv"))
    months = _months(first, last, pool, now)
    found = await report(session, asker, pool, months, now)
    if as_table:
        return Response(_csv(found), media_type="text/csv")
    return _page(asker, pool, found)


def _page(asker: Asker, pool: Pool, found: Report) -> Template:
    return page(
        "report.html",
        asker=asker,
        pool=pool,
        found=found,
        last=months_later(found.months.until, -1),
        questions=QUESTIONS,
        indicators=INDICATORS,
        tables=TABLES,
        dictionary=list(dictionary()),
        lists=lists,
        most=max((count for _, count in found.by_month), default=0),
    )


def _months(first: str | None, last: str | None, pool: Pool, now: datetime) -> Months:
    this = now.astimezone(ZoneInfo(pool.zone)).date().replace(day=1)
    return months_asked(
        _month("first", first) if first else months_later(this, -USUAL_MONTHS),
        _month("last", last) if last else months_later(this, -1),
    )


def _month(field: str, written: str) -> date:
    try:
        return datetime.strptime(written[:10], FORM).replace(tzinfo=ZoneInfo("UTC")).date()
    except ValueError as error:
        raise InvalidRequest(field, "is not a month.") from error


def _csv(found: Report) -> str:
    """Write every number and table as spreadsheets read them, each with how it is counted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["key", "value", "number", "unit", "how it is counted"])
    for one in dictionary():
        if one["kind"] == "number":
            number = found.values[one["key"]]
            writer.writerow(
                [one["key"], "", "" if number is None else number, one["unit"], one["how"]]
            )
        for value, count in found.tables.get(one["key"], []) if one["kind"] == "table" else []:
            said = found.services.get(value, value)
            writer.writerow([one["key"], no_formula(said), count, one["unit"], one["how"]])
    for month, count in found.by_month:
        writer.writerow(["by-month", month.strftime(FORM), count, "contacts", "Contacts a month."])
    for tag, length in found.open_by_language:
        writer.writerow(
            ["open-by-language", tag, length, "h", "Open hours of sessions in this language."]
        )
    return text.getvalue()
