"""Speaking to one partner as this node: sign in once in ten minutes, then ask."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import httpx2
import msgspec
from authlib.oauth2.rfc7523 import private_key_jwt_sign

from api.peers.outbound import PACKED, SECONDS, guarded_client
from api.peers.wire import DocumentBody, FeedList, JoinBody, News, Problem, Token
from federation.feeds.rules.heads import Page, Place
from federation.feeds.rules.lean import LeanPage, whole
from federation.partners.keys import Node
from federation.partners.models import Partner
from federation.partners.rules.document import READS
from federation.partners.rules.encoding import json_of
from federation.partners.rules.handshake import JOIN_PATH, Link
from federation.partners.tokens.rules import ASSERTION_TYPE, GRANT

FEEDS = "/fed/v1/feeds"
DOCUMENT = "/fed/v1/document"
LEAVE = "/fed/v1/leave"
Clock = Callable[[], datetime]
T = TypeVar("T")
ASSERTION_SECONDS = 60
LONGEST_LIFE = 3600
RENEW_BEFORE = timedelta(seconds=30)
UNAUTHORIZED = 401
NO_CONTENT = 204
NOT_A_NODE = "The answer is not a node's."


class PartnerUnreachableError(Exception):
    """No answer, or one that is not a node's; it is tried again later."""


class PartnerRefusedError(Exception):
    """The partner answered no; `code` is its reason, `retry_after` when to ask again."""

    def __init__(self, status: int, code: str, retry_after: str = "") -> None:
        """Keep what a program can act on; a partner's sentences are not ours to show."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Listed(NamedTuple):
    """A partner's list of feeds, and until when polls may refer to it."""

    told: FeedList
    until: datetime


class PartnerClient:
    """One partner, at the address that was pinned; its token lives in memory only."""

    def __init__(self, node: Node, partner: Partner, *, development: bool, clock: Clock) -> None:
        """Take what is pinned now; a partner that moves gets a new client."""
        self.base_url = partner.base_url
        self._node = node
        self._clock = clock
        self._http = guarded_client(development=development, packed=True)
        self.listed: Listed | None = None
        self.reads: Sequence[str] = READS
        self._token: tuple[str, datetime] | None = None

    async def feeds(self) -> FeedList:
        """Ask what this node may read, of the kinds of feed that this version knows.

        A document says that too, but not before somebody brings out the root key that signs it.
        """
        query = {"reads": ",".join(self.reads)} if self.reads else None
        return read(await self._signed_in("GET", FEEDS, params=query), FeedList)

    async def poll(self, standing: str) -> News | FeedList:
        """Ask what is new since a standing; the whole list where it is of another list."""
        raw = await self._signed_in("GET", FEEDS, params={"at": standing})
        if not raw:
            return News(pages={})
        try:
            return json_of(raw, News)
        except msgspec.MsgspecError:
            return read(raw, FeedList)

    async def page(self, place: Place | None, feed_id: UUID, known_recalls: str) -> Page:
        """Ask for what comes after a place; without one, for the beginning."""
        query = {"recalls": known_recalls, "lean": "1"}
        if place is not None:
            query["after"] = f"{place.epoch}:{place.seq}"
        raw = await self._signed_in("GET", f"{FEEDS}/{feed_id}", params=query, accept=PACKED)
        try:
            return whole(json_of(raw, LeanPage))
        except msgspec.MsgspecError:
            return read(raw, Page)

    async def poke(self) -> None:
        """Say that there is something new; the partner pulls it."""
        if await self._signed_in("POST", "/fed/v1/poke"):
            raise PartnerUnreachableError(NOT_A_NODE)

    async def document(self) -> str:
        """Fetch the partner's document from its pinned address."""
        return (
            await answer(self._http, "GET", f"{self.base_url}/.well-known/netreach-node")
        ).decode()

    async def announce(self, document: str) -> None:
        """Bring this node's own document; it proves itself, so that no token is needed."""
        url, body = (
            f"{self.base_url}{DOCUMENT}",
            msgspec.structs.asdict(DocumentBody(document=document)),
        )
        await answer(self._http, "POST", url, json=body)

    async def close(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def _signed_in(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        accept: str | None = None,
    ) -> bytes:
        """Ask with a token; one that the partner no longer knows is renewed once."""
        for fresh in (False, True):
            headers = {"authorization": f"Bearer {await self._bearer(renew=fresh)}"}
            if accept is not None:
                headers["accept-encoding"] = accept
            try:
                return await answer(
                    self._http, method, self.base_url + path, params=params, headers=headers
                )
            except PartnerRefusedError as refusal:
                if refusal.status != UNAUTHORIZED or fresh:
                    raise
        raise AssertionError

    async def _bearer(self, *, renew: bool) -> str:
        now = self._clock()
        if self._token and not renew and now < self._token[1]:
            return self._token[0]
        raw = await answer(
            self._http, "POST", f"{self.base_url}/fed/v1/token", data=self._assertion(now)
        )
        token = read(raw, Token)
        lives = timedelta(seconds=min(max(token.expires_in, 0), LONGEST_LIFE)) - RENEW_BEFORE
        self._token = token.access_token, now + lives
        return token.access_token

    def _assertion(self, now: datetime) -> dict[str, str]:
        key = self._node.keys.by_role["transport"]
        signed = private_key_jwt_sign(
            key,
            self._node.node_id,
            self.base_url,
            alg="Ed25519",
            header={"kid": key.thumbprint()},
            issued_at=int(now.timestamp()),
            expires_in=ASSERTION_SECONDS,
        )
        return {
            "grant_type": GRANT,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": signed,
        }


async def send_join(link: Link, statement: str, *, development: bool) -> str:
    """Take a join request to the inviter, at the address in the link."""
    async with guarded_client(development=development) as http:
        raw = await answer(http, "POST", link.base_url + JOIN_PATH, json={"statement": statement})
    return read(raw, JoinBody).statement


async def send_leave(base_url: str, statement: str, *, development: bool) -> None:
    """Take the word that this node has ended it to the other one; the word proves itself."""
    async with guarded_client(development=development) as http:
        if await answer(http, "POST", base_url + LEAVE, json={"statement": statement}):
            raise PartnerUnreachableError(NOT_A_NODE)


async def answer(http: httpx2.AsyncClient, method: str, url: str, **request: Any) -> bytes:
    """Send a request and read all of its answer within the time and size that are allowed.

    Success without a word is said as such (204): an empty page of a domain that is for sale is not.
    """
    try:
        async with asyncio.timeout(SECONDS):
            response = await http.request(method, url, **request)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
        raise PartnerUnreachableError(type(error).__name__) from error
    if response.is_success:
        if not response.content and response.status_code != NO_CONTENT:
            raise PartnerUnreachableError(NOT_A_NODE)
        return response.content
    try:
        code = json_of(response.content, Problem).says()
    except msgspec.MsgspecError:
        code = ""
    raise PartnerRefusedError(response.status_code, code, response.headers.get("retry-after", ""))


def read(raw: bytes, kind: type[T]) -> T:
    """Read an answer; a parked domain's friendly page with status 200 is a failure."""
    try:
        return json_of(raw, kind)
    except msgspec.MsgspecError as error:
        raise PartnerUnreachableError(NOT_A_NODE) from error
