"""The way of a new project to its first published session, until it is there or put away."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from api.languages.reading import translated
from api.pages.forms import NoForm
from api.pages.pools import PoolForm
from api.pages.rendering import page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from federation.projects.actions import hide_setup
from federation.projects.queries import project
from rota.example.actions import (
    Words,
    example_link,
    example_of,
    fill_example,
    remove_example,
)
from rota.first_steps.queries import first_steps

HERE, EXAMPLE = "/setup", "/setup/example"


class HideForm(msgspec.Struct):
    """Whether the steps are put away or brought back."""

    hidden: str = ""


class RoleForm(msgspec.Struct):
    """As whom to come into the example."""

    role: str = ""


@get(HERE)
async def show_setup(session: Session, asker: Signed, now: Now) -> Template:
    """Show the steps, which are taken, and what comes next."""
    steps = await first_steps(session, asker, now)
    example = None if asker.example else await example_of(session, asker)
    home = await project(session, asker.project_id)
    return page(
        "setup.html",
        asker=asker,
        steps=steps,
        project=home,
        zone=home.zone,
        form=PoolForm(),
        example=example,
    )


@post(f"{HERE}/hidden", status_code=303)
async def hide(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[HideForm],
) -> Redirect:
    """Put the steps away for all who coordinate the project, or bring them back."""
    hidden = data.hidden == "yes"
    back = way_back(request, "/" if hidden else HERE)
    await hide_setup(session, asker, now, hidden=hidden)
    return Redirect(back, status_code=303)


@post(EXAMPLE, status_code=303)
async def fill(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Fill in an example to try things on."""
    del data
    back = way_back(request, HERE)
    await fill_example(session, asker, _words(), now)
    return Redirect(f"{back}#example", status_code=303)


@post(f"{EXAMPLE}/link", status_code=200)
async def look_at(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[RoleForm],
) -> Template:
    """Show a link by which to come into the example as somebody of it."""
    way_back(request, HERE)
    role = "coordinator" if data.role == "coordinator" else "worker"
    secret = await example_link(session, asker, role, now)
    link = f"{settings.base_url.rstrip('/')}/sign-in/{secret}"
    return page("example-link.html", asker=asker, role=role, link=link)


@post(f"{EXAMPLE}/remove", status_code=303)
async def remove(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Remove all of the example, and nothing else."""
    del data
    back = way_back(request, HERE)
    await remove_example(session, asker, now)
    return Redirect(f"{back}#example", status_code=303)


def _words() -> Words:
    """Call everything in the example by its name, so that nobody takes it for something else."""
    return Words(
        project=translated("Example project"),
        pool=translated("Example: evening chat"),
        channel=translated("Example: live chat"),
        series=(translated("Example: Tuesday"), translated("Example: Thursday")),
        coordinator=translated("Example: coordinator"),
        workers=tuple(translated("Example: worker %(number)s", number=n) for n in range(1, 4)),
        supervisor=translated("Example: supervisor"),
    )


ROUTES = [show_setup, hide, fill, look_at, remove]
