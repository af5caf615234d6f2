"""A second reading, as another team would build it from the page: it uses nothing of netreach.

It knows JSON, SHA-256, Ed25519, and what docs/federation.md says of keys, statements and documents.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST = 2**53 - 1
ROLES = ("root", "transport", "release", "head")
BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
NODE_ID = re.compile(r"[A-Za-z0-9_-]{43}")
ADDRESS = re.compile(r"https?://[^\s\x00-\x1f?#@]{1,300}")
Given = Mapping[str, Any]


class Refused(Exception):
    """A refusal, by the code that the page has for it."""


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    if not BASE64URL.fullmatch(text):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sha(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def written(value: Any) -> bytes:
    """Write RFC 8785: names in the order of UTF-16, no spaces, the shortest escapes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        pairs = [written(name) + b":" + written(value[name]) for name in names]
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(written, value)) + b"]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > MOST):
        raise Refused("not-canonical")
    return json.dumps(value, ensure_ascii=False).encode()


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise Refused("not-canonical")
    return dict(pairs)


def no_number(_: str) -> NoReturn:
    raise Refused("not-canonical")


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in (*value, *value.values()) if isinstance(value, dict) else ():
        yield from texts_in(one)
    for one in value if isinstance(value, list) else ():
        yield from texts_in(one)


def admitted(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
        same = isinstance(value, dict) and written(value) == text.encode()
    except ValueError as error:
        raise Refused("not-canonical") from error
    if not same or any("\0" in one for one in texts_in(value)):
        raise Refused("not-canonical")
    found: dict[str, Any] = value
    return found


def named(jwk: Given) -> str:
    """Name a key by RFC 7638, or refuse what is no Ed25519 key."""
    if (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
        raise Refused("bad-signature")
    try:
        Ed25519PublicKey.from_public_bytes(decoded(str(jwk.get("x"))))
    except ValueError as error:
        raise Refused("bad-signature") from error
    return encoded(sha(written({"crv": "Ed25519", "kty": "OKP", "x": jwk["x"]})))


def signer(protected: str, payload: str, signature: str, keys: Iterable[Given], typ: str) -> str:
    """Verify one signature with pinned keys, for one purpose; give the key's name."""
    try:
        header = json.loads(decoded(protected))
        [key] = [key for key in keys if named(key) == header["kid"]]
        if (header["alg"], header["typ"]) != ("Ed25519", typ):
            raise Refused("bad-signature")
        public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
        public.verify(decoded(signature), f"{protected}.{payload}".encode())
    except (ValueError, LookupError, TypeError, InvalidSignature) as error:
        raise Refused("bad-signature") from error
    return str(header["kid"])


def verified(statement: str, keys: Iterable[Given], typ: str) -> bytes:
    parts = statement.split(".")
    if len(parts) != 3:
        raise Refused("bad-signature")
    protected, payload, signature = parts
    signer(protected, payload, signature, keys, typ)
    return decoded(payload)


def read_document(text: str) -> tuple[Given, set[str]]:
    """Verify a node document by itself; give it, and the names of the roots that signed it."""
    try:
        outer = json.loads(text)
        said = admitted(decoded(outer["payload"]).decode())
        roots = [key["jwk"] for key in said["keys"] if key["role"] == "root"]
        signed = {
            signer(one["protected"], outer["payload"], one["signature"], roots, "netreach-node+jws")
            for one in outer["signatures"]
        }
    except (ValueError, LookupError, Refused) as error:
        raise Refused("bad-node-document") from error
    pinned = pinned_of(said)
    odd = (
        outer.keys() != {"payload", "signatures"}
        or not NODE_ID.fullmatch(said["node"])
        or not ADDRESS.fullmatch(said["base_url"])
        or not re.fullmatch(r"[^\x00-\x1f]{1,100}", said["name"])
        or not 1 <= said["version"] <= MOST
        or len(said["keys"]) > 500
        or len(said.get("limits", {})) > 50
        or len(said.get("succession", [])) > 100
        or len(outer["signatures"]) > 10
    )
    if odd or not all(pinned["keys"].values()) or not signed & set(pinned["keys"]["root"]):
        raise Refused("bad-node-document")
    return said, signed


def pinned_of(said: Given) -> dict[str, Any]:
    def keys(role: str, end: str | None) -> list[str]:
        return [
            named(key["jwk"])
            for key in said["keys"]
            if key["role"] == role
            and (not key.get("retired") if end is None else key.get("retired", "").endswith(end))
        ]

    return {
        **{name: said[name] for name in ("node", "version", "name", "base_url")},
        "keys": {role: keys(role, None) for role in ROLES},
        "replaced": {role: keys(role, " replaced") for role in ROLES},
    }


def vouched(said: Given, trusted: set[str], signed: set[str]) -> bool:
    """Follow, from trusted roots, who names whom, until somebody is met who signed."""
    roots = {named(key["jwk"]): key["jwk"] for key in said["keys"] if key["role"] == "root"}
    if trusted & signed:
        return True
    trusted = set(trusted)
    for statement in said.get("succession", []):
        known = [jwk for name, jwk in roots.items() if name in trusted]
        try:
            raw = verified(statement, known, "netreach-succession+jws")
            successor = admitted(raw.decode())
            if successor["node"] == said["node"]:
                trusted.add(named(successor["root"]))
        except (ValueError, LookupError, Refused):
            continue
    return bool(trusted & signed)


def first_document(given: Given) -> dict[str, Any]:
    said, signed = read_document(given["document"])
    if (
        not vouched(said, {said["node"]}, signed)
        or given.get("root", next(iter(signed))) not in signed
    ):
        raise Refused("bad-node-document")
    return pinned_of(said)


def following_document(given: Given) -> dict[str, Any]:
    pinned, _ = read_document(given["pinned"])
    said, signed = read_document(given["document"])
    trusted = set(pinned_of(pinned)["keys"]["root"])
    if said["node"] != pinned["node"] or not vouched(said, trusted, signed):
        raise Refused("bad-node-document")
    if said["version"] < pinned["version"]:
        raise Refused("document-older")
    if said["version"] == pinned["version"] and written(said) != written(pinned):
        raise Refused("document-differs")
    return pinned_of(said)
