"""The way of a new project to its first published session, until it is there or put away."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from api.pages.pools import PoolForm
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.projects.actions import hide_setup
from federation.projects.queries import project
from rota.first_steps.queries import first_steps

HERE = "/setup"


class HideForm(msgspec.Struct):
    """Whether the steps are put away or brought back."""

    hidden: str = ""


@get(HERE)
async def show_setup(session: Session, asker: Signed, now: Now) -> Template:
    """Show the steps, which are taken, and what comes next."""
    steps = await first_steps(session, asker, now)
    home = await project(session, asker.project_id)
    return page(
        "setup.html", asker=asker, steps=steps, project=home, zone=home.zone, form=PoolForm()
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


ROUTES = [show_setup, hide]
