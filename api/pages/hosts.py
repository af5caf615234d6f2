"""Who plans a pool, and its way to another node, step by step."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.pages.rendering import page
from api.parts import Now, Session, Signed
from api.peers.own_node import own_node
from federation.handing.losses import SILENCE
from federation.handing.queries import hostings
from federation.people.models import Role
from federation.pools.models import Pool
from federation.relations.leaving.queries import untold
from rota.handing.steps import StepName, Wanted
from rota.handing.steps import step as take_step

HOSTS = "/hosts"


class StepForm(msgspec.Struct):
    """With which node, and the pool's name as somebody has typed it, where a step asks for them."""

    node: str = ""
    typed: str = ""


def _at_the_pools(at: datetime, pool: Pool) -> datetime:
    return at.astimezone(ZoneInfo(pool.zone))


@get(HOSTS)
async def hosts(session: Session, asker: Signed, now: Now, state: State) -> Template:
    """Show who plans each pool, and to those who may what can be done now."""
    return page(
        "hosts.html",
        asker=asker,
        hostings=await hostings(session, asker),
        own_id=own_node(state).node_id,
        acts=asker.has(Role.PARTNER_ADMINISTRATOR),
        untold=await untold(session, asker),
        silent_since=now - SILENCE,
        local=_at_the_pools,
    )


@post(f"{HOSTS}/{{pool:uuid}}/{{step:str}}", status_code=303)
async def do_step(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    step: FromPath[StepName],
    data: URLEncodedBody[StepForm],
) -> Redirect:
    """Take one step with a pool."""
    wanted = Wanted(pool, data.node, data.typed)
    await take_step(session, asker, step, wanted, own_node(state).keys, now)
    return Redirect(HOSTS, status_code=303)


ROUTES: list[Any] = [hosts, do_step]
