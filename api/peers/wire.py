"""What travels between nodes beside signed statements; fields of newer versions are ignored."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from federation.feeds.rules.lean import LeanPage

Kind = Annotated[str, Meta(pattern=r"\A(pool/shifts|pool/open-hours|project/releases|private)\Z")]
Subject = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{36,43}\Z")]
Granted = Annotated[str, Meta(pattern=r"\A[^\x00]*\Z", max_length=100)]
Capabilities = Annotated[list[Granted], Meta(max_length=5_000)]
"""Kept with the partner, and shown: all of five hundred pools and five hundred projects fit in."""
EpochText = Annotated[str, Meta(pattern=r"\A[0-9a-f-]{36}\Z")]


class JoinBody(Struct, frozen=True, kw_only=True):
    """A join request or its answer: one signed statement."""

    statement: str


class DocumentBody(Struct, frozen=True, kw_only=True):
    """A node's own document, brought to a partner."""

    document: str


class FeedLine(Struct, frozen=True, kw_only=True):
    """A feed that the asking partner may read."""

    id: UUID
    kind: Kind
    subject: Subject
    epoch: EpochText


class FeedList(Struct, frozen=True, kw_only=True):
    """What a partner may read here, what it was granted, and which document is in force.

    `withheld` is what it may not do although it takes part in a pool that would bring it.
    `pools` holds what was signed about who hosts the pools in which it takes part, by signer.
    `name` names all of it; empty where the partner's version gives none and is asked in full.
    """

    feeds: Annotated[list[FeedLine], Meta(max_length=1_000)]
    granted: Capabilities
    withheld: Capabilities = []
    pools: Annotated[list[dict[str, str]], Meta(max_length=1_000)] = []
    document_version: int
    name: Annotated[str, Meta(pattern=r"\A([A-Za-z0-9_-]{16})?\Z")] = ""


class News(Struct, frozen=True, kw_only=True):
    """The answer to a poll that said where the reader stands: a page of each feed with news."""

    pages: dict[UUID, LeanPage]


class Token(Struct, frozen=True, kw_only=True):
    """RFC 6749, section 5.1."""

    access_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 -- RFC 6749's word, no secret


class Problem(Struct, frozen=True, kw_only=True):
    """The part of a partner's refusal that a program can act on."""

    code: str = ""
    error: str = ""

    def says(self) -> str:
        """Give its code, from whichever of the two forms it has."""
        return (self.code or self.error)[:60]
