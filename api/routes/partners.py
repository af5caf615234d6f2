"""Partners for programs: who was met and acts next, what each may see, what crossed."""

from typing import Annotated, Any

from litestar import Request, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.bodies import query_time
from api.login.recognition import recognise_before
from api.parts import NodeSettings, Now, Session, Signed
from api.peers.joining import accept_invitation
from api.peers.own_node import own_node
from api.routes.pages_of import Page
from api.routes.partner_bodies import (
    CrossedAnswer,
    DocumentBody,
    DryRunAnswer,
    InvitationAnswer,
    LinkBody,
    PartnerAnswer,
    WordsBody,
    dispute_answer,
    kinds_answer,
    partner_answer,
    received_answer,
    sent_answer,
)
from federation.partners import actions, queries
from federation.partners.documents.actions import settle
from federation.partners.documents.queries import dispute_of
from federation.partners.documents.rules import OTHER
from federation.partners.invitations.actions import invite as make_link
from federation.relations.crossed.queries import crossed, dry_run
from federation.relations.leaving.actions import end as end_relation
from federation.relations.leaving.queries import partner_seen

TAGS = ["partners"]
ClaimsUntil = Annotated[str, QueryParameter(name="claims_until", max_length=40)]
Capability = Annotated[str, QueryParameter(name="capability", max_length=100)]


@get("/partners", tags=TAGS, summary="The nodes that yours has met")
async def list_partners(session: Session, asker: Signed) -> Page[PartnerAnswer]:
    """List every node met, for partner administrators and coordinators."""
    return Page(
        [partner_answer(asker, one) for one in await queries.partners(session, asker=asker)]
    )


@post("/partners/invitations", tags=TAGS, summary="Make a link for one other node")
async def make_invitation(
    session: Session, asker: Signed, now: Now, state: State
) -> InvitationAnswer:
    """Make a link; whoever has it can answer in the other's place, so send it to nobody else."""
    link = await make_link(session, asker=asker, node=own_node(state), now=now)
    return InvitationAnswer(str(link))


@post("/partners", tags=TAGS, summary="Enter a link that another project sent")
async def enter_link(
    request: Request[Any, Any, State],
    state: State,
    settings: NodeSettings,
    now: Now,
    data: JSONBody[LinkBody],
) -> PartnerAnswer:
    """Meet the other node now; then both sides type the four words."""
    asker = await recognise_before(request, now)
    met = await accept_invitation(
        state.engine,
        own_node(state),
        asker=asker,
        link_text=data.link,
        now=now,
        development=settings.development,
    )
    return partner_answer(asker, met)


@get("/partners/{node:str}", tags=TAGS, summary="What crossed between your node and another")
async def show_partner(session: Session, asker: Signed, node: FromPath[str]) -> CrossedAnswer:
    """Tell what crossed in both directions, what is late or wrong, and what would help."""
    seen = await partner_seen(session, asker, node)
    told = await crossed(session, asker, seen.partner)
    return CrossedAnswer(
        partner=partner_answer(asker, seen.partner),
        sent=[sent_answer(one) for one in told.sent],
        received=[received_answer(one) for one in told.received],
        attempts=seen.attempts,
        dispute=dispute_answer(dispute_of(asker, seen.partner)),
    )


@get("/partners/{node:str}/dry-run", tags=TAGS, summary="What a partner would receive")
async def show_dry_run(
    session: Session, asker: Signed, node: FromPath[str], capability: Capability, now: Now
) -> DryRunAnswer:
    """Tell what one capability would let cross at once, before it is granted."""
    partner = await queries.partner(session, asker=asker, node_id=node)
    told = await dry_run(session, asker, partner, capability, now)
    return DryRunAnswer(kinds_answer(told.counts), told.recalls, told.has)


@post("/partners/{node:str}/words", tags=TAGS, summary="Type the four words", status_code=200)
async def confirm_words(
    session: Session, asker: Signed, now: Now, node: FromPath[str], data: JSONBody[WordsBody]
) -> PartnerAnswer:
    """Type the words that were heard on the telephone; then the partner may sign in."""
    met = await actions.confirm_words(session, asker=asker, node_id=node, typed=data.words, now=now)
    return partner_answer(asker, met)


@post(
    "/partners/{node:str}/document",
    tags=TAGS,
    summary="Go on with one of two documents",
    status_code=200,
)
async def choose_document(
    session: Session, asker: Signed, now: Now, node: FromPath[str], data: JSONBody[DocumentBody]
) -> PartnerAnswer:
    """Connect a frozen partner again, by the document that its people named on the telephone."""
    other = data.document == OTHER
    met = await settle(session, asker=asker, node_id=node, take_other=other, now=now)
    return partner_answer(asker, met)


@put("/partners/{node:str}/grants/{capability:str}", tags=TAGS, summary="Grant one thing more")
async def grant_capability(
    session: Session, asker: Signed, now: Now, node: FromPath[str], capability: FromPath[str]
) -> PartnerAnswer:
    """Let a partner see one more thing, such as `shifts:` and the id of a pool."""
    await actions.grant(session, asker=asker, node_id=node, capability=capability, now=now)
    return partner_answer(asker, await queries.partner(session, asker=asker, node_id=node))


@delete("/partners/{node:str}/grants/{capability:str}", tags=TAGS, summary="Take one thing back")
async def withdraw_capability(
    session: Session, asker: Signed, now: Now, node: FromPath[str], capability: FromPath[str]
) -> None:
    """Take one thing back; it holds at once, whatever the partner does."""
    await actions.withdraw(session, asker=asker, node_id=node, capability=capability, now=now)


@delete("/partners/{node:str}", tags=TAGS, summary="End working with another node")
async def end_partner(
    session: Session,
    asker: Signed,
    now: Now,
    node: FromPath[str],
    claims_until: ClaimsUntil = "",
) -> None:
    """End it at once and without the partner: nothing that it holds opens anything.

    Seats on sessions from `claims_until` on are given back, of its people here and yours there;
    without it everybody keeps what they have.
    """
    until = query_time("claims_until", claims_until, "UTC") if claims_until else None
    await end_relation(session, asker=asker, node_id=node, now=now, claims_until=until)


ROUTES: list[Any] = [
    list_partners,
    make_invitation,
    enter_link,
    show_partner,
    show_dry_run,
    confirm_words,
    choose_document,
    grant_capability,
    withdraw_capability,
    end_partner,
]
