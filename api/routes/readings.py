"""Who has to read what before which session, for coordinators; and the pool's time for it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import item_of
from federation.pools.queries import pool_seen_by
from federation.pools.settings import set_reading
from rota.readings.queries import readings_seen

Days = Annotated[int, msgspec.Meta(ge=0, le=90)]


class MissingAnswer(msgspec.Struct, frozen=True):
    """One of your own people with a seat, and a text that they have to read until `due`."""

    person: UUID
    name: str
    shift: UUID
    pool: str
    start: datetime
    text: UUID
    title: str
    due: datetime
    at_once: bool


class ReadyAnswer(msgspec.Struct, frozen=True):
    """Whether all of another project's people on a shift have read what holds; nothing else."""

    shift: UUID
    pool: str
    start: datetime
    project: str
    passes: bool


class ReadingTimeBody(msgspec.Struct, forbid_unknown_fields=True):
    """How long seat holders may take; null leaves it to the author, or to the usual week."""

    days: Days | None
    overdue: Literal["vacate", "warn"]


@get("/readings", tags=["protocols"], summary="Who of your people has to read what")
async def list_missing(session: Session, asker: Signed, now: Now) -> Page[MissingAnswer]:
    """List your own people's seats with an unread text, by the start of the shift."""
    return Page(
        [
            MissingAnswer(
                one.person_id,
                one.name,
                one.unread.shift_id,
                one.pool,
                one.unread.starts,
                item_of(one.unread.urn),
                one.unread.title,
                one.unread.due,
                one.unread.asked.at_once,
            )
            for one in (await readings_seen(session, asker, now)).missing
        ]
    )


@get("/readings/partners", tags=["protocols"], summary="Which other projects are ready")
async def list_ready(session: Session, asker: Signed, now: Now) -> Page[ReadyAnswer]:
    """List the other projects' shifts in pools of this node: ready, or not."""
    return Page(
        [
            ReadyAnswer(one.shift_id, one.pool, one.starts, one.project, one.passes)
            for one in (await readings_seen(session, asker, now)).partners
        ]
    )


@put("/pools/{pool:str}/reading", tags=["pools"], summary="Set a pool's time for reading")
async def set_reading_time(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[ReadingTimeBody]
) -> ReadingTimeBody:
    """Say how long seat holders may take to read a new text, and what follows if they do not."""
    found = await pool_seen_by(session, asker, pool)
    await set_reading(session, asker, found.id, now, days=data.days, overdue=data.overdue)
    return data
