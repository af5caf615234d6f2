"""A report to print: numbers under the guidance's questions, pictures, and how each is counted."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from protocols.exchange.rules.tables import no_formula
from rota.records.rules import lists
from rota.reports.indicators import (
    BY_MONTH,
    INDICATORS,
    OPEN_BY_LANGUAGE,
    QUESTIONS,
    REPEATED,
    TABLES,
    Described,
    dictionary,
)
from rota.reports.queries import Report, report
from rota.reports.rules import Months, months_later, whole_months

USUAL_MONTHS = 3
FORM = "%Y-%m"
COLUMNS = ("key", "value", "number", "unit", "how it is counted", "kind", "title")


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
        running=_this_month(pool, found.as_of),
        made=found.as_of.astimezone(ZoneInfo(pool.zone)),
        questions=QUESTIONS,
        indicators=INDICATORS,
        tables=TABLES,
        explained=[one for one in dictionary() if _is_shown(one)],
        lists=lists,
        most=max((count for _, count in found.by_month), default=0),
    )


def _is_shown(one: Described) -> bool:
    """Tell what a page shows: what a table only says again, or describes data, is for programs."""
    return one.kind == "number" or (one.kind == "table" and one.key not in REPEATED)


def _months(first: str | None, last: str | None, pool: Pool, now: datetime) -> Months:
    this = _this_month(pool, now)
    months = whole_months(
        _month("first", first) if first else months_later(this, -USUAL_MONTHS),
        _month("last", last) if last else months_later(this, -1),
    )
    if months is None:
        raise InvalidRequest("last", "must not be before the first month, nor 10 years after it.")
    return months


def _this_month(pool: Pool, now: datetime) -> date:
    return now.astimezone(ZoneInfo(pool.zone)).date().replace(day=1)


def _month(field: str, written: str) -> date:
    try:
        month = datetime.strptime(written[:10], FORM).replace(tzinfo=ZoneInfo("UTC")).date()
    except ValueError as error:
        raise InvalidRequest(field, "is not a month.") from error
    require_plannable(field, month)
    return month


def _csv(found: Report) -> str:
    """Write all of a report as spreadsheets read it, each line with how it is counted."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in dictionary():
        for value, number in _rows(found, one):
            writer.writerow(
                [one.key, no_formula(value), number, one.unit, one.how, one.kind, one.title]
            )
    return text.getvalue()


def _rows(found: Report, one: Described) -> list[tuple[str, float | str]]:
    """Give what one entry of the dictionary is: a word, a number alone, or a table."""
    if one.kind == "about":
        return [(_about(found)[one.key], "")]
    if one.kind == "number":
        number = found.values[one.key]
        return [("", "" if number is None else number)]
    if one.key == BY_MONTH:
        return [(month.strftime(FORM), count) for month, count in found.by_month]
    if one.key == OPEN_BY_LANGUAGE:
        return [*found.open_by_language]
    names = found.service_names if one.key == "signpost" else {}
    return [(names.get(value, value), count) for value, count in found.tables.get(one.key, [])]


def _about(found: Report) -> dict[str, str]:
    return {
        "project": found.project.name,
        "pool": found.pool.name,
        "first": found.months.first.isoformat(),
        "until": found.months.until.isoformat(),
        "as-of": found.as_of.isoformat(timespec="seconds"),
    }
