"""The addresses that partner nodes call. Who asks is told by the token alone, never by the URL."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.ended import note_what_is_due
from api.limits import require_share
from api.parts import Now, Session
from api.peers.own_node import own_node
from api.peers.packing import packed
from api.peers.polls import listing, version_of
from api.peers.wire import DocumentBody, EpochText, JoinBody, News, Token
from database import outbox
from federation.feeds import queries as feed_queries
from federation.feeds.errors import BadPlace
from federation.feeds.rules.lean import lean as leaner
from federation.feeds.rules.standing import LONGEST, heard
from federation.feeds.serving import serve_news, serve_page
from federation.handing.queries import signed_for
from federation.partners.actions import PULL, understands
from federation.partners.documents.actions import receive_document
from federation.partners.errors import NotSignedIn, TokenRefused
from federation.partners.invitations.actions import receive_join
from federation.partners.models import Partner
from federation.partners.tokens import actions as tokens
from federation.relations.leaving.actions import receive_leave

NO_STORE = {"Cache-Control": "no-store"}
SCHEME = "bearer "
EventNumber = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
RecallsHash = Annotated[str, QueryParameter(pattern=r"^[A-Za-z0-9_-]{0,43}$")]
After = Annotated[str, QueryParameter(max_length=60)]
At = Annotated[str, QueryParameter(max_length=LONGEST)]
Reads = Annotated[str, QueryParameter(max_length=2000)]
Asking = Request[Any, Any, State]


async def _partner(request: Asking, session: Session, now: Now) -> Partner:
    authorization = request.headers.get("authorization", "")
    if not authorization.lower().startswith(SCHEME):
        raise NotSignedIn
    token = authorization[len(SCHEME) :].strip()
    partner = await tokens.signed_in(session, token=token, now=now)
    require_share(request.app.state["partner_shares"], partner.node_id, now)
    return partner


def _place(after: str) -> tuple[str, int] | None:
    if not after:
        return None
    epoch, _, seq = after.partition(":")
    try:
        return msgspec.convert(epoch, EpochText), msgspec.convert(seq, EventNumber, strict=False)
    except msgspec.ValidationError as error:
        raise BadPlace from error


def _token_refused(_: Asking, refusal: TokenRefused) -> Response[dict[str, str]]:
    """Answer in the form of RFC 6749, section 5.2, which OAuth clients read."""
    body = {"error": refusal.error, "error_description": refusal.sentence}
    return Response(body, status_code=refusal.status, headers=NO_STORE)


@get("/.well-known/netreach-node", sync_to_thread=True)
def show_node(state: State) -> Response[bytes]:
    """Show this node's signed document."""
    return Response(own_node(state).document.encode(), media_type="application/jose+json")


@post("/fed/v1/document", status_code=204)
async def document(session: Session, now: Now, data: JSONBody[DocumentBody]) -> None:
    """Hear from a partner that its keys, name or address have changed."""
    await receive_document(session, data.document, now)


@post("/fed/v1/leave", status_code=204)
async def leave(session: Session, now: Now, state: State, data: JSONBody[JoinBody]) -> None:
    """Hear from a partner that it has ended it; its signature says who it is."""
    own_id = own_node(state).node_id
    await receive_leave(session, data.statement, own_id=own_id, now=now)


@post("/fed/v1/join", status_code=200)
async def join(session: Session, now: Now, state: State, data: JSONBody[JoinBody]) -> JoinBody:
    """Let a node spend its invitation link."""
    node = own_node(state)
    answer = await receive_join(session, node=node, statement=data.statement, now=now)
    return JoinBody(statement=answer)


@post("/fed/v1/token", status_code=200, exception_handlers={TokenRefused: _token_refused})
async def token(request: Asking, session: Session, now: Now, state: State) -> Response[Token]:
    """Sign a partner in (RFC 6749 client credentials, RFC 7523 assertion)."""
    form = dict(await request.form())
    issuer = own_node(state).base_url
    issued = await tokens.issue(session, form=form, issuer=issuer, now=now)
    require_share(state["partner_shares"], issued.node_id, now)
    return Response(Token(access_token=issued.secret, expires_in=issued.seconds), headers=NO_STORE)


@get("/fed/v1/feeds")
async def feeds(
    request: Asking, session: Session, now: Now, state: State, at: At = "", reads: Reads = ""
) -> Response[bytes]:
    """List what the partner may read; to one that says where it stands, give what is new."""
    partner = await _partner(request, session, now)
    if reads:
        await understands(session, partner, reads.split(","), now)
    node = own_node(state)
    readable = await feed_queries.readable_feeds(session, partner.node_id)
    pools = await signed_for(session, partner.node_id)
    listed = listing(readable, partner.we_grant, partner.withheld, pools, version_of(node.document))
    standing = heard(at)
    known = standing is not None and standing.name == listed.name
    if standing is None or not known or len(standing.sequences) != len(readable):
        return await packed(request, listed)
    pages = await serve_news(
        session,
        keys=node.keys,
        node_id=partner.node_id,
        listed=readable,
        standing=standing,
        now=now,
    )
    if not pages:
        return Response(b"", status_code=204)
    await note_what_is_due(session, state["settings"].keys)
    return await packed(request, News(pages={feed: leaner(page) for feed, page in pages.items()}))


@get("/fed/v1/feeds/{feed_id:uuid}")
async def feed(
    request: Asking,
    session: Session,
    now: Now,
    state: State,
    feed_id: FromPath[UUID],
    after: After = "",
    recalls: RecallsHash = "",
    lean: Annotated[str, QueryParameter(pattern="^1?$")] = "",
) -> Response[bytes]:
    """Give recalls, signed head and events after a place, as small as the reader can take it."""
    partner = await _partner(request, session, now)
    page = await serve_page(
        session,
        keys=own_node(state).keys,
        node_id=partner.node_id,
        feed_id=feed_id,
        after=_place(after),
        known_recalls=recalls,
        now=now,
    )
    if page.events or page.recalls:
        await note_what_is_due(session, state["settings"].keys)
    return await packed(request, leaner(page) if lean else page)


@post("/fed/v1/poke", status_code=204)
async def poke(request: Asking, session: Session, now: Now) -> None:
    """Hear that a partner has something new; its feeds say what."""
    partner = await _partner(request, session, now)
    key = partner.node_id
    await outbox.put(session, PULL, {"node_id": key}, now=now, key=key)


ROUTES = [show_node, document, leave, join, token, feeds, feed, poke]
