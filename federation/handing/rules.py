"""Which node hosts a pool in which term, and whose signatures make it so."""

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from federation.partners.errors import BadSignature
from federation.partners.rules.canonical import admit, canonical
from federation.partners.rules.document import NodeId
from federation.pools.stated import Moment

PURPOSE = "netreach-pool+jws"
OFFERED, ASKED, ACCEPTED = "offered", "asked", "accepted"
TAKING, TO_AGREE, AGREED = "taking", "to-agree", "agreed"
STATES: Mapping[str, str] = {
    OFFERED: "offered, they act next",
    ASKED: "offered to this node, somebody here acts next",
    ACCEPTED: "accepted here, it comes as soon as its host hears of it",
    TAKING: "taken over here as soon as enough others agree, they act next; lost is",
    TO_AGREE: "its host is silent, somebody here acts next; it would go to",
    AGREED: "agreed here, others act next; it would go to",
}
"""How a hand-over stands, with who acts next."""
Counted = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class PoolDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Who hosts a pool in this term, who would after a loss, and which projects live on which node.

    A term has one host. What else it says may change within the term, by the host alone: then the
    `version` rises.
    """

    pool: UUID
    term: Counted
    version: Counted
    host: NodeId
    deputy: NodeId | None
    members: dict[NodeId, list[UUID]]
    at: Moment


class Standing(NamedTuple):
    """What a node believes of a pool before it reads a document."""

    term: int
    version: int
    host: str
    deputy: str | None = None
    members: Collection[str] = ()


class Signed(NamedTuple):
    """A document with those who are proven to have signed it."""

    document: PoolDocument
    signers: frozenset[str]


def written(document: PoolDocument) -> str:
    """Write a document in the bytes that are signed."""
    return canonical(msgspec.to_builtins(document)).decode()


def read(text: str) -> PoolDocument:
    """Read a document in canonical form."""
    return msgspec.convert(admit(text.encode()), PoolDocument)


def read_signed(
    statements: Mapping[str, str], proofs: Mapping[str, Callable[[str], bytes]]
) -> Signed:
    """Read what several nodes have signed, each as far as its keys are known here.

    All must have signed the same bytes; a signature that proves nothing refuses the whole.
    """
    said = {node: proofs[node](text) for node, text in statements.items() if node in proofs}
    if len(set(said.values())) != 1:
        raise BadSignature
    document = read(next(iter(said.values())).decode())
    return Signed(document, frozenset(said))


def follows(before: Standing, signed: Signed) -> bool:
    """Tell whether a document takes the place of what was believed.

    The host alone may change what its own term says. To another host leads the next term only:
    signed by both, or after a loss by the deputy and more than half of all nodes but the host.
    """
    document, signers = signed
    if document.host == before.host:
        newer = (document.term, document.version) > (before.term, before.version)
        return newer and before.host in signers
    if document.term != before.term + 1 or document.host not in signers:
        return False
    return before.host in signers or _after_loss(before, signed)


def _after_loss(before: Standing, signed: Signed) -> bool:
    left = set(before.members) - {before.host}
    agreed = left & signed.signers
    return signed.document.host == before.deputy and 2 * len(agreed) > len(left)
