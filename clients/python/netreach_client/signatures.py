"""Signatures as a reader without network checks them: compact and general JWS, Ed25519 only."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated, Any, NoReturn

import msgspec
import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from netreach_client.errors import BundleError

ALGORITHM = "Ed25519"
LARGEST_SIGNED = 2**19
"""256 KiB of a release, written in base64."""
HEAD = "netreach-bundle+jws"
RELEASE = "netreach-release+jws"
NODE = "netreach-node+jws"
SUCCESSION = "netreach-succession+jws"
MOST_SUCCESSIONS = 100
REPLACED = " replaced"
"""What a replaced key has signed still holds; of one that was lost, nothing does."""
Keys = Mapping[str, OKPKey]
"""Public keys by their thumbprint (RFC 7638)."""


class _Statements(jws.JWSRegistry):
    max_payload_length = LARGEST_SIGNED


STATEMENTS = _Statements(algorithms=[ALGORITHM])


class ListedKey(msgspec.Struct, frozen=True):
    """A key of a node, in its role."""

    role: str
    jwk: dict[str, str]
    retired: str = ""


class Document(msgspec.Struct, frozen=True):
    """What a node says about itself, as far as a bundle needs it."""

    node: str
    keys: list[ListedKey]
    name: str = ""
    succession: Annotated[list[str], msgspec.Meta(max_length=MOST_SUCCESSIONS)] = []


class _Successor(msgspec.Struct, frozen=True):
    node: str
    root: dict[str, str]


class Node(msgspec.Struct, frozen=True):
    """A node whose document holds: its keys by role, and the roots that signed or led to them."""

    id: str
    name: str
    roots: frozenset[str]
    head: dict[str, Any]
    release: dict[str, Any]


class _Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    protected: str
    signature: str


class _General(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    signatures: list[_Signature]


def canonical(raw: bytes, what: str) -> dict[str, Any]:
    """Read a JSON object that is exactly in canonical form (RFC 8785)."""
    try:
        value = json.loads(
            raw, object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
        same = isinstance(value, dict) and rfc8785.dumps(value) == raw
    except (ValueError, RecursionError):
        same, value = False, {}
    if not same:
        raise BundleError(f"{what} is not in the form in which netreach signs.")
    found: dict[str, Any] = value
    return found


def payload_of(compact: str, keys: Keys, purpose: str, what: str) -> bytes:
    """Give what a compact JWS signs, if one of these keys has signed it for this purpose."""
    try:
        found = jws.deserialize_compact(
            compact, lambda member: _signer(member, keys, purpose), registry=STATEMENTS
        )
    except (JoseError, ValueError) as error:
        raise BundleError(f"{what} is not signed by the key that it should be.") from error
    return found.payload


def detached(signature: str, payload: bytes) -> str:
    """Put what was signed back into its signature."""
    header, _, rest = signature.partition("..")
    return f"{header}.{urlsafe_b64encode(payload).decode()}.{rest}"


def node_of(text: str) -> Node:
    """Read a node's document: one of the roots that it lists must have signed it."""
    try:
        outer = msgspec.json.decode(text, type=_General)
        raw = urlsafe_b64decode(outer.payload.encode())
        document = msgspec.convert(canonical(raw, "A node's document"), Document)
        roots = _keys(document, "root", lambda _: True)
        found = jws.deserialize_json(
            msgspec.to_builtins(outer),
            lambda member: _signer(member, roots, NODE),
            [ALGORITHM],
        )
        current = _keys(document, "root", _in_force)
        # a key that was replaced later has signed what was released before
        release = _keys(document, "release", lambda one: _in_force(one) or _replaced(one))
        head = _keys(document, "head", _in_force)
    except (msgspec.MsgspecError, JoseError, ValueError, KeyError) as error:
        raise BundleError("A node's document is not signed by that node's root key.") from error
    signers = {str(member.headers()["kid"]) for member in found.members}
    if not signers & current.keys():
        raise BundleError("A node's document is not signed by that node's root key.")
    return Node(
        id=document.node,
        name=document.name,
        roots=_leading_to(signers, document, roots),
        head=dict(head),
        release=dict(release),
    )


def _leading_to(signers: set[str], document: Document, roots: Keys) -> frozenset[str]:
    """Add to those that signed each earlier root that has named, step by step, one of them."""
    reached = set(signers)
    for statement in reversed(document.succession):
        for earlier, key in roots.items():
            if _named(statement, {earlier: key}, document.node) in reached:
                reached.add(earlier)
    return frozenset(reached)


def _named(statement: str, keys: Keys, node: str) -> str | None:
    """Give the root that this key has named as the one after it, if it has signed that."""
    try:
        raw = payload_of(statement, keys, SUCCESSION, "The next root key")
        said = msgspec.convert(canonical(raw, "The next root key"), _Successor)
        return _public(said.root).thumbprint() if said.node == node else None
    except (BundleError, msgspec.ValidationError, JoseError, ValueError):
        return None


def hash_of(raw: bytes) -> str:
    """Name bytes."""
    return sha256(raw).hexdigest()


def _in_force(key: ListedKey) -> bool:
    return not key.retired


def _replaced(key: ListedKey) -> bool:
    return key.retired.endswith(REPLACED)


def _keys(document: Document, role: str, counts: Callable[[ListedKey], bool]) -> Keys:
    found = [_public(key.jwk) for key in document.keys if key.role == role and counts(key)]
    return {key.thumbprint(): key for key in found}


def _public(jwk: Mapping[str, str]) -> OKPKey:
    if jwk.get("kty") != "OKP" or jwk.get("crv") != ALGORITHM:
        raise ValueError("another kind of key")
    return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": jwk.get("x", "")})


def _signer(member: Any, keys: Keys, purpose: str) -> OKPKey:
    headers = member.headers()
    key = keys.get(str(headers.get("kid")))
    if key is None or headers.get("typ") != purpose:
        raise ValueError("another key, or another purpose")
    return key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_float(_text: str) -> NoReturn:
    raise ValueError("a number with a fraction")
