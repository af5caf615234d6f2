"""One file with everything that a project works by, to be verified without network or database."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

import msgspec

from federation.partners.rules.canonical import canonical
from protocols.statements.rules import Sign

FORMAT: Literal["netreach-bundle/1"] = "netreach-bundle/1"
PURPOSE = "netreach-bundle+jws"
LIVES = timedelta(days=14)
"""So long a place without network may go without hearing of a recall."""
LARGEST = 32 * 2**20


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A release or a recall as it was published, and the node whose key has signed it."""

    node: str
    manifest: str
    signature: str


class BundleHead(msgspec.Struct, frozen=True, kw_only=True):
    """What the node signs that made the bundle: this and nothing else, and until when."""

    format: Literal["netreach-bundle/1"]
    node: str
    project: UUID
    at: datetime
    expires: datetime
    contents: str


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """The file: all releases of each text by sequence, all recalls, and every signer's document."""

    format: Literal["netreach-bundle/1"]
    head: str
    documents: list[str]
    releases: list[Signed]
    recalls: list[Signed]


def contents_hash(
    documents: Sequence[str], releases: Iterable[Signed], recalls: Iterable[Signed]
) -> str:
    """Name everything beside the head, to the byte and in its order."""
    whole: dict[str, Any] = {
        "documents": list(documents),
        "releases": [msgspec.structs.asdict(one) for one in releases],
        "recalls": [msgspec.structs.asdict(one) for one in recalls],
    }
    return sha256(canonical(whole)).hexdigest()


def bundled(
    *,
    node: str,
    project: UUID,
    documents: Mapping[str, str],
    releases: Sequence[Signed],
    recalls: Sequence[Signed],
    sign: Sign,
    now: datetime,
) -> bytes:
    """Write the file; the same contents at the same moment are the same bytes."""
    listed = [documents[one] for one in sorted(documents)]
    at = now.replace(microsecond=0)
    head = BundleHead(
        format=FORMAT,
        node=node,
        project=project,
        at=at,
        expires=at + LIVES,
        contents=contents_hash(listed, releases, recalls),
    )
    bundle = Bundle(
        format=FORMAT,
        head=sign(canonical(msgspec.to_builtins(head))),
        documents=listed,
        releases=list(releases),
        recalls=list(recalls),
    )
    return canonical(msgspec.to_builtins(bundle))
