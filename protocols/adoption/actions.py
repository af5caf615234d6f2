from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.permissions.rules import Asker, require_role, require_write
from protocols.adoption.errors import (
    ChangeOpen,
    Expired,
    OwnPartsInTheWay,
    ValuesMissing,
    ValuesNeedApproval,
)
from protocols.adoption.models import Adoption
from protocols.adoption.rules import (
    effective_hash,
    is_expired,
    kept_values,
    reasons_against_given,
    reasons_against_values,
)
from protocols.changes.actions import texts_changed
from protocols.overlays.queries import open_overlay, parts_of
from protocols.pool_texts.errors import LivedReviewMissing
from protocols.pool_texts.queries import asked_of_project
from protocols.recalls.errors import Withdrawn
from protocols.recalls.queries import newest_sound, withdrawals_of
from protocols.releases.models import Release
from protocols.releases.queries import release_of, work_of
from protocols.releases.rules import Manifest, read_manifest


async def adopt(
    session: AsyncSession,
    asker: Asker,
    *,
    urn: str,
    number: str | None = None,
    mode: Literal["pinned", "tracking"] = "tracking",
    values: Mapping[str, str] | None = None,
    now: datetime,
) -> Adoption:
    """Take up one release (the newest that holds, if none is named) with the project's own values.

    Values that were given before are kept, also past a release without their gaps; whatever is
    still open keeps the old text live. Where a value in use changes, or the project has parts of
    its own, a second person has to agree.
    """
    require_role(asker, "coordinator")
    require_write(asker)
    release = await (
        release_of(session, asker, urn, number) if number else newest_sound(session, asker, urn)
    )
    manifest = read_manifest(release.manifest)
    await require_sound(session, asker.project_id, release, manifest, now)
    await _one_at_a_time(session, asker.project_id, urn)
    adoption = await session.scalar(
        select(Adoption)
        .where(Adoption.project_id == asker.project_id, Adoption.urn == urn)
        .with_for_update()
    )
    known = {**adoption.given_before, **adoption.values} if adoption else {}
    await _require_one_way(session, asker, urn, adoption, known, values or {})
    filled = _values(manifest, known, values or {})
    if adoption is None:
        adoption = _locked(asker, mode, release, manifest, filled, now)
        session.add(adoption)
    adoption.mode = mode
    adoption.release_id, adoption.locked_hash = release.id, release.hash
    adoption.values, adoption.effective_hash = filled, effective_hash(manifest, filled)
    adoption.adopted_by, adoption.adopted_at = asker.person_id, now
    adoption.given_before, adoption.overlay_id = known, None
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="adopted",
        subject="adoption",
        subject_id=adoption.id,
        now=now,
        facts={"urn": urn, "number": release.number, "locked": release.hash.hex()},
    )
    await texts_changed(session, now)
    return adoption


async def _one_at_a_time(session: AsyncSession, project_id: UUID, urn: str) -> None:
    """Wait for whoever takes up the same at this moment: until there is a row, none can be held."""
    place = func.hashtextextended(f"{project_id} {urn}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(place)))


async def require_sound(
    session: AsyncSession, project_id: UUID, release: Release, manifest: Manifest, now: datetime
) -> None:
    """Refuse what is withdrawn, past its date, or lacks a review that a pool asks for."""
    if release.sequence in await withdrawals_of(session, work_of(release)):
        raise Withdrawn
    if is_expired(manifest, now):
        raise Expired
    if not manifest.lived_experience and await asked_of_project(
        session, project_id, work_of(release)
    ):
        raise LivedReviewMissing


async def _require_one_way(
    session: AsyncSession,
    asker: Asker,
    urn: str,
    adoption: Adoption | None,
    known: Mapping[str, str],
    given: Mapping[str, str],
) -> None:
    if await open_overlay(session, asker.project_id, urn) is not None:
        raise ChangeOpen
    if adoption is None:
        return
    if any(known.get(name, value) != value for name, value in given.items()):
        raise ValuesNeedApproval
    if adoption.overlay_id and (await parts_of(session, {adoption.overlay_id})).popitem()[1]:
        raise OwnPartsInTheWay


def _values(
    manifest: Manifest, known: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    filled = kept_values(manifest, known) | dict(given)
    reasons = reasons_against_values(manifest, filled) + reasons_against_given(manifest, given)
    if reasons:
        raise ValuesMissing(reasons=tuple(reasons))
    return filled


def _locked(
    asker: Asker,
    mode: str,
    release: Release,
    manifest: Manifest,
    values: dict[str, str],
    now: datetime,
) -> Adoption:
    return Adoption(
        project_id=asker.project_id,
        urn=release.urn,
        mode=mode,
        release_id=release.id,
        locked_hash=release.hash,
        values=values,
        effective_hash=effective_hash(manifest, values),
        adopted_by=asker.person_id,
        adopted_at=now,
    )
