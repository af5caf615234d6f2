"""The addresses that partner nodes call. Who asks is told by the token alone, never by the URL."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.parts import Now, Session
from api.peers.own_node import own_node
from api.peers.wire import EpochText, FeedLine, FeedList, JoinBody, Token
from database import outbox
from federation.feeds import queries as feed_queries
from federation.feeds.actions import serve_page
from federation.feeds.errors import BadPlace
from federation.feeds.rules.heads import Page
from federation.partners.actions import PULL
from federation.partners.errors import NotSignedIn, TokenRefused
from federation.partners.invitations.actions import receive_join
from federation.partners.models import Partner
from federation.partners.rules.document import contents
from federation.partners.tokens import actions as tokens

NO_STORE = {"Cache-Control": "no-store"}
SCHEME = "bearer "
Sequence = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
RecallsHash = Annotated[str, QueryParameter(pattern=r"^[A-Za-z0-9_-]{0,43}$")]
After = Annotated[str, QueryParameter(max_length=60)]
Asking = Request[Any, Any, State]


async def _partner(request: Asking, session: Session, now: Now) -> Partner:
    authorization = request.headers.get("authorization", "")
    if not authorization.lower().startswith(SCHEME):
        raise NotSignedIn
    token = authorization[len(SCHEME) :].strip()
    return await tokens.signed_in(session, token=token, now=now)


def _place(after: str) -> tuple[str, int] | None:
    if not after:
        return None
    epoch, _, seq = after.partition(":")
    try:
        return msgspec.convert(epoch, EpochText), msgspec.convert(seq, Sequence, strict=False)
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
    secret, seconds = await tokens.issue(session, form=form, issuer=issuer, now=now)
    return Response(Token(access_token=secret, expires_in=seconds), headers=NO_STORE)


@get("/fed/v1/feeds")
async def feeds(request: Asking, session: Session, now: Now, state: State) -> FeedList:
    """List what the partner may read."""
    partner = await _partner(request, session, now)
    return FeedList(
        feeds=[
            FeedLine(id=feed.id, kind=feed.kind, subject=feed.subject, epoch=feed.epoch)
            for feed in await feed_queries.readable_feeds(session, partner.node_id)
        ],
        granted=partner.we_grant,
        document_version=contents(own_node(state).document).version,
    )


@get("/fed/v1/feeds/{feed_id:uuid}")
async def feed(
    request: Asking,
    session: Session,
    now: Now,
    state: State,
    feed_id: FromPath[UUID],
    after: After = "",
    recalls: RecallsHash = "",
) -> Page:
    """Give recalls, signed head and events after a place."""
    partner = await _partner(request, session, now)
    return await serve_page(
        session,
        keys=own_node(state).keys,
        node_id=partner.node_id,
        feed_id=feed_id,
        after=_place(after),
        known_recalls=recalls,
        now=now,
    )


@post("/fed/v1/poke", status_code=204)
async def poke(request: Asking, session: Session, now: Now) -> None:
    """Hear that a partner has something new; its feeds say what."""
    partner = await _partner(request, session, now)
    key = partner.node_id
    await outbox.put(session, PULL, {"node_id": key}, now=now, key=key)


ROUTES = [show_node, join, token, feeds, feed, poke]
