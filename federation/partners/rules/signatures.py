"""Signing and verifying: JWS (RFC 7515) with Ed25519 (RFC 9864), one purpose per signature."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, Protocol

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from federation.partners.errors import BadSignature

ALGORITHM = "Ed25519"
VERIFIED_LATELY = 256
"""Two pages and more; a statement has a few thousand bytes."""
LARGEST_SIGNED = 2**19
"""An event's 256 KiB (`federation.feeds.actions`), written in base64."""
Jwk = Mapping[str, Any]


class _Statements(jws.JWSRegistry):
    max_payload_length = LARGEST_SIGNED


STATEMENTS = _Statements(algorithms=[ALGORITHM])


class _Headed(Protocol):
    def headers(self) -> dict[str, Any]: ...


def thumbprint(key: OKPKey | Jwk) -> str:
    """Name a key by RFC 7638; a node's id is the name of its first root key."""
    if not isinstance(key, OKPKey):
        key = public_key(key)
    return key.thumbprint()


def public_key(jwk: Jwk) -> OKPKey:
    """Read a partner's public key; any other kind of key is refused, private parts are dropped."""
    if jwk.get("kty") != "OKP" or jwk.get("crv") != ALGORITHM:
        raise BadSignature
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": str(jwk.get("x"))})
    except (JoseError, ValueError) as error:
        raise BadSignature from error


def public_part(key: OKPKey) -> dict[str, str]:
    """Give what others may see of a key."""
    return {name: str(value) for name, value in key.as_dict(private=False).items()}


def protected_header(key: OKPKey, purpose: str) -> dict[str, str]:
    """Say who signs, and what for: a head can never be shown as a receipt."""
    return {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": purpose}


def sign(payload: bytes, key: OKPKey, purpose: str) -> str:
    """Sign bytes as a compact JWS."""
    return jws.serialize_compact(protected_header(key, purpose), payload, key, [ALGORITHM])


def verified(statement: str, keys: Iterable[Jwk], purpose: str) -> bytes:
    """Give the signed bytes, if one of these pinned keys signed them for this purpose."""
    return verifier(keys, purpose)(statement)


def verifier(keys: Iterable[Jwk], purpose: str) -> Callable[[str], bytes]:
    """Read pinned keys once, for many statements that they signed for one purpose."""
    signers = frozenset(
        _point(str(key.get("kty")), str(key.get("crv")), str(key.get("x"))) for key in keys
    )
    return partial(_payload, signers=signers, purpose=purpose)


# the same few keys sign everything that a partner says
@lru_cache(VERIFIED_LATELY)
def _point(kind: str, curve: str, x: str) -> str:
    return public_part(public_key({"kty": kind, "crv": curve, "x": x}))["x"]


# it depends on nothing but its words: what was verified ahead is not verified again
@lru_cache(VERIFIED_LATELY)
def _payload(statement: str, *, signers: frozenset[str], purpose: str) -> bytes:
    known = _signers(signers)
    try:
        found = jws.deserialize_compact(
            statement, lambda member: choose(member, known, purpose), registry=STATEMENTS
        )
    except (JoseError, ValueError) as error:
        raise BadSignature from error
    return found.payload


@lru_cache(VERIFIED_LATELY)
def _signers(signers: frozenset[str]) -> dict[str, OKPKey]:
    return known_keys({"kty": "OKP", "crv": ALGORITHM, "x": x} for x in signers)


def known_keys(keys: Iterable[Jwk]) -> dict[str, OKPKey]:
    """Index pinned keys by their thumbprint."""
    return {key.thumbprint(): key for key in map(public_key, keys)}


def choose(member: _Headed, known: Mapping[str, OKPKey], purpose: str) -> OKPKey:
    """Find the signer among the pinned keys; a `kid` that we don't know is never fetched."""
    headers = member.headers()
    key = known.get(str(headers.get("kid")))
    if key is None or headers.get("typ") != purpose:
        raise BadSignature
    return key
