"""`netreach-server pools hand-over` and what follows: who hosts a pool, by hand."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.server.by_hand import by_hand
from api.server.partners import administrator
from api.server.stopping import stop
from api.settings import Settings
from database.session import door
from federation.errors import NotFound
from federation.handing.actions import accept_pool, offer_pool, take_back_offer
from federation.handing.losses import agree, name_deputy
from federation.handing.queries import Hosting, hostings
from federation.handing.rules import STATES
from federation.partners.keys import NodeKeys
from federation.permissions.rules import Asker
from rota.handing.after_loss import go_on_without, take_over

Act = Callable[[AsyncSession, Asker, Hosting, NodeKeys, datetime], Awaitable[None]]
as_person = click.option(
    "--as", "who", type=click.UUID, help="The partner administrator's id, if there are several."
)
the_pool = click.argument("pool")


@click.command("hosts")
@as_person
def hosts(who: UUID | None) -> None:
    """Say of each pool which node plans it, since which term, and what is under way."""

    async def found(engine: AsyncEngine, _: Settings, __: datetime) -> list[Hosting]:
        async with door(engine) as session:
            return await hostings(session, await administrator(session, who))

    for each in by_hand(found):
        host = f"{each.host.name} ({each.host.node_id})" if each.host else "this node"
        click.echo(f"{each.pool.slug}  planned by {host}, term {each.term}")
        if each.handing is not None and each.other is not None:
            click.echo(f"  {STATES[each.handing.state]}: {each.other.name}")
        if each.deputy is not None:
            click.echo(f"  deputy: {each.deputy}")
        for partner in each.waits:
            click.echo(f"  waits for {partner.name} ({partner.node_id})")


@click.command("hand-over", context_settings={"ignore_unknown_options": True})
@the_pool
@click.argument("node")
@as_person
def hand_over(pool: str, node: str, who: UUID | None) -> None:
    """Offer POOL, which this node hosts, to NODE (an id), where a project takes part in it.

    Nothing changes until somebody there has accepted.
    """

    async def offered(
        session: AsyncSession, asker: Asker, found: Hosting, keys: NodeKeys, now: datetime
    ) -> None:
        await offer_pool(session, asker, found.pool.id, node, keys.node_id, now)

    _typed(pool, who, offered, "is offered. Their administrator accepts it, or not.")


@click.command("accept")
@the_pool
@as_person
def accept(pool: str, who: UUID | None) -> None:
    """Agree that this node hosts POOL, which its host has offered."""

    async def accepted(
        session: AsyncSession, asker: Asker, found: Hosting, keys: NodeKeys, now: datetime
    ) -> None:
        await accept_pool(session, asker, found.pool.id, keys, now)

    _typed(pool, who, accepted, "comes to this node as soon as its host hears of it.")


@click.command("keep")
@the_pool
@as_person
def keep(pool: str, who: UUID | None) -> None:
    """Take back what was begun with POOL, or decline it."""

    async def kept(
        session: AsyncSession, asker: Asker, found: Hosting, _: NodeKeys, now: datetime
    ) -> None:
        await take_back_offer(session, asker, found.pool.id, now)

    _do(pool, who, kept)
    click.echo(f"{pool} stays where it is.")


def _typed(slug: str, who: UUID | None, act: Act, done: str) -> None:
    """Do it once the pool's short name was typed: it moves who decides for everybody."""
    if click.prompt(f"Type {slug} to go on", err=True) != slug:
        stop("That is another name. Nothing was changed.")
    _do(slug, who, act)
    click.echo(f"{slug} {done}")


def _do(slug: str, who: UUID | None, act: Act) -> None:
    async def work(engine: AsyncEngine, settings: Settings, now: datetime) -> None:
        keys = NodeKeys.load(settings.keys)
        async with door(engine) as session:
            asker = await administrator(session, who)
            for found in await hostings(session, asker):
                if found.pool.slug == slug:
                    await act(session, asker, found, keys, now)
                    return
        raise NotFound(f"Your project takes part in no pool named {slug}.")

    by_hand(work)


@click.command("deputy", context_settings={"ignore_unknown_options": True})
@the_pool
@click.argument("node", required=False)
@as_person
def deputy(pool: str, node: str | None, who: UUID | None) -> None:
    """Name NODE (an id) as the deputy that takes POOL over if this node is lost, or nobody."""

    async def named(
        session: AsyncSession, asker: Asker, found: Hosting, keys: NodeKeys, now: datetime
    ) -> None:
        await name_deputy(session, asker, found.pool.id, node, keys, now)

    _do(pool, who, named)
    click.echo(f"{pool} has {'a deputy' if node else 'no deputy'}.")


@click.command("take-over")
@the_pool
@as_person
def take(pool: str, who: UUID | None) -> None:
    """Take POOL over, as the deputy of a host that was silent for 24 hours."""

    async def taken(
        session: AsyncSession, asker: Asker, found: Hosting, keys: NodeKeys, now: datetime
    ) -> None:
        await take_over(session, asker, found.pool.id, keys, now)

    _typed(pool, who, taken, "is taken over as soon as enough others agree; see `pools hosts`.")


@click.command("agree")
@the_pool
@as_person
def agreed(pool: str, who: UUID | None) -> None:
    """Agree that the host of POOL is lost, after 24 hours, and its deputy plans it from now on."""

    async def agrees(
        session: AsyncSession, asker: Asker, found: Hosting, keys: NodeKeys, now: datetime
    ) -> None:
        await agree(session, asker, found.pool.id, keys, now)

    _typed(pool, who, agrees, "goes to its deputy as soon as that hears of it.")


@click.command("go-on-without", context_settings={"ignore_unknown_options": True})
@the_pool
@click.argument("node")
@as_person
def without(pool: str, node: str, who: UUID | None) -> None:
    """Wait no longer for NODE (an id) to say who has which seat in POOL, which was taken over."""

    async def gone(
        session: AsyncSession, asker: Asker, found: Hosting, _: NodeKeys, now: datetime
    ) -> None:
        await go_on_without(session, asker, found.pool.id, node, now)

    _typed(pool, who, gone, "goes on. What only that node knows of seats may be lost.")


COMMANDS = (hosts, hand_over, accept, keep, deputy, take, agreed, without)
