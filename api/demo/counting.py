"""What the first project had counted before it joined: an old table, imported as people do."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from uuid import UUID

from api.demo.stage import Stage, clock
from database.session import door
from federation.access.seal import Seal
from federation.pools.models import Pool
from protocols.exchange.rules.tables import csv_line
from rota.record_imports.actions import take_in
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.tables import read_sheet

WEEKS_BEFORE = 17
"""So that the three whole months of a usual report have contacts, whatever day it is."""
EVENINGS = (0, 2, 4)
HEADER = ("Date", "Time", "Session", "Language", "Topic", "Outcome", "New?", "Turned away")
SESSION = "19:00-21:00"
WROTE = (
    ("19:10", SESSION, "English", "housing", "answered", "new", "no"),
    ("19:40", SESSION, "Romanian", "sexual health", "referred", "returning", "no"),
    ("20:20", SESSION, "English", "tax", "answered", "returning", "no"),
    ("20:10", SESSION, "Romanian", "", "", "", "yes"),
    ("20:45", SESSION, "English", "safety", "referred", "new", "no"),
)


async def import_old_table(stage: Stage, pool_id: UUID) -> None:
    """Let the first project take in what it wrote down of three evenings a week."""
    asker = stage.askers[stage.troupes[0].slug]
    table = read_sheet("".join(map(csv_line, _rows(clock().date()))).encode())
    async with door(stage.engine) as session:
        pool = await session.get_one(Pool, pool_id)
        seal = Seal.open(stage.settings.keys)
        await take_in(session, asker, pool, table, Choices(channel="live-chat"), seal, clock())


def _rows(today: date) -> Iterator[tuple[str, ...]]:
    yield HEADER
    monday = today - timedelta(days=today.weekday())
    days = (
        monday - timedelta(weeks=week) + timedelta(days=evening)
        for week in range(WEEKS_BEFORE, 0, -1)
        for evening in EVENINGS
    )
    those_who_write = cycle(WROTE)
    for number, day in enumerate(days):
        # one, two or three an evening, and each evening others
        for wrote in islice(those_who_write, 1 + number % 3):
            yield day.isoformat(), *wrote
