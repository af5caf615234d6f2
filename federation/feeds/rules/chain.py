"""The hash chain: each event is bound to all before it, also after its content was erased."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

from federation.feeds.errors import Fork, Gap
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import bytes_of, text_of


class WireEvent(Struct, frozen=True, kw_only=True):
    """An event as it travels; `payload` is its exact bytes, null together with `salt` if erased."""

    seq: int
    kind: str
    at: str
    salt: str | None
    payload: str | None
    digest: str


def beginning(feed_id: UUID, epoch: str) -> bytes:
    """Give the hash before the first event, so that no two feeds share a chain."""
    return hashlib.sha256(canonical({"feed": feed_id, "epoch": epoch})).digest()


def digest_of(salt: bytes, payload: bytes) -> bytes:
    """Bind content without showing it: the salt keeps short contents from being guessed."""
    return hashlib.sha256(salt + payload).digest()


def link(before: bytes, *, epoch: str, seq: int, kind: str, at: str, digest: bytes) -> bytes:
    """Give the hash after one more event."""
    said = {"epoch": epoch, "seq": seq, "kind": kind, "at": at, "digest": text_of(digest)}
    return hashlib.sha256(before + canonical(said)).digest()


def written(at: datetime) -> str:
    """Write a time as the chain binds it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def follow(
    before: bytes, *, epoch: str, seq: int, events: Iterable[WireEvent]
) -> tuple[int, bytes]:
    """Walk along the events of a page, from the place that we have reached."""
    for event in events:
        seq += 1
        if event.seq != seq:
            raise Gap
        digest = _decoded(event.digest)
        if (event.salt is None) != (event.payload is None):
            raise Fork
        if event.salt is not None and event.payload is not None:
            content = digest_of(_decoded(event.salt), event.payload.encode())
            if content != digest:
                raise Fork
        before = link(before, epoch=epoch, seq=seq, kind=event.kind, at=event.at, digest=digest)
    return seq, before


def _decoded(text: str) -> bytes:
    try:
        return bytes_of(text)
    except ValueError as error:
        raise Fork from error
