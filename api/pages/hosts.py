"""Who plans a pool, and its way to another node: offered, accepted, or kept."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.forms import NoForm
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from api.peers.own_node import own_node
from federation.handing.actions import accept_pool, offer_pool, take_back_offer
from federation.handing.losses import agree, name_deputy
from federation.handing.queries import hostings, pool_of_member
from federation.people.models import Role
from rota.handing.after_loss import go_on_without, take_over

HOSTS = "/hosts"


class HandOverForm(msgspec.Struct):
    """To which node, and the pool's name as somebody has typed it."""

    node: str = ""
    typed: str = ""


class NodeForm(msgspec.Struct):
    """Which node; none where it is empty."""

    node: str = ""


class TypedForm(msgspec.Struct):
    """The pool's name, as somebody has typed it."""

    typed: str = ""


@get(HOSTS)
async def hosts(session: Session, asker: Signed, state: State) -> Template:
    """Show who plans each pool, and to those who may what can be done now."""
    return page(
        "hosts.html",
        asker=asker,
        hostings=await hostings(session, asker),
        own_id=own_node(state).node_id,
        acts=asker.has(Role.PARTNER_ADMINISTRATOR),
    )


@post(f"{HOSTS}/{{pool:uuid}}/offer", status_code=303)
async def offer(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    data: URLEncodedBody[HandOverForm],
) -> Redirect:
    """Offer a pool of this node to another one, once the pool's name was typed."""
    _require_typed((await pool_of_member(session, asker, pool)).name, data.typed)
    await offer_pool(session, asker, pool, data.node, own_node(state).node_id, now)
    return Redirect(HOSTS, status_code=303)


@post(f"{HOSTS}/{{pool:uuid}}/accept", status_code=303)
async def accept(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    data: URLEncodedBody[TypedForm],
) -> Redirect:
    """Agree that this node plans a pool, once the pool's name was typed."""
    _require_typed((await pool_of_member(session, asker, pool)).name, data.typed)
    await accept_pool(session, asker, pool, own_node(state).keys, now)
    return Redirect(HOSTS, status_code=303)


@post(f"{HOSTS}/{{pool:uuid}}/keep", status_code=303)
async def keep(
    session: Session, asker: Signed, now: Now, pool: FromPath[UUID], data: URLEncodedBody[NoForm]
) -> Redirect:
    """Take an offer back, or decline it."""
    del data
    await take_back_offer(session, asker, pool, now)
    return Redirect(HOSTS, status_code=303)


def _require_typed(name: str, typed: str) -> None:
    if typed.strip() != name:
        raise InvalidRequest("typed", "Type the pool's name as it is shown.")


@post(f"{HOSTS}/{{pool:uuid}}/deputy", status_code=303)
async def deputy(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    data: URLEncodedBody[NodeForm],
) -> Redirect:
    """Name the node that takes a pool over if this one is lost, or none."""
    await name_deputy(session, asker, pool, data.node or None, own_node(state).keys, now)
    return Redirect(HOSTS, status_code=303)


@post(f"{HOSTS}/{{pool:uuid}}/take-over", status_code=303)
async def take(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    data: URLEncodedBody[TypedForm],
) -> Redirect:
    """Take a lost host's pool over, once the pool's name was typed."""
    _require_typed((await pool_of_member(session, asker, pool, lock=False)).name, data.typed)
    await take_over(session, asker, pool, own_node(state).keys, now)
    return Redirect(HOSTS, status_code=303)


@post(f"{HOSTS}/{{pool:uuid}}/agree", status_code=303)
async def agreed(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[UUID],
    data: URLEncodedBody[TypedForm],
) -> Redirect:
    """Agree that a pool's host is lost, once the pool's name was typed."""
    _require_typed((await pool_of_member(session, asker, pool)).name, data.typed)
    await agree(session, asker, pool, own_node(state).keys, now)
    return Redirect(HOSTS, status_code=303)


@post(f"{HOSTS}/{{pool:uuid}}/without", status_code=303)
async def without(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[UUID],
    data: URLEncodedBody[HandOverForm],
) -> Redirect:
    """Wait no longer for a node, once the pool's name was typed."""
    _require_typed((await pool_of_member(session, asker, pool, lock=False)).name, data.typed)
    await go_on_without(session, asker, pool, data.node, now)
    return Redirect(HOSTS, status_code=303)


ROUTES: list[Any] = [hosts, offer, accept, keep, deputy, take, agreed, without]
