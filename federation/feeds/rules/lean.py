"""A page as it travels: nothing in it that follows from the rest, and its head in plain words.

What is proven is the whole page; here is only what cannot be worked out, so that it is small.
"""

from msgspec import Struct

from federation.feeds.errors import WrongHead
from federation.feeds.rules.chain import WireEvent, digest_of
from federation.feeds.rules.heads import Page
from federation.partners.rules.encoding import bytes_of, text_of, with_payload, without_payload


class LeanEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event; `digest` is there only where the content was erased and cannot tell it."""

    seq: int
    kind: str
    at: str
    salt: str | None = None
    payload: str | None = None
    digest: str = ""


class LeanPage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page; `said` are the signed head's own bytes, `signature` the JWS without them."""

    said: str
    signature: str
    recalls: list[str] | None = None
    events: list[LeanEvent]


def lean(page: Page) -> LeanPage:
    """Leave out of a page what follows from the rest."""
    said = bytes_of(page.head.split(".")[1]).decode()
    events = [
        LeanEvent(
            seq=event.seq,
            kind=event.kind,
            at=event.at,
            salt=event.salt,
            payload=event.payload,
            digest=event.digest if event.payload is None else "",
        )
        for event in page.events
    ]
    signature = without_payload(page.head)
    return LeanPage(said=said, signature=signature, recalls=page.recalls, events=events)


def whole(page: LeanPage) -> Page:
    """Work out what was left out; nothing is believed before it is proven."""
    try:
        head = with_payload(page.signature, page.said.encode())
        return Page(head=head, recalls=page.recalls, events=[_whole(one) for one in page.events])
    except ValueError as error:
        raise WrongHead from error


def _whole(event: LeanEvent) -> WireEvent:
    digest = event.digest
    if event.salt is not None and event.payload is not None:
        digest = text_of(digest_of(bytes_of(event.salt), event.payload.encode()))
    return WireEvent(
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        salt=event.salt,
        payload=event.payload,
        digest=digest,
    )
