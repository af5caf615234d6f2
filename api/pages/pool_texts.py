"""Which texts are in force on the shifts of each pool, and what a pool asks of them."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.queries import pool_seen_by, pools_of
from protocols.pool_texts.actions import name_pool_text
from protocols.pool_texts.queries import on_pools, protocols_to_name
from protocols.pool_texts.rule_actions import ask_for_lived_experience


class RuleForm(msgspec.Struct):
    """The ticked box; an unticked one is not sent."""

    lived_experience: str = ""


class NameForm(msgspec.Struct):
    """Which protocol was chosen."""

    urn: str = ""


@get("/texts/pools")
async def pool_texts(session: Session, asker: Signed) -> Template:
    """List the pools that the project takes part in, each with its texts."""
    require_role(asker, "coordinator")
    pools = await pools_of(session, asker)
    texts = await on_pools(session, [pool.id for pool in pools])
    lines = [{"pool": pool, "on": texts[pool.id]} for pool in pools]
    choices = await protocols_to_name(session, asker)
    return page("pool-texts.html", asker=asker, pools=lines, choices=choices)


@post("/texts/pools/{slug:str}/text", status_code=303)
async def put_in_force(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[NameForm],
) -> Redirect:
    """Put a protocol in force on a pool's shifts, in place of another of its kind."""
    back = way_back(request, "/texts/pools")
    pool = await pool_seen_by(session, asker, slug)
    await name_pool_text(session, asker, pool_id=pool.id, urn=data.urn, now=now)
    return Redirect(back, status_code=303)


@post("/texts/pools/{slug:str}", status_code=303)
async def set_rule(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[RuleForm],
) -> Redirect:
    """Ask that every text was reviewed by somebody with lived experience, or no longer."""
    back = way_back(request, "/texts/pools")
    pool = await pool_seen_by(session, asker, slug)
    asked = data.lived_experience == "yes"
    await ask_for_lived_experience(session, asker, pool_id=pool.id, required=asked, now=now)
    return Redirect(back, status_code=303)
