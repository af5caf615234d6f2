from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

# Too late is only who `claim_seat` would refuse as too late. It has the last word on all others:
# on tokens that do not work, seats that are not theirs, keys that have made a claim before.
GONE = """
SELECT asked.number,
       seat.state IN ('held', 'proposed')
       AND coalesce(token.last_used_on = (asked.at AT TIME ZONE 'UTC')::date, false)
       AND NOT EXISTS (
           SELECT FROM kept_answer AS kept
           WHERE kept.person_id = person.id AND kept.key = asked.key
       ) AS gone
FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::timestamptz[])
    WITH ORDINALITY AS asked(secret_hash, seat_id, key, at, number)
JOIN api_token AS token ON token.secret_hash = asked.secret_hash
    AND token.revoked_at IS NULL AND token.expires_at > asked.at AND 'write' = ANY(token.scopes)
JOIN person ON person.id = token.person_id AND person.left_at IS NULL
JOIN seat ON seat.id = asked.seat_id
JOIN shift ON shift.id = seat.shift_id
JOIN handle ON handle.person_id = person.id AND handle.pool_id = shift.pool_id
    AND handle.retired_at IS NULL
"""


class AskedSeat(NamedTuple):
    """A worker's claim as it comes in: by which token, for which seat, under which key, when."""

    secret_hash: bytes
    seat_id: UUID
    key: str | None
    at: datetime


async def seats_gone(engine: AsyncEngine, asked: Sequence[AskedSeat]) -> dict[AskedSeat, bool]:
    """Tell which claims are too late in any case, at a fraction of the cost of trying them.

    Who could not claim that seat at all is left out.
    """
    columns = [list(column) for column in zip(*asked, strict=True)]
    rows = await fetch_rows(engine, GONE, *columns)
    return {asked[row["number"] - 1]: row["gone"] for row in rows}
