"""The keys with which this node pushes, and with which it makes the links in its mails."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec
from joserfc.jwk import ECKey

from api.kept_once import kept_once
from federation.access.rules import new_secret
from federation.partners.rules.encoding import bytes_of, text_of

PUSH_KEY = "push.json"
LINKS_KEY = "mail-links"


@dataclass(frozen=True, slots=True)
class NoticeKeys:
    """`push` is known to browsers and push services (VAPID, RFC 8292); `links` to nobody."""

    push: ECKey
    links: bytes

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Load the keys from the folder of the node's other keys; the first to ask makes them."""
        push = kept_once(folder, PUSH_KEY, _new_push_key)
        links = kept_once(folder, LINKS_KEY, new_secret)
        return cls(
            ECKey.import_key(msgspec.json.decode(push, type=dict[str, str | list[str]])),
            links.encode(),
        )

    @property
    def public(self) -> str:
        """Give the public key as browsers want it: an uncompressed point, base64url."""
        part = self.push.as_dict(private=False)
        return text_of(b"\x04" + bytes_of(str(part["x"])) + bytes_of(str(part["y"])))


def _new_push_key() -> str:
    return msgspec.json.encode(ECKey.generate_key("P-256").as_dict(private=True)).decode()
