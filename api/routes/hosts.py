"""Who plans the pools, for programs: every step from one node to another."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.peers.own_node import own_node
from api.routes.pages_of import Page
from federation.handing.queries import Hosting, hostings
from federation.partners.models import Partner
from federation.pools.queries import pool_seen_by
from rota.handing.steps import StepName, Wanted
from rota.handing.steps import step as take_step

TAGS = ["hosts"]


class StepBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """With which node, and the pool's name or short name as somebody has typed it.

    `hand-over` and `go-on-without` name a `node`, `deputy` does unless nobody is to be it. All but
    `deputy` and `keep` want `typed`.
    """

    node: Annotated[str, msgspec.Meta(max_length=100)] = ""
    typed: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class NodeNamed(msgspec.Struct, frozen=True):
    """A node that was met."""

    node: str
    name: str


class HostingAnswer(msgspec.Struct, frozen=True):
    """A pool and who plans it: `host` is null where that is this node.

    `state` is null while nothing is under way; `offered` and `taking` wait for others, `asked` and
    `to-agree` for somebody here, `accepted` and `agreed` for the `other` node. `deputy` is a node's
    id. `partners` are the nodes that take part; seats are given again once none is in `waits`.
    `disputed` is the host by another signed document, which does not fit to the one that holds.
    """

    pool: str
    name: str
    host: NodeNamed | None
    term: int
    state: str | None
    other: NodeNamed | None
    deputy: str | None
    partners: list[NodeNamed]
    waits: list[NodeNamed]
    disputed: str | None


@get("/hosts", tags=TAGS, summary="Who plans your pools")
async def list_hosts(session: Session, asker: Signed) -> Page[HostingAnswer]:
    """List the pools of your project, for partner administrators and coordinators."""
    return Page([hosting_answer(one) for one in await hostings(session, asker)])


@post(
    "/hosts/{pool:str}/{step:str}",
    tags=TAGS,
    summary="Take a step about who plans a pool",
    status_code=200,
)
async def do_step(
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    pool: FromPath[str],
    step: FromPath[StepName],
    data: JSONBody[StepBody],
) -> HostingAnswer:
    """Take one step with a pool, by its short name.

    `hand-over` offers it to a node, `accept` agrees to plan it, `keep` takes back or declines;
    `deputy` says who plans it if its node is lost. Then the deputy takes it over, the others agree,
    and it may go on without a node that does not say who has which seat. Where two documents do not
    fit together, `settle-known` or `settle-other` says which one is right.
    """
    found = await pool_seen_by(session, asker, pool)
    wanted = Wanted(found.id, data.node, data.typed)
    await take_step(session, asker, step, wanted, own_node(state).keys, now)
    [one] = [each for each in await hostings(session, asker) if each.pool.id == found.id]
    return hosting_answer(one)


def hosting_answer(one: Hosting) -> HostingAnswer:
    """Describe who plans a pool, and what is under way."""
    return HostingAnswer(
        pool=one.pool.slug,
        name=one.pool.name,
        host=_named(one.host),
        term=one.term,
        state=one.handing.state if one.handing else None,
        other=_named(one.other),
        deputy=one.deputy,
        partners=[NodeNamed(each.node_id, each.name) for each in one.partners],
        waits=[NodeNamed(each.node_id, each.name) for each in one.waits],
        disputed=one.disputed,
    )


def _named(partner: Partner | None) -> NodeNamed | None:
    return NodeNamed(partner.node_id, partner.name) if partner else None


ROUTES: list[Any] = [list_hosts, do_step]
