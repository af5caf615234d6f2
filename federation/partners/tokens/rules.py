"""When a client assertion (RFC 7523) is believed, after its signature was verified."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from federation.partners.rules.document import NodeId

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PURPOSE = "JWT"
LONGEST_ASSERTION = timedelta(seconds=120)
TOKEN_LIVES = timedelta(minutes=10)
CLOCKS_DIFFER = timedelta(seconds=30)
Jti = Annotated[str, Meta(pattern=r"\A[\x21-\x7e]{1,200}\Z")]


class Claims(Struct, frozen=True, kw_only=True):
    """What an assertion says; `aud` is one string here, so a list of audiences is refused."""

    iss: NodeId
    sub: str
    aud: str
    exp: int
    iat: int
    jti: Jti
    nbf: int = 0


def complaint(claims: Claims, *, node_id: str, issuer: str, now: datetime) -> str | None:
    """Say what is wrong with an assertion, or None."""
    at, longest = int(now.timestamp()), int(LONGEST_ASSERTION.total_seconds())
    leeway = int(CLOCKS_DIFFER.total_seconds())
    wrong: list[tuple[bool, str]] = [
        (claims.iss != node_id or claims.sub != node_id, "It names another node."),
        (claims.aud.rstrip("/") != issuer, "It was written for another node than this one."),
        (claims.exp - claims.iat > longest, "It lives longer than two minutes."),
        (claims.exp <= at - leeway, "It has expired. Compare the clocks of both nodes."),
        (max(claims.iat, claims.nbf) > at + leeway, "It is from the future. Compare the clocks."),
    ]
    return next((sentence for holds, sentence in wrong if holds), None)


def request_fields(form: dict[str, Any]) -> tuple[str | None, str]:
    """Give the assertion, or the error code of RFC 6749 that the form deserves."""
    if form.get("grant_type") != GRANT:
        return None, "unsupported_grant_type"
    assertion = form.get("client_assertion")
    if form.get("client_assertion_type") != ASSERTION_TYPE or not isinstance(assertion, str):
        return None, "invalid_request"
    return assertion, ""
