from base64 import b64decode, urlsafe_b64encode


def text_of(raw: bytes) -> str:
    """Write bytes as base64url without padding (RFC 7515, section 2)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """Read base64url without padding; anything else in it is a ValueError, not skipped."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
