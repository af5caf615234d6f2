from base64 import b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec

T = TypeVar("T")


def json_of(raw: bytes | str, kind: type[T]) -> T:
    """Read JSON of others as `msgspec` does; what is too deep to be read is as wrong as any."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except RecursionError as error:
        raise msgspec.DecodeError("Nothing is that deep.") from error


def text_of(raw: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Read base64url without padding; anything else in it is a ValueError, not skipped."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def without_payload(jws: str) -> str:
    """Cut the payload out of a compact JWS (RFC 7515, appendix F): it travels beside it, once."""
    header, _, signature = jws.split(".")
    return f"{header}..{signature}"


def with_payload(detached: str, payload: bytes) -> str:
    """Put bytes back into their compact JWS, ready to be verified."""
    header, _, signature = detached.split(".")
    return f"{header}.{text_of(payload)}.{signature}"
