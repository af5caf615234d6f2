"""`netreach-server pools`: found or join a pool, its channels and handles, by hand.

Whoever runs these commands acts for a coordinator: that person's id is what the audit keeps.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.server.by_hand import by_hand
from api.server.handing import COMMANDS
from api.settings import Settings
from database.session import door
from federation.access.queries import asker_by_id
from federation.errors import NotFound
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, give_handle, join_pool, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.pools.models import Pool
from rota.passport.actions import attest_training

KINDS = ("session", "task", "inbox")
Done = TypeVar("Done")
Act = Callable[[AsyncSession, Asker, datetime], Awaitable[Done]]

as_coordinator = click.option(
    "--as", "who", type=click.UUID, required=True, help="The coordinator's id."
)
offers = click.option("--offers", type=float, required=True, help="Hours a week that are offered.")
ran = click.option("--ran", type=float, required=True, help="Hours a week that it ran before.")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("pools")
def pools() -> None:
    """Found or join a pool, add channels, give handles, attest trainings, hand it over."""


@pools.command("list")
def listed() -> None:
    """List the pools that this node knows, and who plans each."""

    async def found(engine: AsyncEngine, _: Settings, __: datetime) -> list[str]:
        async with door(engine) as session:
            rows = await session.execute(
                select(Pool.slug, Pool.name, Pool.zone, Pool.host).order_by(Pool.slug)
            )
            return [
                f"{slug}  {name} ({zone}), planned {'by ' + host if host else 'here'}"
                for slug, name, zone, host in rows
            ]

    for line in by_hand(found):
        click.echo(line)


@pools.command("make")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--zone", required=True, help="In which its shifts are planned: Europe/London.")
@click.option("--supervisor-sessions", type=int, default=1, show_default=True, help="At once.")
@offers
@ran
@as_coordinator
def make(
    slug: str,
    name: str,
    zone: str,
    supervisor_sessions: int,
    offers: float,
    ran: float,
    who: UUID,
) -> None:
    """Found a pool on this node; the coordinator's project is its first member."""

    async def made(session: AsyncSession, asker: Asker, now: datetime) -> str:
        pool = await make_pool(
            session,
            asker,
            now,
            slug=slug,
            name=name,
            zone=zone,
            share=Share(offers, ran),
            supervisor_sessions_at_once=supervisor_sessions,
        )
        return str(pool.id)

    click.echo(_as(who, made))


@pools.command("channel")
@click.argument("pool")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--kind", type=click.Choice(KINDS), default="session", show_default=True)
@click.option("--workers", type=int, default=2, show_default=True, help="The minimum.")
@click.option("--supervisors", type=int, default=1, show_default=True, help="The minimum.")
@click.option("--training", "trainings", multiple=True, help="Needed on it; may be repeated.")
@as_coordinator
def channel(
    pool: str,
    slug: str,
    name: str,
    kind: str,
    workers: int,
    supervisors: int,
    trainings: tuple[str, ...],
    who: UUID,
) -> None:
    """Add the channel SLUG to POOL, with its minimum staffing."""

    async def added(session: AsyncSession, asker: Asker, now: datetime) -> str:
        draft = ChannelDraft(slug, name, kind, workers, supervisors, list(trainings))
        return str((await add_channel(session, asker, await _id_of(session, pool), draft, now)).id)

    click.echo(_as(who, added))


@pools.command("join")
@click.argument("pool")
@offers
@ran
@as_coordinator
def join(pool: str, offers: float, ran: float, who: UUID) -> None:
    """Let the coordinator's project take part in POOL, whichever node plans it."""

    async def joined(session: AsyncSession, asker: Asker, now: datetime) -> str:
        await join_pool(session, asker, await _id_of(session, pool), Share(offers, ran), now)
        return f"Your project takes part in {pool}."

    click.echo(_as(who, joined))


@pools.command("handle")
@click.argument("pool")
@click.argument("worker", type=click.UUID)
@as_coordinator
def handle(pool: str, worker: UUID, who: UUID) -> None:
    """Give WORKER (an id) of the coordinator's project a pseudonym in POOL, and print it."""

    async def given(session: AsyncSession, asker: Asker, now: datetime) -> str:
        made = await give_handle(session, asker, await _id_of(session, pool), worker, now)
        return made.display

    click.echo(_as(who, given))


@pools.command("train")
@click.argument("worker", type=click.UUID)
@click.argument("name")
@click.option("--issued", type=DAY, required=True)
@click.option("--expires", type=DAY, required=True, help="The last day on which it is valid.")
@as_coordinator
def train(worker: UUID, name: str, issued: datetime, expires: datetime, who: UUID) -> None:
    """Attest the training NAME of WORKER (an id), as their own project's coordinator."""

    async def attested(session: AsyncSession, asker: Asker, now: datetime) -> date:
        first, last = issued.date(), expires.date()
        training = await attest_training(session, asker, worker, name, first, last, now)
        return training.expires

    click.echo(f"Valid to {_as(who, attested)}.")


for command in COMMANDS:
    pools.add_command(command)


def _as(who: UUID, act: Act[Done]) -> Done:
    """Do something as a person of this node, with the roles that they have."""

    async def work(engine: AsyncEngine, _: Settings, now: datetime) -> Done:
        async with door(engine) as session:
            return await act(session, await asker_by_id(session, who), now)

    return by_hand(work)


async def _id_of(session: AsyncSession, slug: str) -> UUID:
    pool_id = await session.scalar(select(Pool.id).where(Pool.slug == slug))
    if pool_id is None:
        raise NotFound(f"There is no pool named {slug} here. See `netreach-server pools list`.")
    return pool_id
