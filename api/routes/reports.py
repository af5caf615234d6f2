"""The report of a project's work in a pool, as data with a dictionary."""

from datetime import date, datetime

import msgspec
from litestar import get
from litestar.params import FromPath

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.coverage import From, Until
from federation.pools.queries import pool_seen_by
from rota.reports.indicators import dictionary
from rota.reports.queries import report
from rota.reports.rules import MOST_YEARS, Months, whole_months


class CountAnswer(msgspec.Struct, frozen=True):
    """How often something was recorded."""

    value: str
    count: int


class MonthAnswer(msgspec.Struct, frozen=True):
    """The contacts of one month."""

    month: date
    contacts: int


class LanguageHours(msgspec.Struct, frozen=True):
    """How long somebody was there in a language."""

    language: str
    hours: float


class DescribedAnswer(msgspec.Struct, frozen=True):
    """What a number or table of the report is, and how it is counted."""

    key: str
    kind: str
    question: str
    title: str
    unit: str
    how: str
    where: str
    columns: list[str]


class NamedAnswer(msgspec.Struct, frozen=True):
    """A project or a pool, by its short name and for people."""

    slug: str
    name: str


class ReportAnswer(msgspec.Struct, frozen=True):
    """A report of whole months; its dictionary says of everything in it what it is.

    What was not over at `as_of` is not counted.
    """

    project: NamedAnswer
    pool: NamedAnswer
    first: date
    until: date
    as_of: datetime
    values: dict[str, float | None]
    tables: dict[str, list[CountAnswer]]
    by_month: list[MonthAnswer]
    open_by_language: list[LanguageHours]
    services: dict[str, str]
    dictionary: list[DescribedAnswer]


def _months_asked(first: date, until: date) -> Months:
    """Read a period of whole months; its last month is included by who asks."""
    for name, day in (("from", first), ("until", until)):
        require_plannable(name, day)
    months = whole_months(first, until)
    if months is None:
        raise InvalidRequest("until", f"must not be before from, nor {MOST_YEARS} years later.")
    return months


@get("/pools/{pool:str}/report", summary="What came of the work, in numbers")
async def show_report(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    first: From,
    until: Until,
) -> ReportAnswer:
    """Give coordinators the report of their own project from the month of a day to another's."""
    months = _months_asked(first, until)
    found = await report(session, asker, await pool_seen_by(session, asker, pool), months, now)
    return ReportAnswer(
        project=NamedAnswer(*found.project),
        pool=NamedAnswer(*found.pool),
        first=found.months.first,
        until=found.months.until,
        as_of=found.as_of,
        values=found.values,
        tables={
            key: [CountAnswer(value, count) for value, count in rows]
            for key, rows in found.tables.items()
        },
        by_month=[MonthAnswer(month, count) for month, count in found.by_month],
        open_by_language=[LanguageHours(tag, length) for tag, length in found.open_by_language],
        services=found.service_names,
        dictionary=[msgspec.convert(one._asdict(), DescribedAnswer) for one in dictionary()],
    )
