"""`netreach-server pools hand-over` and what follows: who hosts a pool, by hand."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.by_hand import by_hand
from api.server.partners import ANY_ID, administrator
from api.settings import Settings
from database.session import door
from federation.handing.queries import Hosting, hostings
from federation.handing.rules import STATES
from federation.partners.keys import NodeKeys
from federation.pools.queries import pool_seen_by
from rota.handing.steps import REVOCABLE, StepName, Wanted, step

as_person = click.option(
    "--as", "who", type=click.UUID, help="The partner administrator's id, if there are several."
)
the_pool = click.argument("pool")
SETTLES: Mapping[str, StepName] = {"known": "settle-known", "other": "settle-other"}


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
        if each.disputed is not None:
            click.echo(f"  disputed: by another signed document its host is {each.disputed}")
        for partner in each.waits:
            click.echo(f"  waits for {partner.name} ({partner.node_id})")


@click.command("hand-over", context_settings=ANY_ID)
@the_pool
@click.argument("node")
@as_person
def hand_over(pool: str, node: str, who: UUID | None) -> None:
    """Offer POOL, which this node hosts, to NODE (an id), where a project takes part in it.

    Nothing changes until somebody there has accepted.
    """
    _take("hand-over", pool, node, who)
    click.echo(f"{pool} is offered. Their administrator accepts it, or not.")


@click.command("accept")
@the_pool
@as_person
def accept(pool: str, who: UUID | None) -> None:
    """Agree that this node hosts POOL, which its host has offered."""
    _take("accept", pool, "", who)
    click.echo(f"{pool} comes to this node as soon as its host hears of it.")


@click.command("keep")
@the_pool
@as_person
def keep(pool: str, who: UUID | None) -> None:
    """Take back what was begun with POOL, or decline it."""
    _take("keep", pool, "", who)
    click.echo(f"{pool} stays where it is.")


@click.command("deputy", context_settings=ANY_ID)
@the_pool
@click.argument("node", default="")
@as_person
def deputy(pool: str, node: str, who: UUID | None) -> None:
    """Name NODE (an id) as the deputy that takes POOL over if this node is lost, or nobody."""
    _take("deputy", pool, node, who)
    click.echo(f"{pool} has {'a deputy' if node else 'no deputy'}.")


@click.command("take-over")
@the_pool
@as_person
def take_over(pool: str, who: UUID | None) -> None:
    """Take POOL over, as the deputy of a host that was silent for 24 hours."""
    _take("take-over", pool, "", who)
    click.echo(f"{pool} is taken over as soon as enough others agree; see `pools hosts`.")


@click.command("agree")
@the_pool
@as_person
def agree(pool: str, who: UUID | None) -> None:
    """Agree that the host of POOL is lost, after 24 hours, and its deputy plans it from now on."""
    _take("agree", pool, "", who)
    click.echo(f"{pool} goes to its deputy as soon as that hears of it.")


@click.command("go-on-without", context_settings=ANY_ID)
@the_pool
@click.argument("node")
@as_person
def go_on_without(pool: str, node: str, who: UUID | None) -> None:
    """Wait no longer for NODE (an id) to say who has which seat in POOL, which was taken over."""
    _take("go-on-without", pool, node, who)
    click.echo(f"{pool} goes on. What only that node knows of seats may be lost.")


@click.command("settle")
@the_pool
@click.argument("document", type=click.Choice(sorted(SETTLES)))
@as_person
def settle(pool: str, document: str, who: UUID | None) -> None:
    """Say after a call which of two documents names the host of POOL: the known or the other."""
    _take(SETTLES[document], pool, "", who)
    click.echo(f"{pool} is settled; see `pools hosts`.")


def _take(name: StepName, slug: str, node: str, who: UUID | None) -> None:
    """Ask for the pool's short name where the step wants it typed, and take the step."""
    typed = "" if name in REVOCABLE else click.prompt(f"Type {slug} to go on", err=True)

    async def work(engine: AsyncEngine, settings: Settings, now: datetime) -> None:
        keys = NodeKeys.load(settings.keys)
        async with door(engine) as session:
            asker = await administrator(session, who)
            pool = await pool_seen_by(session, asker, slug)
            await step(session, asker, name, Wanted(pool.id, node, typed), keys, now)

    by_hand(work)


COMMANDS = (hosts, hand_over, accept, keep, deputy, take_over, agree, go_on_without, settle)
