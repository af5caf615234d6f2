"""Vectors of node documents: the first one that is seen, and those that follow."""

from typing import Any

import msgspec
from joserfc import jws

from federation.partners.rules.canonical import canonical
from federation.partners.rules.document import (
    PURPOSE,
    ROLES,
    NodeDocument,
    name_successor,
    sign_document,
)
from federation.partners.rules.signatures import ALGORITHM, protected_header, thumbprint
from tests.specification.example_nodes import (
    NORTH_1,
    NORTH_2,
    NORTH_3,
    NORTH_4,
    NORTH_RECOVERED,
    document,
    first_document,
    jwk,
    key,
    renewed,
)
from tests.specification.vectors import Group, Vector, bad, good

REFUSED = "bad-node-document"
ODD: dict[str, dict[str, Any]] = {
    "a name that breaks a line": {"name": "A\nB"},
    "no name": {"name": ""},
    "a name of 101 characters": {"name": "a" * 101},
    "an address of a file": {"base_url": "file:///etc/passwd"},
    "an address with somebody's name": {"base_url": "https://user@north.example"},
    "an id that is none": {"node": "north"},
    "101 statements on roots": {"succession": [""] * 101},
    "51 limits": {"limits": {f"limit {number}": 1 for number in range(51)}},
    "version 0": {"version": 0},
}


def groups() -> list[Group]:
    return [
        Group(check="document-first", section="the-node-document", vectors=_first()),
        Group(check="document-following", section="the-node-document", vectors=_following()),
    ]


def told(said: NodeDocument) -> dict[str, Any]:
    """Say what is pinned of a document: its keys by the names of RFC 7638."""
    pinned = said.pinned()
    replaced = pinned.pop("replaced")
    return {
        "node": said.node,
        "version": said.version,
        "name": said.name,
        "base_url": said.base_url,
        "keys": {role: [thumbprint(one) for one in pinned[role]] for role in ROLES},
        "replaced": {role: [thumbprint(one) for one in replaced[role]] for role in ROLES},
    }


def signed(said: NodeDocument, *roots: str) -> str:
    return sign_document(said, [key(root) for root in roots])


def _first() -> list[Vector]:
    first = {"document": document("north 1")}
    third = {"document": document("north 3")}
    odd = msgspec.structs.replace
    return [
        good("a first version", first, told(NORTH_1)),
        good("with the fingerprint of the link", first | _root("north root"), told(NORTH_1)),
        good("after a renewed head key", {"document": document("north 2")}, told(NORTH_2)),
        good("after a replaced root", third | _root("north root 2"), told(NORTH_3)),
        good(
            "a later one, signed by the new root alone",
            {"document": document("north 4")},
            told(NORTH_4),
        ),
        good("a field of a later version", {"document": _with_more()}, told(NORTH_1)),
        bad("another root than the link's", first | _root("stranger root"), REFUSED),
        bad("somebody else's id", {"document": _under_a_false_name()}, REFUSED),
        bad(
            "signed by the replaced root alone",
            {"document": signed(NORTH_3, "north root")},
            REFUSED,
        ),
        bad("other words under the same signature", {"document": _mixed()}, REFUSED),
        bad("no key for heads", {"document": signed(_without("head"), "north root")}, REFUSED),
        bad("not in canonical form", {"document": _spaced()}, REFUSED),
        bad("more than a payload and signatures", {"document": _with_header()}, REFUSED),
        *[
            bad(what, {"document": signed(odd(NORTH_1, **changes), "north root")}, REFUSED)
            for what, changes in ODD.items()
        ],
        bad("no document", {"document": "{}"}, REFUSED),
    ]


def _following() -> list[Vector]:
    first, third = {"pinned": document("north 1")}, {"pinned": document("north 3")}
    new_root = renewed(NORTH_1, "root", "north root 2")
    forged = name_successor(NORTH_1.node, key("stranger root"), jwk("north root 2"))
    for_others = name_successor(
        first_document("south").node, key("north root"), jwk("north root 2")
    )
    odd = msgspec.structs.replace
    return [
        good("a renewed head key", first | {"document": document("north 2")}, told(NORTH_2)),
        good("the same again", first | {"document": document("north 1")}, told(NORTH_1)),
        good("a replaced root", first | {"document": document("north 3")}, told(NORTH_3)),
        good(
            "a replaced root and a version that was missed",
            first | {"document": document("north 4")},
            told(NORTH_4),
        ),
        good("another address", third | {"document": document("north 4")}, told(NORTH_4)),
        good(
            "after the loss of a machine",
            first | {"document": document("north recovered")},
            told(NORTH_RECOVERED),
        ),
        bad(
            "an older one",
            first | {"pinned": document("north 2"), "document": document("north 1")},
            "document-older",
        ),
        bad("an older one of a replaced root", third | {"document": document("north 2")}, REFUSED),
        bad(
            "another of the same version",
            first | {"document": signed(odd(NORTH_1, name="Nord"), "north root")},
            "document-differs",
        ),
        bad("another node's", first | {"document": document("south 1")}, REFUSED),
        bad(
            "a new root for which nobody vouches",
            first | {"document": signed(new_root, "north root 2")},
            REFUSED,
        ),
        bad(
            "a new root for which a stranger vouches",
            first | {"document": signed(odd(new_root, succession=[forged]), "north root 2")},
            REFUSED,
        ),
        bad(
            "a new root that was named for another node",
            first | {"document": signed(odd(new_root, succession=[for_others]), "north root 2")},
            REFUSED,
        ),
        bad(
            "a root that was replaced signs on",
            third | {"document": signed(NORTH_4, "north root")},
            REFUSED,
        ),
    ]


def _root(name: str) -> dict[str, str]:
    return {"root": key(name).thumbprint()}


def _without(role: str) -> NodeDocument:
    kept = [one for one in NORTH_1.keys if one.role != role]
    return msgspec.structs.replace(NORTH_1, keys=kept)


def _under_a_false_name() -> str:
    false = msgspec.structs.replace(first_document("stranger"), node=NORTH_1.node)
    return signed(false, "stranger root")


def _mixed() -> str:
    outer, other = (msgspec.json.decode(document(name)) for name in ("north 1", "north 2"))
    return msgspec.json.encode({**outer, "payload": other["payload"]}).decode()


def _with_header() -> str:
    outer = msgspec.json.decode(document("north 1"))
    return msgspec.json.encode({**outer, "header": {}}).decode()


def _signed_bytes(payload: bytes) -> str:
    """Sign bytes as North's root signs documents, whatever they are."""
    root = key("north root")
    members: list[Any] = [{"protected": dict(protected_header(root, PURPOSE))}]
    return msgspec.json.encode(jws.serialize_json(members, payload, root, [ALGORITHM])).decode()


def _spaced() -> str:
    return _signed_bytes(canonical(msgspec.to_builtins(NORTH_1)).replace(b'"name":', b'"name": '))


def _with_more() -> str:
    later = msgspec.to_builtins(NORTH_1) | {"mottoes": ["open"]}
    return _signed_bytes(canonical(later))
