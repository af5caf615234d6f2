"""A node that was restored: who is waited for, and what is left to look at."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.forms import NoForm
from api.pages.rendering import page
from api.pages.weeks import week_of
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.projects.queries import project
from federation.restoring.actions import go_on_without
from federation.restoring.queries import is_restoring, waited_for
from rota.reentry.findings import give_seat_back, settle_finding
from rota.reentry.queries import findings

RESTORE = "/restore"


class GoOnForm(msgspec.Struct):
    """The partner's id, and its name as somebody has typed it."""

    node: str = ""
    typed: str = ""


@get(RESTORE)
async def restore(session: Session, asker: Signed, now: Now) -> Template:
    """Show coordinators whom the node waits for, and what partners know differently."""
    require_role(asker, "coordinator")
    zone = (await project(session, asker.project_id)).zone
    return page(
        "restore.html",
        asker=asker,
        clock=week_of(None, zone, now),
        restoring=await is_restoring(session),
        partners=await waited_for(session),
        findings=await findings(session, asker),
    )


@post(f"{RESTORE}/without", status_code=303)
async def without(
    session: Session, asker: Signed, now: Now, data: URLEncodedBody[GoOnForm]
) -> Redirect:
    """Wait no longer for a partner whose name was typed."""
    names = {partner.node_id: partner.name for partner in await waited_for(session)}
    if data.node in names and data.typed.strip() != names[data.node]:
        raise InvalidRequest("typed", "Type the partner's name as it is shown.")
    await go_on_without(session, asker, data.node, now)
    return Redirect(RESTORE, status_code=303)


@post(f"{RESTORE}/findings/{{finding:uuid}}/seen", status_code=303)
async def seen(
    session: Session,
    asker: Signed,
    now: Now,
    finding: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Put away what was looked at."""
    del data
    await settle_finding(session, asker, finding, now)
    return Redirect(RESTORE, status_code=303)


@post(f"{RESTORE}/findings/{{finding:uuid}}/give-back", status_code=303)
async def give_back(
    session: Session,
    asker: Signed,
    now: Now,
    finding: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Give a seat back that nobody here is known to hold."""
    del data
    await give_seat_back(session, asker, finding, now)
    return Redirect(RESTORE, status_code=303)


ROUTES: list[Any] = [restore, without, seen, give_back]
