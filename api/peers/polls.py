"""Polls that find nothing new, answered before routing: all partners together send little else."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

import msgspec
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from api.errors import TooMany
from api.limits import refuse, require_share
from api.login.recognition import bearer_of
from api.peers.own_node import own_node
from api.peers.wire import FeedLine, FeedList
from federation.feeds.rules.standing import Standing, heard, list_name
from federation.partners.rules.document import contents
from federation.polls.queries import Asking, asking

FEEDS = "/fed/v1/feeds"
PLAIN = re.compile(rb"at=([A-Za-z0-9_.-]+)")


class _Named(Protocol):
    """What a list says of a feed."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def epoch(self) -> str: ...


def listing(
    feeds: Iterable[_Named],
    granted: list[str],
    withheld: list[str],
    pools: list[dict[str, str]],
    version: int,
) -> FeedList:
    """Make the list of a partner's feeds, under the name that follows from all that it says."""
    lines = [FeedLine(id=f.id, kind=f.kind, subject=f.subject, epoch=f.epoch) for f in feeds]
    unnamed = FeedList(
        feeds=lines, granted=granted, withheld=withheld, pools=pools, document_version=version
    )
    return msgspec.structs.replace(unnamed, name=list_name(msgspec.to_builtins(unnamed)))


@lru_cache(maxsize=4)
def version_of(document: str) -> int:
    """Read which version of this node's own document is in force."""
    return contents(document).version


def quiet_first(state: State, rest: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """Say before routing that nothing is new, where the reader stands at the end of all its feeds.

    Whatever else is asked, or by whom, goes the way of all requests, and is answered there: with
    pages, with the whole list, or with a refusal.
    """

    async def first(scope: Scope, receive: Receive, send: Send) -> None:
        word = _plain_poll(scope)
        asker = await _asker(state, scope["headers"], now()) if word is not None else None
        if word is None or asker is None or not _nothing_new(state, asker, word):
            await rest(scope, receive, send)
            return
        scope["path_template"] = FEEDS
        try:
            require_share(state["partner_shares"], asker.node_id, now())
        except TooMany as refusal:
            await refuse(send, refusal)
            return
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return first


def _plain_poll(scope: Scope) -> Standing | None:
    if scope["type"] != ScopeType.HTTP or scope["method"] != "GET" or scope["path"] != FEEDS:
        return None
    asked = PLAIN.fullmatch(scope["query_string"])
    return heard(asked[1].decode()) if asked else None


async def _asker(
    state: State, headers: Iterable[tuple[bytes, bytes]], now: datetime
) -> Asking | None:
    given = [value for name, value in headers if name == b"authorization"]
    token = bearer_of(given[0].decode("latin-1")) if len(given) == 1 else None
    if token is None:
        return None
    try:
        return await asking(state["engine"], token, now)
    except OSError:
        # the database is away: that is told where all requests are answered
        return None


def _nothing_new(state: State, asker: Asking, standing: Standing) -> bool:
    if not asker.stands_at_the_end(standing):
        return False
    version = version_of(own_node(state).document)
    listed = listing(asker.lines, asker.granted, asker.withheld, asker.signed, version)
    return standing.name == listed.name
