"""A node's document: who it is, where it answers, and its keys by role; every version is signed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from msgspec import Meta, Struct, field

from federation.partners.errors import (
    BadDocument,
    BadSignature,
    NotCanonical,
    OlderDocument,
    OtherDocument,
)
from federation.partners.rules.canonical import admit, canonical
from federation.partners.rules.encoding import bytes_of, json_of
from federation.partners.rules.signatures import (
    ALGORITHM,
    Jwk,
    choose,
    known_keys,
    protected_header,
    sign,
    thumbprint,
    verified,
)

PURPOSE = "netreach-node+jws"
SUCCESSION = "netreach-succession+jws"
ROLES = ("root", "transport", "release", "head")
Role = Literal["root", "transport", "release", "head"]


NodeId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{43}\Z")]
Line = Annotated[str, Meta(pattern=r"\A[^\x00-\x1f]{1,100}\Z")]
Version = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Address = Annotated[str, Meta(pattern=r"\Ahttps?://[^\s\x00-\x1f?#@]{1,300}\Z")]
READS = ["pool/open-hours"]
"""Kinds of feed that came after the first three: an older program understands no list with them."""


UNREADABLE = (
    msgspec.MsgspecError,
    JoseError,
    ValueError,
    # what the library makes of a header that is no object
    TypeError,
    BadSignature,
    NotCanonical,
)


class ListedKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key in its role; retired keys stay listed, with the reason, and open nothing."""

    role: str
    jwk: dict[str, str]
    retired: str = ""


REPLACED: Literal["replaced"] = "replaced"
LOST: Literal["lost"] = "lost"
Because = Literal["replaced", "lost"]
"""Why a key is retired: what a replaced one has signed still holds; of a lost one, nothing does."""


class NodeDocument(Struct, frozen=True, kw_only=True):
    """What a node says about itself; fields of newer versions are ignored here, never cut off."""

    node: NodeId
    version: Version
    name: Line
    base_url: Address
    keys: Annotated[list[ListedKey], Meta(max_length=500)]
    limits: Annotated[dict[str, int], Meta(max_length=50)] = field(default_factory=dict)
    succession: Annotated[list[str], Meta(max_length=100)] = field(default_factory=list)
    """What each replaced root has signed of the next one, so that who missed a version follows."""
    reads: Annotated[list[Line], Meta(max_length=100)] = field(default_factory=list)
    """Kinds of feed that the node understands, beside the first three."""

    def keys_by_role(self) -> dict[str, list[dict[str, str]]]:
        """Give the keys in force, as they are pinned."""
        return {
            role: [key.jwk for key in self.keys if key.role == role and not key.retired]
            for role in ROLES
        }

    def pinned(self) -> dict[str, Any]:
        """Give the keys as they are pinned: those in force, and those replaced since."""
        replaced = {
            role: [
                key.jwk
                for key in self.keys
                if key.role == role and key.retired.endswith(f" {REPLACED}")
            ]
            for role in ROLES
        }
        return {**self.keys_by_role(), "replaced": replaced}

    def replacing(self, role: Role, fresh: dict[str, str], because: Because, today: date) -> Self:
        """Give the next version, in which a new key stands in the place of the one in force."""
        kept = [
            msgspec.structs.replace(key, retired=f"{today} {because}")
            if key.role == role and not key.retired
            else key
            for key in self.keys
        ]
        return self.following(keys=[*kept, ListedKey(role=role, jwk=fresh)])

    def following(self, **changes: Any) -> Self:
        """Give the next version."""
        return msgspec.structs.replace(self, version=self.version + 1, **changes)


def signers(pinned: Mapping[str, Any], role: Role) -> list[Jwk]:
    """Give the keys whose signatures hold for what is kept: also those that were replaced since.

    What is said now (a head, an assertion) is believed of the keys in force alone.
    """
    return [*pinned[role], *pinned.get("replaced", {}).get(role, [])]


def sign_document(document: NodeDocument, roots: list[OKPKey]) -> str:
    """Sign with every root given: version N+1 needs the roots of N and of N+1."""
    said = msgspec.to_builtins(document)
    if not document.reads:
        # as it was before there was such a field
        del said["reads"]
    signed = jws.serialize_json(
        [{"protected": dict(protected_header(root, PURPOSE))} for root in roots],
        canonical(said),
        _by_kid(roots),
        [ALGORITHM],
    )
    return msgspec.json.encode(signed).decode()


def first_meeting(text: str, root: str | None = None) -> NodeDocument:
    """Read the document of a node unknown so far: its first root signed it, or named who may.

    `root` is the fingerprint that a person was given; without one the words decide.
    """
    document, signers = _read(text)
    if not _vouched(document, {document.node}, signers):
        raise BadDocument
    if root is not None and root not in signers:
        raise BadDocument
    return document


def following(pinned: NodeDocument, text: str) -> NodeDocument:
    """Read a newer version: same node, signed by its own root, for which the pinned one vouches."""
    document, signers = _read(text)
    old_roots = {thumbprint(jwk) for jwk in pinned.keys_by_role()["root"]}
    if document.node != pinned.node or not _vouched(document, old_roots, signers):
        raise BadDocument
    if document.version < pinned.version:
        raise OlderDocument
    return document


def renewed(pinned: str, text: str) -> NodeDocument:
    """Read what follows a pinned document; under one number there is one document."""
    before = contents(pinned)
    document = following(before, text)
    if document.version == before.version and _said(text) != _said(pinned):
        raise OtherDocument
    return document


def name_successor(node: str, old: OKPKey, new: Mapping[str, str]) -> str:
    """Let a root key say which one comes after it."""
    return sign(canonical({"node": node, "root": dict(new)}), old, SUCCESSION)


def _vouched(document: NodeDocument, trusted: set[str], signers: frozenset[str]) -> bool:
    """Tell whether a trusted root has signed the document, or named, step by step, who has."""
    if trusted & signers:
        return True
    roots = {thumbprint(key.jwk): key.jwk for key in document.keys if key.role == "root"}
    reached = set(trusted)
    for statement in document.succession:
        known = [jwk for name, jwk in roots.items() if name in reached]
        try:
            raw = verified(statement, known, SUCCESSION)
            named = msgspec.convert(admit(raw), _Successor)
            if named.node == document.node:
                reached.add(thumbprint(named.root))
        except (BadSignature, NotCanonical, msgspec.ValidationError):
            continue
    return bool(reached & signers)


class _Successor(Struct, frozen=True):
    node: str
    root: dict[str, str]


def contents(text: str) -> NodeDocument:
    """Read a document that was verified before it was stored."""
    return _read(text)[0]


def _read(text: str) -> tuple[NodeDocument, frozenset[str]]:
    """Verify every signature against the keys inside; say which of them signed."""
    try:
        outer = json_of(text, _Signed)
        document = msgspec.convert(admit(bytes_of(outer.payload)), NodeDocument)
        roots = known_keys(key.jwk for key in document.keys if key.role == "root")
        found = jws.deserialize_json(
            msgspec.to_builtins(outer),
            lambda member: choose(member, roots, PURPOSE),
            [ALGORITHM],
        )
    except UNREADABLE as error:
        raise BadDocument from error
    signers = frozenset(str(member.headers()["kid"]) for member in found.members)
    current = {thumbprint(jwk) for jwk in document.keys_by_role()["root"]}
    if not current & signers or not all(document.keys_by_role().values()):
        raise BadDocument
    return document, signers


def _said(text: str) -> str:
    return msgspec.json.decode(text, type=_Signed).payload


class _Signature(Struct, frozen=True, forbid_unknown_fields=True):
    protected: str
    signature: str


class _Signed(Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    signatures: Annotated[list[_Signature], Meta(max_length=10)] = field(default_factory=list)


def _by_kid(roots: list[OKPKey]) -> Any:
    known = {root.thumbprint(): root for root in roots}
    return lambda member: known[member.headers()["kid"]]
