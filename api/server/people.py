"""`netreach-server people`: a project's first person, sign-in links and tokens, by hand."""

from datetime import datetime
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.by_hand import by_hand
from api.settings import Settings
from database.session import door
from federation.access.actions import (
    NewToken,
    end_web_sessions,
    make_api_token,
    make_sign_in_link,
)
from federation.erasing.queries import who_was_asked
from federation.passkeys.actions import remove_passkeys
from federation.people.actions import add_person, let_go
from federation.people.models import Person, Role, RoleGrant
from federation.people.queries import roles_of_person
from federation.people.rules import OPERATOR, name_for_audit
from federation.projects.queries import project_by_slug
from federation.second_steps.actions import reset_second_step
from rota.calendar.actions import revoke_all_addresses
from rota.erasing.actions import erase_person

ROLES = [role.value for role in Role]


@click.group("people")
def people() -> None:
    """Let people in and out: one-time links, tokens for programs, a lost phone, somebody leaves."""


@people.command("add")
@click.argument("project")
@click.option("--name", required=True, help="Only their own project sees it.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="May be repeated.")
@click.option("--language", "languages", multiple=True, default=("en",), help="May be repeated.")
def add(project: str, name: str, roles: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Take somebody into PROJECT (its short name), and print their id."""

    async def added(engine: AsyncEngine, _: Settings, now: datetime) -> UUID:
        async with door(engine) as session:
            home = await project_by_slug(session, project)
            return await add_person(
                session,
                OPERATOR,
                project_id=home.id,
                name=name,
                languages=languages,
                roles=roles,
                now=now,
            )

    click.echo(by_hand(added))


@people.command("list")
@click.argument("project")
def listed(project: str) -> None:
    """List the people of PROJECT with their ids and roles."""

    async def found(engine: AsyncEngine, _: Settings, __: datetime) -> list[str]:
        async with door(engine) as session:
            home = await project_by_slug(session, project)
            rows = await session.execute(
                select(Person.id, Person.name, roles_of_person())
                .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
                .where(Person.project_id == home.id, Person.left_at.is_(None))
                .group_by(Person.id)
                .order_by(Person.name, Person.id)
            )
            return [f"{who}  {name}: {', '.join(sorted(roles))}" for who, name, roles in rows]

    for line in by_hand(found):
        click.echo(line)


@people.command("link")
@click.argument("person", type=click.UUID)
@click.option("--hours", type=float, default=48, show_default=True, help="At most 168.")
def link(person: UUID, hours: float) -> None:
    """Make a one-time sign-in link for PERSON (an id), to be handed over in private."""

    async def made(engine: AsyncEngine, settings: Settings, now: datetime) -> str:
        async with door(engine) as session:
            secret = await make_sign_in_link(
                session, OPERATOR, person_id=person, hours=hours, now=now
            )
        return f"{settings.base_url.rstrip('/')}/sign-in/{secret}"

    click.echo(by_hand(made))


@people.command("token")
@click.argument("person", type=click.UUID)
@click.option("--label", required=True, help="For which program it is.")
@click.option("--write", is_flag=True, help="It may also change things, as that person may.")
@click.option("--days", type=float, default=90, show_default=True, help="At most 366.")
def token(person: UUID, label: str, *, write: bool, days: float) -> None:
    """Make an API token that speaks for PERSON (an id); it is printed this one time."""
    scopes = ("read", "write") if write else ("read",)

    async def made(engine: AsyncEngine, _: Settings, now: datetime) -> NewToken:
        async with door(engine) as session:
            return await make_api_token(
                session,
                OPERATOR,
                person_id=person,
                label=label,
                scopes=scopes,
                days=days,
                now=now,
            )

    click.echo(by_hand(made).secret)


@people.command("sign-out")
@click.argument("person", type=click.UUID)
def sign_out(person: UUID) -> None:
    """Sign PERSON (an id) out everywhere, as after a lost phone; tokens stay."""

    async def ended(engine: AsyncEngine, _: Settings, now: datetime) -> int:
        async with door(engine) as session:
            return await end_web_sessions(session, OPERATOR, person_id=person, now=now)

    click.echo(f"Ended sessions: {by_hand(ended)}")


@people.command("erase")
@click.argument("person", type=click.UUID)
def erase(person: UUID) -> None:
    """Erase who PERSON (an id) was, here and at partners; whoever still takes part leaves first."""

    async def erased(engine: AsyncEngine, _: Settings, now: datetime) -> list[str]:
        async with door(engine) as session:
            await erase_person(session, OPERATOR, person, now)
            return [partner.name for partner in await who_was_asked(session, person)]

    asked = by_hand(erased)
    click.echo("Erased: nobody can bring back who that was.")
    for name in asked:
        click.echo(f"Asked to erase as well: {name}")


@people.command("reset-second-step")
@click.argument("person", type=click.UUID)
def reset_step(person: UUID) -> None:
    """Let PERSON (an id) in by a link alone again: the app and the recovery codes are lost."""

    async def reset(engine: AsyncEngine, _: Settings, now: datetime) -> None:
        async with door(engine) as session:
            await reset_second_step(session, OPERATOR, person_id=person, now=now)

    by_hand(reset)
    click.echo("A link alone lets them in again. Make one: netreach-server people link")


@people.command("remove-passkeys")
@click.argument("person", type=click.UUID)
def remove_keys(person: UUID) -> None:
    """Let nobody in any more by a passkey of PERSON (an id), as after a lost phone; links work."""

    async def removed(engine: AsyncEngine, _: Settings, now: datetime) -> int:
        async with door(engine) as session:
            return await remove_passkeys(session, OPERATOR, person, now)

    click.echo(f"Removed passkeys: {by_hand(removed)}")


@people.command("leave")
@click.argument("person", type=click.UUID)
def leave(person: UUID) -> None:
    """End PERSON's part in the project: sign-in, tokens and calendar addresses stop at once."""

    async def left(engine: AsyncEngine, _: Settings, now: datetime) -> None:
        async with door(engine) as session:
            await let_go(session, OPERATOR, person_id=person, now=now)
            await revoke_all_addresses(session, name_for_audit(OPERATOR), person, now)

    by_hand(left)
    click.echo("They can no longer sign in. The worker frees the seats that are still to come.")
