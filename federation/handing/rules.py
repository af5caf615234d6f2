"""Which node hosts a pool in which term, and whose signatures make it so."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
FARTHEST = 1_000_000
"""Up to which term a pool is believed to have come before a node has seen anything signed of it."""
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


class Named(NamedTuple):
    """A deputy, and the nodes of which more than half have to agree with it."""

    deputy: str
    nodes: Collection[str]


class Standing(NamedTuple):
    """What a node believes of a pool before it reads a document.

    `named` are deputies of this term whom the host had named before: what it said since then alone,
    and perhaps nobody heard, does not keep them out.
    """

    term: int
    version: int
    host: str
    deputy: str | None = None
    members: Collection[str] = ()
    named: Sequence[Named] = ()


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

    The host alone changes what its own term says, and never the term. To another host leads the
    next term: signed by both, or after a loss by the deputy and most of all nodes but the host.
    """
    document, signers = signed
    if document.host == before.host:
        return before.host in signers and _says_more(before, document)
    if document.host not in signers or not _comes_next(before, document.term):
        return False
    return before.host in signers or _after_loss(before, signed)


def _says_more(before: Standing, document: PoolDocument) -> bool:
    if before.version == 0:
        return before.term <= document.term <= FARTHEST
    return document.term == before.term and document.version > before.version


def _comes_next(before: Standing, term: int) -> bool:
    if before.version == 0:
        # nothing signed was seen: the pool may have come far before this node knew it
        return before.term < term <= FARTHEST
    return term == before.term + 1


def _after_loss(before: Standing, signed: Signed) -> bool:
    named = Named(before.deputy or "", before.members)
    if _most_agree(before.host, named, signed, least=1):
        return True
    # alone, somebody who is not the deputy any more takes nothing over
    return any(_most_agree(before.host, named, signed, least=2) for named in before.named)


def _most_agree(host: str, named: Named, signed: Signed, *, least: int) -> bool:
    left = set(named.nodes) - {host}
    agreed = left & signed.signers
    most = 2 * len(agreed) > len(left)
    return signed.document.host == named.deputy and most and len(agreed) >= least


def contradicts(earlier: Standing | None, believed: PoolDocument, signed: Signed) -> bool:
    """Tell whether a document is as good as the one of the same term that was believed first."""
    document = signed.document
    if document.term != believed.term or document == believed:
        return False
    if document.host == believed.host:
        return document.version == believed.version and document.host in signed.signers
    return earlier is not None and follows(earlier, signed)
