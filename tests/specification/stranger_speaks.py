"""The second reading speaks: it makes keys, joins a node, signs in and reads, as the page says."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.specification.stranger import (
    ROLES,
    admitted,
    decoded,
    encoded,
    named,
    read_document,
    sha,
    written,
)
from tests.specification.stranger_reads import beginning, join_answered, page, recalls_hash

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def jwk_of(key: Ed25519PrivateKey) -> dict[str, str]:
    public = encoded(key.public_key().public_bytes_raw())
    return {"crv": "Ed25519", "kty": "OKP", "x": public}


def signature(key: Ed25519PrivateKey, typ: str, payload: bytes) -> list[str]:
    """Give the three parts of a JWS."""
    header = written({"alg": "Ed25519", "kid": named(jwk_of(key)), "typ": typ})
    protected, said = encoded(header), encoded(payload)
    return [protected, said, encoded(key.sign(f"{protected}.{said}".encode()))]


def signed(key: Ed25519PrivateKey, typ: str, said: Mapping[str, Any]) -> str:
    return ".".join(signature(key, typ, written(dict(said))))


@dataclass
class Stranger:
    """A node that another team has built; it asks and is never asked."""

    now: datetime
    keys: dict[str, Ed25519PrivateKey] = field(
        default_factory=lambda: {role: Ed25519PrivateKey.generate() for role in ROLES}
    )
    there: str = ""
    base_url: str = "https://another.example"
    head_keys: list[Any] = field(default_factory=list)
    token: str = ""

    @property
    def id(self) -> str:
        return named(jwk_of(self.keys["root"]))

    def document(self) -> str:
        said = {
            "node": self.id,
            "version": 1,
            "name": "Another",
            "base_url": self.base_url,
            "keys": [{"role": role, "jwk": jwk_of(self.keys[role])} for role in ROLES],
        }
        protected, payload, signed_with = signature(
            self.keys["root"], "netreach-node+jws", written(said)
        )
        outer = {
            "payload": payload,
            "signatures": [{"protected": protected, "signature": signed_with}],
        }
        return json.dumps(outer)

    def join(self, link: str) -> list[str]:
        """Spend a link; give the words to read out."""
        inside = {name: one[0] for name, one in parse_qs(urlsplit(link).fragment).items()}
        self.there = link.partition("/fed/v1/join#")[0]
        said = {"invitation": inside["id"], "document": self.document(), "nonce": _nonce()}
        proof = hmac.new(sha(inside["secret"].encode()), written(said), hashlib.sha256).digest()
        said["mac"] = encoded(proof)
        request = signed(self.keys["transport"], "netreach-join+jws", said)
        answer = self._ask("POST", "/fed/v1/join", body={"statement": request})["statement"]
        read = join_answered({"link": link, "request": request, "statement": answer})
        told = admitted(decoded(answer.split(".")[1]).decode())
        document, _ = read_document(told["document"])
        self.head_keys = [key["jwk"] for key in document["keys"] if key["role"] == "head"]
        words: list[str] = read["words"]
        return words

    def sign_in(self) -> None:
        at = int(self.now.timestamp())
        claims = {"iss": self.id, "sub": self.id, "aud": self.there, "iat": at, "exp": at + 60}
        assertion = signed(self.keys["transport"], "JWT", {**claims, "jti": _nonce()})
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": JWT_BEARER,
            "client_assertion": assertion,
        }
        self.token = self._ask("POST", "/fed/v1/token", form=form)["access_token"]

    def feeds(self) -> dict[str, Any]:
        return self._ask("GET", "/fed/v1/feeds")

    def read(self, feed: Mapping[str, str]) -> list[tuple[str, Any]]:
        """Read a feed from its start to its end, and prove each page."""
        start = decoded(beginning({"feed": feed["id"], "epoch": feed["epoch"]}))
        place = {"feed": feed["id"], "epoch": feed["epoch"], "seq": 0, "hash": encoded(start)}
        events: list[tuple[str, Any]] = []
        while True:
            asked = urlencode({"after": f"{place['epoch']}:{place['seq']}", "lean": "1"})
            got = self._ask("GET", f"/fed/v1/feeds/{feed['id']}?{asked}")
            proven = page(
                {
                    "page": got,
                    "place": place,
                    "keys": self.head_keys,
                    "known_recalls": recalls_hash([]),
                    "now": self.now.isoformat(),
                }
            )
            events += [(one["kind"], admitted(one["payload"])) for one in got["events"]]
            if proven["place"]["seq"] == json.loads(got["said"])["last"]:
                return events
            place = proven["place"]

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if body is not None:
            data, headers["content-type"] = json.dumps(body).encode(), "application/json"
        if form is not None:
            data = urlencode(form).encode()
            headers["content-type"] = "application/x-www-form-urlencoded"
        there = HTTPConnection(urlsplit(self.there).netloc, timeout=10)
        with closing(there):
            there.request(method, path, data, headers)
            answer = there.getresponse()
            assert answer.status == HTTPStatus.OK
            told: dict[str, Any] = json.load(answer)
        return told


def _nonce() -> str:
    return encoded(secrets.token_bytes(32))
