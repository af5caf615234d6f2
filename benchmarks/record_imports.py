"""An old spreadsheet of Excel: a dry run from its bytes to the fate of each row."""

import io
from datetime import date, datetime, timedelta
from time import perf_counter

from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import database
from benchmarks.rota import SLUG, staffed_pool
from benchmarks.workbook import DAY, number, packed, sheet, text
from database.session import door, make_engine
from federation.people.models import Person, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.record_imports.queries import look_through
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.rows import TAKEN
from rota.record_imports.rules.tables import read_sheet

FIRST_DAY_OF_EXCEL = date(1899, 12, 30)
A_YEAR = 365
HEADER = (
    *("Date", "Time", "Session", "Name", "Language", "Topic", "Outcome", "New?", "Minutes"),
    "Notes",
)
TOLD = (
    ("19:30", "19:00-21:00", "Some name", "Dutch", "Housing", "Answered", "New", "15", "Rang back"),
    ("20:10", "19:00-21:00", "", "ro", "tax / STI", "referred", "returning", "45 min", ""),
    ("14:05", "13:00-15:00", "Another", "English", "", "declined", "", "", "Left in a hurry"),
    ("9:20", "9:00-11:00", "", "Engels", "huisvesting", "doorverwezen", "nieuw", "0:20", ""),
)


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Tell what each row would become, beside a bare look at the cells of the same file."""
    async with database(server_url) as url:
        engine = make_engine(url)
        await staffed_pool(engine, now, workers=1, seats=2, roles=("lead", "second"))
        given = _workbook(scale.table_rows, now.date())
        await _looked(engine, given, now)
        pairs = []
        for _ in range(scale.rounds):
            ours = scale.table_rows / await _looked(engine, given, now)
            pairs.append(Pair(Side(ours), Side(scale.table_rows / _parsed(given))))
        await engine.dispose()
    return [
        Figure(
            benchmark="record-imports",
            name=f"old spreadsheet of {scale.table_rows:,} rows, dry run",
            against="its cells by python-calamine",
            unit="rows/s",
            pairs=pairs,
        )
    ]


def _workbook(rows: int, today: date) -> bytes:
    lines = ["".join(text(f"{_letter(at)}1", name) for at, name in enumerate(HEADER))]
    for row in range(rows):
        day = (today - timedelta(days=1 + row % A_YEAR) - FIRST_DAY_OF_EXCEL).days
        told = enumerate(TOLD[row % len(TOLD)], 1)
        lines.append(
            number(f"A{row + 2}", day, DAY)
            + "".join(text(f"{_letter(at)}{row + 2}", word) for at, word in told if word)
        )
    return packed(sheet(*lines))


def _letter(at: int) -> str:
    return chr(ord("A") + at)


async def _looked(engine: AsyncEngine, given: bytes, now: datetime) -> float:
    """Give the seconds from the bytes to the last row's fate."""
    async with door(engine) as session:
        pool = (await session.scalars(select(Pool).where(Pool.slug == SLUG))).one()
        coordinators = select(Person.id, Person.project_id).join(RoleGrant)
        row = (await session.execute(coordinators.where(RoleGrant.role == "coordinator"))).one()
        asker = Asker(row.id, row.project_id, frozenset({"coordinator"}))
        begun = perf_counter()
        table = read_sheet(given)
        shown = await look_through(session, asker, pool, table, Choices(channel="live-chat"), now)
        seconds = perf_counter() - begun
    if shown.look.rows != {TAKEN: len(table.rows)}:
        raise RuntimeError("not every row was read")
    return seconds


def _parsed(given: bytes) -> float:
    begun = perf_counter()
    cells = CalamineWorkbook.from_filelike(io.BytesIO(given)).get_sheet_by_index(0).to_python()
    seconds = perf_counter() - begun
    if len(cells[0]) != len(HEADER):
        raise RuntimeError("not every cell was read")
    return seconds
