"""`netreach-server partners`: two nodes meet by a link and four words, then grant one another.

Whoever runs these commands acts for a person who is a partner administrator: that person's id is
what the audit keeps.
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.peers.joining import accept_invitation
from api.peers.own_node import open_node
from api.server.by_hand import by_hand
from api.server.partner_lines import dispute_lines, printable, show
from api.settings import Settings
from database.session import door
from federation.access.queries import asker_by_id
from federation.errors import NotAllowed, NotFound
from federation.feeds.cursors.actions import BAD
from federation.feeds.quarantine.actions import forget_set_aside
from federation.feeds.quarantine.queries import SetAside, set_aside_of
from federation.feeds.taken_in.actions import take_in_more
from federation.partners import actions
from federation.partners.documents.actions import settle
from federation.partners.documents.queries import dispute_of
from federation.partners.documents.rules import CHOICES, OTHER, Dispute
from federation.partners.invitations.actions import invite as make_link
from federation.partners.models import Partner
from federation.partners.queries import partner as one_partner
from federation.partners.queries import partners as all_partners
from federation.partners.rules.capabilities import LABELS, OF_POOL, OF_PROJECT, RELEASES, SHIFTS
from federation.people.models import Person, Role, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.models import Project
from federation.relations.leaving.actions import end as end_relation

ANY_ID: dict[str, Any] = {"ignore_unknown_options": True}
"""A node's id may begin with a hyphen, and is no option then."""
Done = TypeVar("Done")


class Act(NamedTuple):
    """Everything that one command works with."""

    session: AsyncSession
    asker: Asker
    now: datetime


as_person = click.option("--as", "who", type=click.UUID, help="Partner administrator's id.")
to_node = click.argument("node")
of_pool = click.option("--pool", help="Short name of a pool that this node hosts.")
of_project = click.option("--project", help="Short name of a project of this node.")
for_what = click.option(
    "--what",
    type=click.Choice(list(LABELS)),
    help="What of it; left out, a pool's shifts or a project's releases.",
)


class Subject(NamedTuple):
    """What is granted or withdrawn, as it was typed."""

    pool: str | None
    project: str | None
    what: str | None


@click.group("partners")
def partners() -> None:
    """Join with another node: invite, accept, words, then grant; or withdraw and end."""


@partners.command("invite")
@as_person
def invite(who: UUID | None) -> None:
    """Print a link for one other node; it works once, within 48 hours."""

    async def made(engine: AsyncEngine, settings: Settings, now: datetime) -> str:
        node = open_node(settings)
        async with door(engine) as session:
            asker = await administrator(session, who)
            return str(await make_link(session, asker=asker, node=node, now=now))

    click.echo(by_hand(made))


@partners.command("accept")
@as_person
def accept(who: UUID | None) -> None:
    """Spend a link that another node's administrator sent; it is asked for, or read from input."""
    # as an argument it would stand in the shell's history and in the list of processes
    link = click.prompt("Link", err=True) if sys.stdin.isatty() else sys.stdin.readline()

    async def met(engine: AsyncEngine, settings: Settings, now: datetime) -> Partner:
        async with door(engine) as session:
            asker = await administrator(session, who)
        return await accept_invitation(
            engine,
            open_node(settings),
            asker=asker,
            link_text=link,
            now=now,
            development=settings.development,
        )

    show(by_hand(met))


@partners.command("list")
@as_person
def listed(who: UUID | None) -> None:
    """List every node met, who acts next, and what each lets the other read."""

    async def found(act: Act) -> list[Partner]:
        return await all_partners(act.session, asker=act.asker)

    for each in _acting(who, found):
        show(each)


@partners.command("words", context_settings=ANY_ID)
@to_node
@click.argument("words", nargs=-1, required=True)
@as_person
def words(node: str, words: tuple[str, ...], who: UUID | None) -> None:
    """Type the four WORDS that the administrator of NODE read to you on the telephone."""

    async def confirmed(act: Act) -> Partner:
        typed = " ".join(words)
        return await actions.confirm_words(
            act.session, asker=act.asker, node_id=node, typed=typed, now=act.now
        )

    show(_acting(who, confirmed))


@partners.command("grant", context_settings=ANY_ID)
@to_node
@of_pool
@of_project
@for_what
@as_person
def grant(node: str, who: UUID | None, **subject: str | None) -> None:
    r"""Let NODE read or do one more thing with a pool or project of this node.

    \b
    With --pool:     open-hours, shifts, claim, offer
    With --project:  releases, propose
    """
    _change(actions.grant, node, Subject(**subject), who)


@partners.command("withdraw", context_settings=ANY_ID)
@to_node
@of_pool
@of_project
@for_what
@as_person
def withdraw(node: str, who: UUID | None, **subject: str | None) -> None:
    """Take one thing back from NODE, also what taking part in a pool brings; it holds at once."""
    _change(actions.withdraw, node, Subject(**subject), who)


@partners.command("settle", context_settings=ANY_ID)
@to_node
@click.option(
    "--document", "choice", type=click.Choice(sorted(CHOICES)), help="The one that is right."
)
@as_person
def settle_documents(node: str, choice: str | None, who: UUID | None) -> None:
    """Show two documents of NODE that do not fit together; after a call, go on with one of them."""

    async def settled(act: Act) -> tuple[Partner, Dispute | None]:
        if choice is not None:
            other = choice == OTHER
            await settle(act.session, asker=act.asker, node_id=node, take_other=other, now=act.now)
        partner = await one_partner(act.session, asker=act.asker, node_id=node)
        return partner, dispute_of(act.asker, partner)

    partner, dispute = _acting(who, settled)
    show(partner)
    for line in dispute_lines(dispute) if dispute else ():
        click.echo(printable(line))


@partners.command("end", context_settings=ANY_ID)
@to_node
@click.option(
    "--claims-until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Give back seats on sessions from then on (UTC); left out, all are kept.",
)
@as_person
def end(node: str, claims_until: datetime | None, who: UUID | None) -> None:
    """End the relationship with NODE at once; nothing that it holds opens anything."""
    until = claims_until and claims_until.replace(tzinfo=UTC)

    async def ended(act: Act) -> None:
        await end_relation(
            act.session, asker=act.asker, node_id=node, now=act.now, claims_until=until
        )

    _acting(who, ended)


@partners.command("set-aside", context_settings=ANY_ID)
@to_node
@click.option("--forget", is_flag=True, help="Forget what was refused, and read on.")
@click.option("--waiting", is_flag=True, help="With --forget: also what waits for an update.")
@as_person
def set_aside(node: str, who: UUID | None, *, forget: bool, waiting: bool) -> None:
    """Sum up what this node could not use of what NODE said; if it is too much, reading stops."""
    if waiting and not forget:
        raise click.UsageError("--waiting says what else to --forget.")

    async def seen(act: Act) -> list[SetAside]:
        if forget:
            await forget_set_aside(
                act.session, asker=act.asker, node_id=node, waiting=waiting, now=act.now
            )
        return await set_aside_of(act.session, asker=act.asker, node_id=node)

    for each in _acting(who, seen):
        because = f"refused ({each.detail})" if each.why == BAD else "waits"
        click.echo(f"{each.events} {printable(each.kind)}, {because}, latest {each.latest:%F %R}")


@partners.command("take-in-more", context_settings=ANY_ID)
@to_node
@as_person
def take_in(node: str, who: UUID | None) -> None:
    """Read on where NODE has said too much within 90 days: as much again."""

    async def taken(act: Act) -> None:
        await take_in_more(act.session, asker=act.asker, node_id=node, now=act.now)

    _acting(who, taken)


def _change(
    verb: Callable[..., Awaitable[None]], node: str, subject: Subject, who: UUID | None
) -> None:
    if (subject.pool is None) == (subject.project is None):
        raise click.UsageError("Name either --pool or --project.")
    kind = subject.what or (SHIFTS if subject.pool else RELEASES)
    if kind not in (OF_POOL if subject.pool else OF_PROJECT):
        raise click.UsageError(f"{kind} goes with {'--project' if subject.pool else '--pool'}.")

    async def changed(act: Act) -> None:
        capability = f"{kind}:{await _subject(act.session, subject)}"
        await verb(act.session, asker=act.asker, node_id=node, capability=capability, now=act.now)

    _acting(who, changed)


async def _subject(session: AsyncSession, subject: Subject) -> UUID:
    query = (
        select(Pool.id).where(Pool.slug == subject.pool, Pool.host.is_(None))
        if subject.pool
        else select(Project.id).where(Project.slug == subject.project, Project.node.is_(None))
    )
    found = await session.scalar(query)
    if found is None:
        named = subject.pool or subject.project
        raise NotFound(f"This node has no pool or project of its own named {named}.")
    return found


def _acting(who: UUID | None, work: Callable[[Act], Awaitable[Done]]) -> Done:
    """Do one thing in one transaction, on behalf of a partner administrator."""

    async def done(engine: AsyncEngine, _: Settings, now: datetime) -> Done:
        async with door(engine) as session:
            return await work(Act(session, await administrator(session, who), now))

    return by_hand(done)


async def administrator(session: AsyncSession, who: UUID | None) -> Asker:
    """Find for whom the command acts: the person named, or the only one who may."""
    if who is None:
        found = await session.scalars(
            select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(RoleGrant.role == Role.PARTNER_ADMINISTRATOR, Person.left_at.is_(None))
        )
        everybody = list(found)
        if len(everybody) != 1:
            raise NotAllowed(_who_then(everybody))
        who = everybody[0]
    return await asker_by_id(session, who)


def _who_then(everybody: list[UUID]) -> str:
    if not everybody:
        return (
            "Nobody here is a partner administrator yet. Add one with: "
            "netreach-server people add PROJECT --name NAME --role partner-administrator"
        )
    ids = ", ".join(str(each) for each in everybody)
    return f"There are several partner administrators; say for whom with --as: {ids}"
