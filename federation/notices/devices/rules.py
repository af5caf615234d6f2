"""What a browser's push subscription must look like (RFC 8030, RFC 8291)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from federation.notices.devices.errors import NotAPushAddress
from federation.partners.rules.encoding import bytes_of

LONGEST_ENDPOINT = 1000
LONGEST_LABEL = 40
AUTH_BYTES = 16
MOST_DEVICES = 10
DEFAULT_LABEL = "Device"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where to send, and the two keys with which only that browser can read it."""

    endpoint: str
    p256dh: str
    auth: str


def require_usable(subscription: Subscription, *, development: bool) -> None:
    """Refuse what nothing could be sent to; whether the host is public is asked at sending."""
    schemes = {"https", "http"} if development else {"https"}
    try:
        parts = urlsplit(subscription.endpoint)
        names_a_place = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise NotAPushAddress from error
    if (
        parts.scheme not in schemes
        or not names_a_place
        or parts.username is not None
        or len(subscription.endpoint) > LONGEST_ENDPOINT
        or not subscription.endpoint.isascii()
    ):
        raise NotAPushAddress
    try:
        key, auth = bytes_of(subscription.p256dh), bytes_of(subscription.auth)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)
    except ValueError as error:
        raise NotAPushAddress from error
    if len(auth) != AUTH_BYTES:
        raise NotAPushAddress


def plain_label(label: str) -> str:
    """Give a device's name in one short line."""
    return " ".join(label.split())[:LONGEST_LABEL].strip() or DEFAULT_LABEL
