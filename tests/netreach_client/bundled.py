"""Bundles of a node with real keys, made as a node makes them, without a database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from federation.partners.keys import NodeKeys
from federation.partners.rules.canonical import canonical
from protocols.bundles.rules import PURPOSE, Signed, bundled
from protocols.recalls.rules import Holds, RecallManifest, recall_bytes
from protocols.releases.rules import Manifest, Part, Wording, manifest_bytes
from protocols.statements.rules import hash_of, signed

NOW = datetime(2027, 1, 5, 18, 0, tzinfo=UTC)
BLOCK, PROJECT = UUID(int=1), UUID(int=2)
RELEASED = "netreach-release+jws"


def urn_of(number: int) -> str:
    return f"urn:uuid:{UUID(int=number)}"


@dataclass
class Maker:
    """A node that publishes texts and makes bundles of them."""

    folder: Path
    node: NodeKeys = field(init=False)

    def __post_init__(self) -> None:
        self.node = NodeKeys.create(self.folder)

    @property
    def document(self) -> str:
        return self.node.document(name="North", base_url="https://north.example")

    def sign(self, manifest: bytes) -> str:
        return self.node.sign("release", manifest, purpose=RELEASED)

    def releases(self, count: int, *, urn: str = "", **other: Any) -> list[Signed]:
        """Publish a text and its next versions, each linked to the one before."""
        published: list[Signed] = []
        for sequence in range(1, count + 1):
            before = published[-1].manifest.encode() if published else None
            manifest = manifest_bytes(release(sequence, before, urn=urn or urn_of(9), **other))
            published.append(self.signed(manifest))
        return published

    def recall(self, sequence: int, *, urn: str = "", **other: Any) -> Signed:
        said: dict[str, Any] = {
            "format": "netreach-recall/1",
            "recall": UUID(int=100 + sequence),
            "urn": urn or urn_of(9),
            "project": PROJECT,
            "sequence": sequence,
            "reason": "The law has changed.",
            "holds": Holds(sequence=None, texts={"en": "Close the chat."}),
            "stated": NOW,
        }
        return self.signed(recall_bytes(RecallManifest(**said | other)))

    def signed(self, manifest: bytes) -> Signed:
        statement = signed(manifest, self.sign)
        return Signed(
            node=self.node.node_id, manifest=statement.manifest, signature=statement.signature
        )

    def bundle(
        self,
        releases: Sequence[Signed],
        recalls: Sequence[Signed] = (),
        *,
        documents: dict[str, str] | None = None,
        now: datetime = NOW,
    ) -> bytes:
        return bundled(
            node=self.node.node_id,
            project=PROJECT,
            documents={self.node.node_id: self.document} | (documents or {}),
            releases=releases,
            recalls=recalls,
            sign=lambda head: self.node.sign("head", head, purpose=PURPOSE),
            now=now,
        )


def release(sequence: int, before: bytes | None, *, urn: str, **other: Any) -> Manifest:
    facts: dict[str, Any] = {
        "format": "netreach-release/1",
        "release": UUID(int=1000 + sequence),
        "urn": urn,
        "project": PROJECT,
        "number": f"{sequence}.0.0",
        "sequence": sequence,
        "previous": hash_of(before).hex() if before else None,
        "acknowledgement": "re-read",
        "kind": "protocol",
        "protocol_kind": "conduct",
        "source_language": "en",
        "jurisdictions": ["england"],
        "review_by": date(2027, 12, 1),
        "use_limits": [],
        "channels": [],
        "stated": NOW,
        "expires": NOW + timedelta(days=365),
        "blocks": [Part(id=BLOCK, locked=True)],
        "variants": {
            "en": Wording(
                title=f"Conduct {sequence}",
                question=None,
                keywords=[],
                texts={str(BLOCK): "Two of you."},
                source=None,
            )
        },
        "placeholders": [],
        "lived_experience": True,
    }
    return Manifest(**facts | other)


def rewritten(raw: bytes, **other: Any) -> bytes:
    """Give the file with something in it replaced, in canonical form as before."""
    return canonical(msgspec.json.decode(raw, type=dict[str, Any]) | other)
