"""What stands in an offline bundle, and what a reader is told of it."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A release or a recall as it was published, and the node whose key has signed it."""

    node: str
    manifest: str
    signature: str


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    format: Literal["netreach-bundle/1"]
    head: str
    documents: list[str]
    releases: list[Signed]
    recalls: list[Signed]


class Head(msgspec.Struct, frozen=True):
    """What the node that made the bundle has signed."""

    format: Literal["netreach-bundle/1"]
    node: str
    project: str
    at: Moment
    expires: Moment
    contents: str


class Wording(msgspec.Struct, frozen=True):
    """A release's words in one language."""

    title: str
    texts: dict[str, str]


class Released(msgspec.Struct, frozen=True):
    """A release, as far as its reader needs it; a newer netreach may say more."""

    format: Literal["netreach-release/1"]
    urn: str
    project: str
    number: str
    sequence: int
    previous: str | None
    expires: Moment
    source_language: str
    variants: dict[str, Wording]


class Holds(msgspec.Struct, frozen=True):
    """What is right while a release is withdrawn."""

    sequence: int | None
    texts: dict[str, str] | None


class Recalled(msgspec.Struct, frozen=True):
    """A withdrawal, of one part where it names a `block`."""

    format: Literal["netreach-recall/1"]
    urn: str
    project: str
    sequence: int
    reason: str
    holds: Holds
    block: str | None = None


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of one text: a release by number, or an emergency text; and why, if withdrawn."""

    urn: str
    title: str
    number: str | None
    emergency: dict[str, str] | None
    withdrawn_because: str | None
    parts_withdrawn: list[str]
    expired: bool


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle that holds: who made it when, until when it counts, and what it says."""

    node: str
    name: str
    root: str
    project: str
    at: datetime
    expires: datetime
    texts: list[Text]
    releases: dict[str, dict[int, str]]
    recalls: dict[str, str]
