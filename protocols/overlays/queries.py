from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.overlays.models import Overlay
from protocols.overlays.rules.parts import OwnPart


def read_own(stored: Collection[object]) -> tuple[OwnPart, ...]:
    """Read own parts as they are kept."""
    return msgspec.convert(stored, tuple[OwnPart, ...])


def read_parts(overlay: Overlay) -> list[OwnPart]:
    """Give an overlay's own parts as values."""
    return msgspec.convert(overlay.parts, list[OwnPart])


def written(parts: Collection[OwnPart]) -> list[dict[str, object]]:
    """Give own parts as they are kept."""
    return [msgspec.to_builtins(part) for part in parts]


async def parts_of(
    session: AsyncSession, overlay_ids: Collection[UUID]
) -> dict[UUID, tuple[OwnPart, ...]]:
    """Give the own parts of some overlays, for whatever is computed from the effective text."""
    if not overlay_ids:
        return {}
    rows = await session.execute(
        select(Overlay.id, Overlay.parts).where(Overlay.id.in_(overlay_ids))
    )
    return {overlay_id: read_own(parts) for overlay_id, parts in rows}


async def open_overlay(
    session: AsyncSession, project_id: UUID, urn: str, *, lock: bool = False
) -> Overlay | None:
    """Give what a project is about to change in a text, if anything; one at a time."""
    query = select(Overlay).where(
        Overlay.project_id == project_id, Overlay.urn == urn, Overlay.state.in_(("draft", "asked"))
    )
    found: Overlay | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True) if lock else query
    )
    return found
