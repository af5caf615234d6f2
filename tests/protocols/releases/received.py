"""What a partner has sent, taken in as a node does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.sender import Sender
from protocols.releases.actions import receive_releases
from protocols.releases.models import Release
from protocols.releases.rules import Manifest, Part, manifest_bytes, read_manifest
from protocols.statements.rules import signed
from tests.protocols.example_texts import (
    NOW,
    signer,
    verifier,
)

LATER = NOW + timedelta(minutes=1)
Payload = dict[str, Any]


class Sent(NamedTuple):
    """What North has sent, and its own copy; North's rows are gone from this database."""

    payload: Payload
    release_id: UUID
    project: UUID
    manifest: bytes
    sender: Sender


async def receive(node: AsyncSession, payload: Payload, sender: Sender) -> None:
    await receive_releases(node, sender, [payload], LATER, verify=verifier)


async def stored(node: AsyncSession) -> list[Release]:
    return list(await node.scalars(select(Release).order_by(Release.sequence)))


def changed(payload: Payload, change: Callable[[Manifest], Manifest]) -> Payload:
    """Sign another manifest with the right key, as a partner could."""
    manifest = change(read_manifest(payload["manifest"].encode()))
    return msgspec.structs.asdict(signed(manifest_bytes(manifest), signer))


def with_parts(known: Manifest, count: int, text: str = "Stay.") -> Manifest:
    blocks = [Part(id=uuid4(), locked=False) for _ in range(count)]
    said = {str(block.id): text for block in blocks}
    source = msgspec.structs.replace(known.source, texts=said)
    return msgspec.structs.replace(known, blocks=blocks, variants={"en": source})
