"""Joining by invitation: who commits to what before the other reveals, and who acts next.

The inviter's link carries the hash of its nonce. The newcomer shows its document and nonce first,
then the inviter reveals: neither can try values until the four words match by chance.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from msgspec import Struct

from federation.partners.errors import InvitationForged
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import text_of
from federation.partners.rules.words import spoken

LINK_LIVES = timedelta(hours=48)
WORD_COUNT = 4
JOIN_PATH = "/fed/v1/join"
REQUEST_PURPOSE = "netreach-join+jws"
ANSWER_PURPOSE = "netreach-join-answer+jws"

WORDS_TO_TYPE = "words-to-type"
"""This node acts next: somebody types the four words."""
WAITING_FOR_THEM = "waiting-for-them"
"""The other node acts next."""
JOINED = "joined"
FROZEN = "frozen"
"""Somebody here acts next: the partner shows documents that do not fit together."""
ENDED = "ended"
SPEAKING = frozenset({WAITING_FOR_THEM, JOINED})
"""States in which this node lets the partner sign in: we have typed its words."""


class Link(Struct, frozen=True, kw_only=True):
    """An invitation, as one coordinator sends it to another."""

    base_url: str
    invitation: UUID
    node: str
    root: str
    secret: str
    commitment: str

    def __str__(self) -> str:
        """Write it as an address; all that is secret stands after the #, which is never sent."""
        inside = {
            "id": str(self.invitation),
            "node": self.node,
            "root": self.root,
            "secret": self.secret,
            "commit": self.commitment,
        }
        return f"{self.base_url}{JOIN_PATH}#{urlencode(inside)}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a link that somebody pasted."""
        try:
            parts = urlsplit(text.strip())
            inside = parse_qs(parts.fragment, strict_parsing=True)
            if not parts.path.endswith(JOIN_PATH) or not parts.netloc:
                raise InvitationForged
            return cls(
                base_url=f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(JOIN_PATH)}",
                invitation=UUID(inside["id"][0]),
                node=inside["node"][0],
                root=inside["root"][0],
                secret=inside["secret"][0],
                commitment=inside["commit"][0],
            )
        except (ValueError, KeyError) as error:
            raise InvitationForged from error


class JoinRequest(Struct, frozen=True, kw_only=True):
    """The newcomer's first message, signed with its transport key; `mac` proves the link."""

    invitation: UUID
    document: str
    nonce: str
    mac: str


class JoinAnswer(Struct, frozen=True, kw_only=True):
    """The inviter's reply, signed with its transport key: its document, and the nonce revealed."""

    document: str
    nonce: str


def commit(nonce: bytes) -> str:
    """Bind the inviter to a nonce without showing it."""
    return text_of(hashlib.sha256(b"netreach nonce" + nonce).digest())


def prove(secret_hash: bytes, invitation: UUID, document: str, nonce: str) -> str:
    """Show knowledge of the link's secret, bound to this document and nonce.

    The key is the secret's hash, which is all that the inviter keeps.
    """
    said = canonical({"invitation": invitation, "document": document, "nonce": nonce})
    return text_of(hmac.new(secret_hash, said, hashlib.sha256).digest())


def proven(request: JoinRequest, secret_hash: bytes) -> bool:
    """Tell whether the newcomer holds the link."""
    wanted = prove(secret_hash, request.invitation, request.document, request.nonce)
    # as bytes: of texts it compares only ASCII, and this one comes from outside
    return hmac.compare_digest(wanted.encode(), request.mac.encode())


def words_for(request: JoinRequest, answer: JoinAnswer) -> list[str]:
    """Give the four words that both coordinators must see, over all that was exchanged."""
    said = {
        "newcomer": request.document,
        "newcomer_nonce": request.nonce,
        "inviter": answer.document,
        "inviter_nonce": answer.nonce,
    }
    return spoken(hashlib.sha256(canonical(said)).digest(), WORD_COUNT)
