"""How a signed statement travels and is kept: its bytes once, its signature beside them."""

from base64 import urlsafe_b64decode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from federation.partners.rules.canonical import admit
from federation.partners.rules.encoding import with_payload, without_payload
from protocols.statements.errors import NotAStatement, SignatureWrong

Sign = Callable[[bytes], str]
"""Signs bytes and gives a compact JWS (RFC 7515)."""
Verify = Callable[[str], bytes]
"""Gives what a compact JWS signs, or refuses one that the expected key has not signed."""

DOTS = 2


class Statement(msgspec.Struct, frozen=True):
    """What an event carries: the manifest's own characters, and the signature without a copy."""

    manifest: str
    signature: str


def hash_of(stored: bytes) -> bytes:
    """Name published bytes."""
    return sha256(stored).digest()


def signed(stored: bytes, sign: Sign) -> Statement:
    """Sign bytes as they are kept and sent."""
    return Statement(manifest=stored.decode(), signature=without_payload(sign(stored)))


def statement_of(jws: str) -> Statement:
    """Take a compact JWS apart, for keeping it; nothing is believed before it is verified."""
    try:
        _, payload, _ = jws.split(".")
        manifest = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    except ValueError as error:
        raise NotAStatement from error
    return Statement(manifest=manifest, signature=without_payload(jws))


def read_statement(payload: dict[str, Any]) -> Statement:
    """Read an event's payload; what a later version adds is ignored."""
    try:
        return msgspec.convert(payload, Statement)
    except msgspec.ValidationError as error:
        raise NotAStatement from error


def verified_bytes(statement: Statement, verify: Verify) -> bytes:
    """Give the bytes that were signed: exactly those that arrived, in canonical form, or none."""
    stored = statement.manifest.encode()
    signature = statement.signature
    if signature.count(".") != DOTS or verify(with_payload(signature, stored)) != stored:
        raise SignatureWrong
    admit(stored)
    return stored
