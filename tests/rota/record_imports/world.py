"""Old tables of a pool that exists, and what is counted of them."""

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.seal import Seal
from federation.pools.models import Pool
from rota.record_imports.actions import take_in
from rota.record_imports.queries import Shown, look_through
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.looks import look_at
from rota.record_imports.rules.rows import Fate
from rota.record_imports.rules.tables import read_sheet
from rota.record_imports.rules.words import Allowed
from rota.records.rules.lists import TOPICS
from tests.rota.world import ExamplePool

LATER = datetime(2027, 2, 1, 12, tzinfo=UTC)
SEAL = Seal(b"k" * 32)
CHAT = Choices(channel="live-chat")
LISTS = Allowed({"live-chat": "Live chat"}, TOPICS, ("Leeds",), spoken=("en",))
OLD = """Date;Time;Session;Name;Language;Topic;Outcome;New?;Duration
2026-11-03;19:30;19:00-21:00;Zuleika;Dutch;Housing;Answered;New;15
2026-11-03;20:10;19:00-21:00;Wilhelmina;ro;tax / STI;referred;returning;45 min
2026-12-01;;19:00-21:00;;English;;declined;;
"""


def fates(text: str, choices: Choices = CHAT, zone: str = "Europe/London") -> list[Fate]:
    return look_at(read_sheet(text.encode()), choices, LISTS, zone, LATER).fates


def codes(text: str, choices: Choices = CHAT) -> list[tuple[int, str, list[str]]]:
    return [
        (one.row, one.fate, [reason.code for reason in one.reasons]) for one in fates(text, choices)
    ]


async def looked(
    session: AsyncSession, pool: ExamplePool, text: str = OLD, choices: Choices = CHAT
) -> Shown:
    found = await session.get_one(Pool, pool.id)
    table = read_sheet(text.encode())
    return await look_through(session, pool.coordinator, found, table, choices, LATER)


async def taken(
    session: AsyncSession, pool: ExamplePool, text: str = OLD, choices: Choices = CHAT
) -> Shown:
    found = await session.get_one(Pool, pool.id)
    table = read_sheet(text.encode())
    return await take_in(session, pool.coordinator, found, table, choices, SEAL, LATER)
