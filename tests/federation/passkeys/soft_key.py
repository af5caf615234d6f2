"""A device that makes and uses passkeys, in software: what a browser and its key do together."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from federation.passkeys.rules import Made, Used

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def content(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftKey:
    """One passkey; whatever a thief or a broken device would do otherwise can be set."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    host: str = ""
    owner: bytes = b""
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, question: dict[str, Any]) -> Made:
        self.host = self.host or question["rp"]["id"]
        self.owner = content(question["user"]["id"])
        told = self._client_data("webauthn.create", question["challenge"])
        length = len(self.credential).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential + self._public()
        data = self._data(ATTESTED) + attested
        stated = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return Made(text(self.credential), text(told), text(stated))

    def use(self, question: dict[str, Any]) -> Used:
        self.host = self.host or question["rpId"]
        told, data = self._client_data("webauthn.get", question["challenge"]), self._data()
        signature = self.key.sign(data + sha256(told).digest(), ec.ECDSA(SHA256()))
        signed = (self.credential, told, data, signature, self.owner)
        return Used(*(text(each) for each in signed))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = (self.flags | more).to_bytes(1, "big")
        return sha256(self.host.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        # RFC 9053: an elliptic curve key of two coordinates, for ES256, on P-256
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
