from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.ids import new_id
from federation.feeds.models import FeedCursor
from federation.partners.models import Partner
from rota.attendance.models import CheckIn
from rota.open_hours.errors import NoSuchPool
from rota.open_hours.queries import PublicHours, public_hours
from rota.open_hours.rules.now import CLOSED
from tests.rota.example_rota import ExampleRota, example_rota

NOW = datetime(2027, 1, 5, 20, tzinfo=UTC)
UNTIL = NOW + timedelta(weeks=12)
HOUR = timedelta(hours=1)


async def shown(rota: ExampleRota) -> PublicHours:
    await rota.session.flush()
    return await public_hours(await rota.session.connection(), rota.pool.slug, NOW, UNTIL)


async def hosted_by_south(rota: ExampleRota, heard: datetime | None) -> None:
    await rota.add(
        Partner(
            node_id="south",
            name="South",
            base_url="https://south.example",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=[],
            we_grant=[],
            they_grant=[],
            met_at=NOW,
        )
    )
    rota.pool.host = "south"
    await rota.add(
        FeedCursor(
            node_id="south",
            feed_id=new_id(),
            kind="pool/shifts",
            subject=str(rota.pool.id),
            epoch="1",
            seq=1,
            hash=b"",
            checked_at=heard,
        )
    )


async def test_only_open_sessions_of_this_pool_are_shown(session: AsyncSession) -> None:
    rota, other = await example_rota(session, now=NOW), await example_rota(session, now=NOW)
    await rota.shift(NOW + HOUR, 1)
    await rota.shift(NOW + 3 * HOUR, 1, is_open=False)
    await rota.shift(NOW + 5 * HOUR, 1, channel=rota.forum)
    (await rota.shift(NOW + 7 * HOUR, 1)).cancelled_at = NOW
    await rota.shift(NOW - 3 * HOUR, 3)
    await rota.shift(UNTIL, 1)
    await other.shift(NOW + 9 * HOUR, 1)
    found = await shown(rota)
    assert [(each.start, each.end) for each in found.hours] == [(NOW + HOUR, NOW + 2 * HOUR)]
    assert found.channels == {"live-chat": "Live chat", "forum": "Forum", "inbox": "Messages"}
    with pytest.raises(NoSuchPool):
        await public_hours(await session.connection(), "unknown", NOW, UNTIL)


async def test_languages_count_current_workers_only(session: AsyncSession) -> None:
    rota = await example_rota(session, now=NOW)
    await rota.shift(NOW + HOUR, 1, languages=("en", "ro"))
    speakers = [await rota.person("en", "ro") for _ in range(3)]
    await rota.person("ro", roles=("supervisor",))
    assert (await shown(rota)).hours[0].languages == ("en", "ro")
    speakers[0].retired_at = NOW
    await rota.person("en")
    assert (await shown(rota)).hours[0].languages == ("en",)
    rota.pool.speakers_shown_from = 2
    assert (await shown(rota)).hours[0].languages == ("en", "ro")


async def test_partner_shows_what_its_host_has_just_vouched_for(
    session: AsyncSession,
) -> None:
    rota = await example_rota(session, now=NOW)
    heard = NOW - timedelta(minutes=1)
    await hosted_by_south(rota, heard)
    shift = await rota.shift(NOW - HOUR, 2)
    await rota.add(CheckIn(shift_id=shift.id, claim_id=new_id(), at=shift.starts))
    found = await shown(rota)
    assert (found.now.open, found.as_of) == (True, heard)


@pytest.mark.parametrize("heard", [NOW - timedelta(minutes=3), None])
async def test_silent_host_means_nothing_is_called_open(
    session: AsyncSession, heard: datetime | None
) -> None:
    rota = await example_rota(session, now=NOW)
    await hosted_by_south(rota, heard)
    shift = await rota.shift(NOW - HOUR, 2)
    await rota.add(CheckIn(shift_id=shift.id, claim_id=new_id(), at=shift.starts))
    found = await shown(rota)
    assert (found.now, found.as_of) == (CLOSED, heard)
    assert len(found.hours) == 1


@pytest.mark.parametrize("shifts", [1, 3])
async def test_reading_takes_seven_queries_however_many_shifts(
    session: AsyncSession, engine: AsyncEngine, shifts: int
) -> None:
    rota = await example_rota(session, now=NOW)
    for number in range(shifts):
        await rota.shift(NOW + 3 * number * HOUR)
    await session.flush()
    connection = await session.connection()
    statements: list[str] = []

    def note(*facts: object) -> None:
        statements.append(str(facts[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    found = await public_hours(connection, rota.pool.slug, NOW, UNTIL)
    event.remove(engine.sync_engine, "before_cursor_execute", note)
    assert (len(statements), len(found.hours)) == (7, shifts)


async def test_sessions_are_found_by_their_time_and_never_by_their_channel(
    fresh_session: AsyncSession,
) -> None:
    """The index of channels leads to all their sessions, of all years."""
    rota = await example_rota(fresh_session, now=NOW)
    connection = await fresh_session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await shown(rota)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    # of a handful of rows all would be read; without the right index the wrong one would be taken
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    await connection.execute(text("DROP INDEX ix_shift_pool_id_starts"))
    plans = [
        "\n".join((await connection.exec_driver_sql(f"EXPLAIN {statement}", facts)).scalars())
        for statement, facts in asked
        if "FROM shift" in statement
    ]
    assert ["Index Cond: (channel_id" in plan for plan in plans] == [False] * 3
