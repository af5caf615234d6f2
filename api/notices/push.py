"""Web push: encrypted for one browser (RFC 8291), signed as this node (RFC 8292), sent guarded."""

import asyncio
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx2
import msgspec
from joserfc import jwt

from api.notices.errors import PushGoneError, PushPutOffError
from api.notices.keys import NoticeKeys
from api.peers.outbound import SECONDS
from api.retry_after import asked_again_at
from federation.notices.devices.rules import Subscription
from federation.notices.messages.queries import Parcel
from federation.notices.messages.rules import SENTENCES

TOKEN_LIVES = timedelta(hours=12)
KEPT_SECONDS = 3 * 24 * 3600
"""How long a push service keeps it for a device that is off."""

PADDED_TO = 200
"""All payloads are equally long, whatever the language."""

LONGEST_REST = timedelta(days=1)
"""A service that asks for more is asked after that."""

GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def payload_of(parcel: Parcel) -> bytes:
    """Word a push: the same sentence as in a mail, and nothing else."""
    said = msgspec.json.encode({"text": SENTENCES[parcel.kind][parcel.language]})
    return said.ljust(PADDED_TO)


def encrypted(subscription: Subscription, payload: bytes) -> bytes:
    """Encrypt so that only the browser can read it, not the push service on the way."""
    # it imports two HTTP clients that are not ours to use: only its encryption is
    from pywebpush import WebPusher

    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    body: bytes = pusher.encode(payload, "aes128gcm")["body"]
    return body


def signed_headers(
    keys: NoticeKeys, subscription: Subscription, contact: str, now: datetime
) -> dict[str, str]:
    """Say to the push service that it is the same node that the browser subscribed to."""
    parts = urlsplit(subscription.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + TOKEN_LIVES).timestamp()),
        "sub": contact,
    }
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, keys.push, algorithms=["ES256"])
    return {"authorization": f"vapid t={token},k={keys.public}"}


def contact_of(address: str) -> str:
    """Give the address at which a push service may complain (RFC 8292 wants https or mailto)."""
    return address if address.startswith("https://") else "mailto:nobody@localhost"


async def push(
    http: httpx2.AsyncClient,
    keys: NoticeKeys,
    subscription: Subscription,
    parcel: Parcel,
    contact: str,
    now: datetime,
) -> None:
    """Send one message to one device."""
    headers = signed_headers(keys, subscription, contact, now) | {
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(KEPT_SECONDS),
        "urgency": "high" if parcel.urgent else "normal",
        # what has not been delivered yet is replaced: it says the same
        "topic": parcel.kind,
        "user-agent": "push",
    }
    body = encrypted(subscription, payload_of(parcel))
    try:
        async with asyncio.timeout(SECONDS):
            answer = await http.post(subscription.endpoint, content=body, headers=headers)
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
        raise PushPutOffError(type(error).__name__) from None
    if answer.status_code in GONE:
        raise PushGoneError
    if not answer.is_success:
        again = asked_again_at(answer.headers.get("retry-after", ""), now, LONGEST_REST)
        raise PushPutOffError(str(answer.status_code), again)
