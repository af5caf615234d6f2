"""The people of a project: let in by a link that is shown once, with their roles and pseudonyms."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.buttons import button
from api.pages.pattern_forms import words
from api.pages.rendering import page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from api.settings import Settings
from federation.access.actions import make_sign_in_link
from federation.people.actions import add_person, grant_role, take_role
from federation.people.models import Role
from federation.people.queries import people_of_project
from federation.people.queries import person as find_person
from federation.permissions.rules import Asker
from federation.pools.actions import give_handles
from federation.pools.queries import handles_by_person, pools_of
from federation.pools.rules import ROLES_ABROAD
from federation.projects.queries import project

HERE = "/people"
LINK_HOURS = 48
Many = list[str] | str
"""A form with one such field sends one word, not a list."""


class PersonForm(msgspec.Struct, kw_only=True):
    """Somebody who is let in; languages stand between commas."""

    name: str = ""
    languages: str = ""
    roles: Many = []


class RolesForm(msgspec.Struct, kw_only=True):
    """All roles that somebody has from now on."""

    roles: Many = []


@get(HERE)
async def show_people(session: Session, asker: Signed) -> Template:
    """Show who takes part, with their roles and the pseudonyms by which pools know them."""
    people = await people_of_project(session, asker)
    return page(
        "people.html",
        asker=asker,
        people=people,
        pools=await pools_of(session, asker),
        handles=await handles_by_person(session, asker),
        takes_seats=ROLES_ABROAD,
        roles=[role.value for role in Role],
        spoken=(await project(session, asker.project_id)).languages,
    )


@post(HERE, status_code=200)
async def let_in(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[PersonForm],
) -> Template:
    """Take somebody in, give pseudonyms to who takes seats, and show their link this once."""
    way_back(request, HERE)
    person_id = await add_person(
        session,
        asker,
        project_id=asker.project_id,
        name=data.name,
        languages=words(data.languages),
        roles=_many(data.roles),
        now=now,
    )
    await give_handles(session, asker, person_id, now)
    return await _with_link(session, asker, settings, person_id, now)


@post(f"{HERE}/{{person:uuid}}/link", status_code=200)
async def new_link(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[RolesForm],
) -> Template:
    """Make another link for somebody, and show it this once."""
    del data
    way_back(request, HERE)
    return await _with_link(session, asker, settings, person, now)


@post(f"{HERE}/{{person:uuid}}/roles", status_code=303)
async def set_roles(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[RolesForm],
) -> Redirect:
    """Grant and take roles; nobody takes from themselves the one by which they do it."""
    back = way_back(request, HERE)
    known = await find_person(session, asker, person)
    wanted = set(_many(data.roles))
    if person == asker.person_id:
        wanted.add(Role.COORDINATOR)
    for role in sorted(wanted - known.roles):
        await grant_role(session, asker, person_id=person, role=role, now=now)
    for role in sorted(known.roles - wanted):
        await take_role(session, asker, person_id=person, role=role, now=now)
    await give_handles(session, asker, person, now)
    return Redirect(back, status_code=303)


give_pseudonyms = button(f"{HERE}/{{subject:uuid}}/handles", give_handles, lambda *_: HERE)


async def _with_link(
    session: AsyncSession, asker: Asker, settings: Settings, person_id: UUID, now: datetime
) -> Template:
    secret = await make_sign_in_link(session, asker, person_id=person_id, hours=LINK_HOURS, now=now)
    known = await find_person(session, asker, person_id)
    return page(
        "person-link.html",
        asker=asker,
        who=known.name,
        link=f"{settings.base_url.rstrip('/')}/sign-in/{secret}",
        hours=LINK_HOURS,
    )


def _many(told: Many) -> list[str]:
    return [told] if isinstance(told, str) else told


ROUTES = [show_people, let_in, new_link, set_roles, give_pseudonyms]
