"""The training passport, what pools ask for, and accounts on their tools."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from federation.errors import NotFound
from federation.people.models import Handle
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.pools.queries import channel_of, pool_seen_by
from rota.passport.actions import attest_training, withdraw_training
from rota.passport.queries import own_trainings
from rota.passport.requirements import require_trainings
from rota.passport.tools import accounts_on, grant_account, need_account, withdraw_account

TrainingName = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"\S")]
ACCOUNT = "/pools/{pool:str}/channels/{channel:str}/account"
ACCOUNTS = "/pools/{pool:str}/channels/{channel:str}/accounts"


class TrainingBody(msgspec.Struct, forbid_unknown_fields=True):
    """A training, its day of issue and its last valid day."""

    name: TrainingName
    issued: date
    expires: date


class TrainingAnswer(msgspec.Struct, frozen=True):
    """A training; `standing` is `valid`, `to-come`, `ended` or `withdrawn` today."""

    id: UUID
    person: UUID
    name: str
    issued: date
    expires: date
    standing: str


class NeedsBody(msgspec.Struct, forbid_unknown_fields=True, rename={"first_day": "from"}):
    """What a pool, or one channel of it, asks for on its shifts from a day on."""

    trainings: Annotated[list[TrainingName], msgspec.Meta(max_length=20)]
    first_day: date
    channel: str | None = None


class NeedsAnswer(msgspec.Struct, frozen=True):
    """How many shifts to come ask for something else now."""

    shifts: int


class ToolBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a channel's tool needs, in a few words; empty where it needs nothing."""

    needs: Annotated[str, msgspec.Meta(max_length=200)]


class AccountAnswer(msgspec.Struct, frozen=True):
    """A handle of the pool; `granted_at` is null while it has no account."""

    handle: str
    project: str
    granted_at: datetime | None


@get("/trainings", summary="Trainings of your own, and of your project's people")
async def list_trainings(session: Session, asker: Signed, now: Now) -> Page[TrainingAnswer]:
    """List the asker's trainings; a coordinator also gets those of the own project's people."""
    seen = await own_trainings(session, asker, now)
    return Page(
        items=[
            TrainingAnswer(one.id, one.person_id, one.name, one.issued, one.expires, one.standing)
            for one in seen
        ]
    )


@post("/people/{person:uuid}/trainings", summary="Attest a training", status_code=201)
async def attest(
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: JSONBody[TrainingBody],
) -> TrainingAnswer:
    """Attest a training of one of one's own project's people, or correct how long it is valid."""
    require_plannable("issued", data.issued)
    require_plannable("expires", data.expires)
    made = await attest_training(session, asker, person, data.name, data.issued, data.expires, now)
    seen = await own_trainings(session, asker, now)
    [standing] = [one.standing for one in seen if one.id == made.id]
    return TrainingAnswer(made.id, person, made.name, made.issued, made.expires, standing)


@delete("/trainings/{training:uuid}", summary="Withdraw a training", status_code=204)
async def withdraw(session: Session, asker: Signed, now: Now, training: FromPath[UUID]) -> None:
    """Withdraw a training at once; seats to come that need it fall free."""
    await withdraw_training(session, asker, training, now)


@put("/pools/{pool:str}/trainings", summary="Say which trainings shifts ask for")
async def need_trainings(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[NeedsBody]
) -> NeedsAnswer:
    """Change what a pool of this node, or one of its channels, asks for from a day on."""
    require_plannable("from", data.first_day)
    found = await pool_seen_by(session, asker, pool)
    changed = await require_trainings(
        session, asker, found.id, data.trainings, data.first_day, now, channel=data.channel
    )
    return NeedsAnswer(changed)


@put(ACCOUNT, summary="Say what a channel's tool needs", status_code=204)
async def need_tool(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    channel: FromPath[str],
    data: JSONBody[ToolBody],
) -> None:
    """Say what account a channel's tool needs; the asker's project grants it from then on."""
    _, channel_id = await _channel(session, asker, pool, channel)
    await need_account(session, asker, channel_id, data.needs.strip(), now)


@get(ACCOUNTS, summary="Who has an account on a channel's tool")
async def list_accounts(
    session: Session, asker: Signed, pool: FromPath[str], channel: FromPath[str]
) -> Page[AccountAnswer]:
    """List the pool's handles with their accounts, for the coordinators of the tool's owner."""
    _, channel_id = await _channel(session, asker, pool, channel)
    seen = await accounts_on(session, asker, channel_id)
    return Page(items=[AccountAnswer(one.display, one.project, one.granted_at) for one in seen])


@put(ACCOUNTS + "/{handle:str}", summary="Note that an account was made", status_code=204)
async def grant(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    channel: FromPath[str],
    handle: FromPath[str],
) -> None:
    """Note that the tool's owner has made an account under a handle."""
    found, channel_id = await _channel(session, asker, pool, channel)
    handle_id = await _handle(session, found.id, handle)
    await grant_account(session, asker, channel_id, handle_id, now)


@delete(ACCOUNTS + "/{handle:str}", summary="Note that an account is gone", status_code=204)
async def ungrant(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    channel: FromPath[str],
    handle: FromPath[str],
) -> None:
    """Note that an account is gone; the handle's seats on that channel fall free."""
    found, channel_id = await _channel(session, asker, pool, channel)
    handle_id = await _handle(session, found.id, handle)
    await withdraw_account(session, asker, channel_id, handle_id, now)


async def _channel(
    session: AsyncSession, asker: Asker, pool: str, channel: str
) -> tuple[Pool, UUID]:
    found = await pool_seen_by(session, asker, pool)
    channel_id = await channel_of(session, found.id, channel)
    if channel_id is None:
        raise NotFound
    return found, channel_id


async def _handle(session: AsyncSession, pool_id: UUID, display: str) -> UUID:
    found: UUID | None = await session.scalar(
        select(Handle.id).where(Handle.pool_id == pool_id, Handle.display == display)
    )
    if found is None:
        raise NotFound
    return found
