"""Old spreadsheets of a project: a look at what each row would become, and taking them in."""

from asyncio import to_thread
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import FromPath, MultipartBody
from litestar.response import Redirect, Template

from api.dates import clock
from api.errors import InvalidRequest
from api.import_runs import Given, ImportRuns, run_import
from api.languages.reading import own_clock, translated
from api.pages.buttons import button
from api.pages.entries import day_entry
from api.pages.forms import Many, many
from api.pages.import_runs import run_address
from api.pages.pool_choice import pool_choice
from api.pages.rendering import page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from database.session import door
from federation.access.seal import Seal
from federation.permissions.rules import Asker, require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from rota.import_runs.actions import begin_import
from rota.import_runs.models import ImportRun
from rota.import_runs.queries import import_run, running_import
from rota.import_runs.rules import said
from rota.record_imports.actions import take_back
from rota.record_imports.errors import WrongChoices
from rota.record_imports.queries import Shown, imports_of, look_anyway, look_through
from rota.record_imports.rules.choices import Choices, Meaning
from rota.record_imports.rules.columns import columns_asked
from rota.record_imports.rules.days import Order
from rota.record_imports.rules.rows import FATES, TAKEN, OldSession
from rota.record_imports.rules.tables import (
    MOST_BYTES,
    MOST_ROWS,
    Table,
    carried,
    read_sheet,
    table_of,
)
from rota.record_imports.rules.words import LEAVE_ROW, SAY_NOTHING
from rota.records.rules import lists

HERE = "/records/import"
NOTHING_TAKEN = "Nothing of this table was taken in."
ROWS_SHOWN, WORDS_SHOWN, SPANS_SHOWN = 200, 300, 40
"""More are told as a number: a browser asks for what is shown, field by field."""
ORDERS: dict[str, Order | None] = {
    "": None,
    "day-first": "day-first",
    "month-first": "month-first",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A look at a table, by choices that fit it, and why what was asked of it was refused."""

    table: Table
    choices: Choices
    shown: Shown
    refused: Sequence[str] = ()
    fits: bool = True
    """Whether all that was said of the table fits it."""

    @property
    def offered(self) -> list[int]:
        """Carry all cells while columns are only guessed, and then those that somebody chose.

        Where what was chosen does not fit, it has to be chosen anew among all that was given.
        """
        told = enumerate(self.shown.look.columns)
        if self.fits:
            return [i for i, field in told if field or self.choices.columns is None]
        return [i for i, field in told if field or any(row.cells[i] for row in self.table.rows)]


class TableForm(msgspec.Struct, kw_only=True):
    """A file, or what was read from one before, with what was said of its columns and words."""

    file: UploadFile | None = None
    content: str = ""
    columns: Many = []
    order: str = ""
    channel: str = ""
    language: str = ""
    first_day: str = ""
    last_day: str = ""
    said: Many = []
    becomes: Many = []
    do: str = "look"


choose_pool = pool_choice(HERE, "record-import-pools.html")


@get(f"{HERE}/{{slug:str}}")
async def show_import(session: Session, asker: Signed, now: Now, slug: FromPath[str]) -> Template:
    """Offer to look at a file, and list what was taken in before and what is being read."""
    pool = await pool_seen_by(session, asker, slug)
    running = await running_import(session, asker, pool, now)
    return await _page(session, asker, pool, running=running)


@post(f"{HERE}/{{slug:str}}", status_code=200)
async def look_or_take(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    slug: FromPath[str],
    data: MultipartBody[TableForm],
    state: State,
) -> Template | Redirect:
    """Tell what each row would become, or begin to take the rows in."""
    way_back(request, f"{HERE}/{slug}")
    pool = await pool_seen_by(session, asker, slug)
    require_role(asker, "coordinator")
    table, choices = await _table(data), _choices(data)
    refused: list[str] = []
    if data.do == "take":
        # begun in a transaction of its own: who reads the table tells of it at once
        async with door(state.engine) as own:
            run = await begin_import(own, asker, pool.id, len(table.rows), now)
        given = Given(run, asker, pool.id, table, choices)
        runs: ImportRuns = state.import_runs
        await runs.start(run_import(state.engine, given, Seal.open(settings.keys)))
        ended = await import_run(session, asker, pool, run)
        if ended.trouble is None:
            return Redirect(run_address(slug, run), status_code=303)
        refused = [*ended.trouble.splitlines(), NOTHING_TAKEN]
    try:
        shown = await look_through(session, asker, pool, table, choices, now)
    except WrongChoices as wrong:
        shown, fit = await look_anyway(session, asker, pool, table, choices, now)
        refused = refused or said(wrong).splitlines()
        return await _page(session, asker, pool, Looked(table, fit, shown, refused, fits=False))
    return await _page(session, asker, pool, Looked(table, choices, shown, refused))


take_import_back = button("/records/imports/{subject:uuid}/take-back", take_back, lambda *_: HERE)


async def _table(data: TableForm) -> Table:
    if data.content:
        return await to_thread(table_of, data.content)
    if data.file is None or not data.file.filename:
        raise InvalidRequest("file", "is missing. Choose a file.")
    return await to_thread(read_sheet, await data.file.read())


def _choices(data: TableForm) -> Choices:
    said, becomes = many(data.said), many(data.becomes)
    if len(said) != len(becomes):
        raise InvalidRequest("becomes", "says of each word what it becomes.")
    if data.order not in ORDERS:
        raise InvalidRequest("order", "is day-first or month-first.")
    columns = many(data.columns)
    pairs = ((one.partition(":"), entry) for one, entry in zip(said, becomes, strict=True))
    words = [Meaning(field, word, entry) for (field, _, word), entry in pairs if entry]
    return Choices(
        columns=columns or None,
        order=ORDERS[data.order],
        channel=data.channel,
        language=data.language,
        first_day=_day("first_day", data.first_day),
        last_day=_day("last_day", data.last_day),
        words=words,
    )


def _day(field: str, written: str) -> date | None:
    return day_entry(field, written) if written else None


async def _page(
    session: Session,
    asker: Asker,
    pool: Pool,
    looked: Looked | None = None,
    *,
    running: ImportRun | None = None,
) -> Template:
    shown = looked.shown if looked else None
    return page(
        "record-import.html",
        asker=asker,
        status_code=422 if looked and looked.refused else 200,
        pool=pool,
        imports=await imports_of(session, asker, pool),
        clock=own_clock(),
        shown=shown,
        running=running,
        table=looked.table if looked else None,
        choices=looked.choices if looked else None,
        refused=looked.refused if looked else [],
        offered=looked.offered if looked else [],
        content=carried(looked.table, looked.offered) if looked else "",
        fields=_fields(shown),
        listed=_listed(shown),
        **_clock_of(shown),
        spans=_spans(shown),
        fates=FATES,
        lists=lists,
        ways_out={
            SAY_NOTHING: translated("nothing: count the row without it"),
            LEAVE_ROW: translated("leave the row out"),
        },
        rows_shown=ROWS_SHOWN,
        words_shown=WORDS_SHOWN,
        spans_shown=SPANS_SHOWN,
        most_kilobytes=MOST_BYTES // 1000,
        most_rows=MOST_ROWS,
    )


def _fields(shown: Shown | None) -> dict[str, str]:
    if shown is None:
        return {}
    allowed = shown.lists.allowed
    return columns_asked(gender=allowed.asks_gender, nationality=allowed.asks_nationality)


def _clock_of(shown: Shown | None) -> dict[str, Any]:
    """Give how days and hours of rows are told: by the clock by which they were read."""
    zone = ZoneInfo(shown.lists.owner.zone) if shown else own_clock()
    return {"hour": lambda at: clock(at, zone), "day_of": lambda at: at.astimezone(zone).date()}


def _listed(shown: Shown | None) -> list[Any]:
    """List what stays out first, and of what is taken some."""
    fates = shown.look.fates if shown else []
    return sorted(fates, key=lambda one: one.fate == TAKEN)[:ROWS_SHOWN]


def _spans(shown: Shown | None) -> list[tuple[OldSession, int]]:
    """Give each span of sessions once, in how many rows it is, the longest first.

    What was read wrongly is rather too long, and may be in a row that is not shown.
    """
    if shown is None:
        return []
    zone = ZoneInfo(shown.lists.owner.zone)
    found: dict[tuple[time, time], OldSession] = {}
    rows: Counter[tuple[time, time]] = Counter()
    for one, number in Counter(each.session for each in shown.look.fates if each.session).items():
        span = one.starts.astimezone(zone).time(), one.ends.astimezone(zone).time()
        found.setdefault(span, one)
        rows[span] += number
    ordered = sorted(found, key=lambda span: (found[span].starts - found[span].ends, span))
    return [(found[span], rows[span]) for span in ordered]


ROUTES = [choose_pool, show_import, look_or_take, take_import_back]
