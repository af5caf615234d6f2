"""Figures of a period are read from the sessions around it, however many years a pool has had."""

import re
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.coverage.queries import coverage
from rota.demand.queries import Choice, demand
from rota.reports.queries import report
from rota.reports.rules import Months
from tests.rota.world import NOW, a_pool, a_project, a_shift

Read = Callable[[AsyncSession, Asker, Pool], Awaitable[object]]
FIRST, UNTIL = date(2027, 1, 4), date(2027, 1, 18)
BY_TIME = re.compile(r"ix_shift_pool_id_starts[^\n]*\n *Index Cond: ([^\n]*)")


def _coverage(session: AsyncSession, asker: Asker, pool: Pool) -> Awaitable[object]:
    return coverage(session, asker, pool, FIRST, UNTIL, NOW)


def _coverage_in_romanian(session: AsyncSession, asker: Asker, pool: Pool) -> Awaitable[object]:
    return coverage(session, asker, pool, FIRST, UNTIL, NOW, language="ro")


def _report(session: AsyncSession, asker: Asker, pool: Pool) -> Awaitable[object]:
    return report(session, asker, pool, Months(date(2027, 1, 1), date(2027, 2, 1)), NOW)


def _demand(session: AsyncSession, asker: Asker, pool: Pool) -> Awaitable[object]:
    return demand(session, asker, pool, Choice(weeks=26), NOW)


@pytest.mark.parametrize("read", [_coverage, _coverage_in_romanian, _report, _demand])
async def test_what_was_long_before_a_period_is_not_looked_at(
    fresh_session: AsyncSession, read: Read
) -> None:
    session = fresh_session
    pool = await a_pool(session, await a_project(session))
    await a_shift(session, pool)
    row = await session.get_one(Pool, pool.id)
    connection = await session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await read(session, pool.coordinator, row)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    # of a handful of rows all would be read
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    plans = [
        "\n".join((await connection.exec_driver_sql(f"EXPLAIN {statement}", facts)).scalars())
        for statement, facts in asked
        if re.search(r"(FROM|JOIN) shift\b", statement)
    ]
    found = [each for plan in plans for each in BY_TIME.findall(plan)]
    assert found
    assert [each for each in found if "(starts >" not in each] == []
