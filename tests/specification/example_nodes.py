"""The nodes of the examples: keys from words that everybody may know, so never for a real node."""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from federation.partners.keys import LIMITS, Node, NodeKeys
from federation.partners.rules.document import (
    LOST,
    REPLACED,
    ROLES,
    ListedKey,
    NodeDocument,
    Role,
    name_successor,
    sign_document,
)
from federation.partners.rules.encoding import text_of
from federation.partners.rules.signatures import public_part

NOW = datetime(2027, 1, 5, 18, tzinfo=UTC)
TODAY = date(2027, 1, 5)


def seed_of(name: str) -> bytes:
    return sha256(f"netreach example {name}".encode()).digest()


@cache
def key(name: str) -> OKPKey:
    """Make the same key for the same name every time, such as `key("north head")`."""
    seed = seed_of(name)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": text_of(public), "d": text_of(seed)}
    )


def jwk(name: str) -> dict[str, str]:
    return public_part(key(name))


def ident(number: int) -> UUID:
    """Give an id whose order in time is its number's."""
    return UUID(f"01940000-0000-7000-8000-{number:012x}")


def handle_id(number: int) -> UUID:
    """Give an id that tells no time, as those of handles do."""
    return UUID(f"4f0e0000-0000-4000-8000-{number:012x}")


def first_document(name: str) -> NodeDocument:
    return NodeDocument(
        node=key(f"{name} root").thumbprint(),
        version=1,
        name=name.title(),
        base_url=f"https://{name}.example",
        keys=[ListedKey(role=role, jwk=jwk(f"{name} {role}")) for role in ROLES],
        limits=LIMITS,
    )


def node_of(name: str) -> Node:
    """Give a node with its first document and all its keys."""
    by_role = {role: key(f"{name} {role}") for role in ROLES}
    document = first_document(name)
    keys = NodeKeys(folder=Path(), node_id=document.node, by_role=by_role)
    text = sign_document(document, [key(f"{name} root")])
    return Node(keys=keys, name=document.name, base_url=document.base_url, document=text)


def renewed(document: NodeDocument, role: Role, fresh: str) -> NodeDocument:
    return document.replacing(role, jwk(fresh), REPLACED, TODAY)


NORTH_1 = first_document("north")
NORTH_2 = renewed(NORTH_1, "head", "north head 2")
_RENEWED_ROOT = renewed(NORTH_2, "root", "north root 2")
NORTH_3 = msgspec.structs.replace(
    _RENEWED_ROOT,
    succession=[name_successor(NORTH_1.node, key("north root"), jwk("north root 2"))],
)
NORTH_4 = NORTH_3.following(base_url="https://elsewhere.example")
AFTER_LOSS = 1_799_172_000


def _after_loss() -> NodeDocument:
    document = NORTH_1
    others: tuple[Role, ...] = ("transport", "release", "head")
    for role in others:
        document = document.replacing(role, jwk(f"north {role} anew"), LOST, TODAY)
    return msgspec.structs.replace(document, version=AFTER_LOSS)


NORTH_RECOVERED = _after_loss()


@cache
def document(name: str) -> str:
    """Give a signed version of North's document by the name that the vectors have for it."""
    documents: dict[str, tuple[NodeDocument, list[str]]] = {
        "north 1": (NORTH_1, ["north root"]),
        "north 2": (NORTH_2, ["north root"]),
        "north 3": (NORTH_3, ["north root", "north root 2"]),
        "north 4": (NORTH_4, ["north root 2"]),
        "north recovered": (NORTH_RECOVERED, ["north root"]),
        "south 1": (first_document("south"), ["south root"]),
        "stranger 1": (first_document("stranger"), ["stranger root"]),
    }
    said, roots = documents[name]
    return sign_document(said, [key(root) for root in roots])


def example_keys() -> list[dict[str, Any]]:
    """List the examples' keys with their seeds: whoever reads this can sign as they do."""
    names = [f"{node} {role}" for node in ("north", "south", "stranger") for role in ROLES]
    names += ["north head 2", "north root 2"]
    return [
        {
            "name": name,
            "seed": seed_of(name).hex(),
            "jwk": jwk(name),
            "thumbprint": key(name).thumbprint(),
        }
        for name in names
    ]
