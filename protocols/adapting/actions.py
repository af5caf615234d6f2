"""A project drafts what it says over another's text; nothing here is live before its approval."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound, Reason
from federation.permissions.rules import Asker, require_role, require_write
from protocols.adapting.errors import NothingOpen, NotNewer, StaleTranslations
from protocols.adapting.queries import Version, live_version, on_shifts, version_of
from protocols.adoption.errors import ValuesMissing
from protocols.adoption.models import Adoption
from protocols.adoption.rules import kept_values, reasons_against_given, reasons_against_values
from protocols.items.actions import AUTHORS
from protocols.items.queries import reasons_against_owner
from protocols.overlays.errors import PartsRefused
from protocols.overlays.models import Overlay
from protocols.overlays.queries import open_overlay, written
from protocols.overlays.rules.parts import OwnPart, is_about_safety, stale_languages
from protocols.overlays.rules.three_way import Decision, compare, settle
from protocols.overlays.rules.writing import MOST_PARTS, Told, own_part, reasons_against_part
from protocols.recalls.queries import newest_sound
from protocols.releases.queries import release_of, work_of
from protocols.releases.rules import Manifest, read_manifest

STALE = "The version in %(language)s is out of date."


async def write_part(
    session: AsyncSession, asker: Asker, urn: str, told: Told, now: datetime
) -> Overlay:
    """Put words of the project's own in place of a block or after one, or leave one out."""
    overlay, version = await _opened(session, asker, urn, now)
    before = next((one for one in version.parts if one.block == told.block), None)
    owner = await _owner(session, asker, told, before)
    part = own_part(version.manifest, told, owner, before)
    others = [one for one in version.parts if one.block != told.block]
    await _check(session, asker, version, [part], now)
    if len(others) >= MOST_PARTS:
        raise PartsRefused(reasons=(Reason("too-many-parts", "These are too many own parts."),))
    parts = [part if one is before else one for one in version.parts]
    if before is None:
        parts.append(part)
    await _keep(session, asker, overlay, parts=parts, verb="wrote-part", now=now)
    return overlay


async def remove_part(
    session: AsyncSession, asker: Asker, urn: str, block: UUID, now: datetime
) -> Overlay:
    """Go back to what the text itself says in one place."""
    overlay, version = await _opened(session, asker, urn, now)
    parts = [one for one in version.parts if one.block != block]
    if len(parts) == len(version.parts):
        raise NotFound
    await _keep(session, asker, overlay, parts=parts, verb="removed-part", now=now)
    return overlay


async def give_values(
    session: AsyncSession, asker: Asker, urn: str, values: Mapping[str, str], now: datetime
) -> Overlay:
    """Fill a text's gaps with what is right here; an empty value leaves a gap open again."""
    overlay, version = await _opened(session, asker, urn, now)
    filled = _filled(version.manifest, version.values, values)
    await _keep(session, asker, overlay, values=filled, verb="gave-values", now=now)
    return overlay


async def take_version(
    session: AsyncSession,
    asker: Asker,
    urn: str,
    *,
    number: str,
    decisions: Mapping[UUID, Decision],
    stale_seen: Collection[str] = (),
    values: Mapping[str, str] | None = None,
    now: datetime,
) -> Overlay:
    """Bring the project's own parts over a newer version, as decided; the old text stays live."""
    overlay, version = await _opened(session, asker, urn, now)
    release = await release_of(session, asker, urn, number)
    same = work_of(release) == work_of(version.release)
    if same and release.sequence < version.release.sequence:
        raise NotNewer
    theirs = read_manifest(release.manifest)
    steps = compare(version.manifest, version.parts, theirs, version.values)
    parts = settle(steps, decisions, theirs, version.values)
    _require_seen(theirs, parts, stale_seen)
    filled = _filled(theirs, kept_values(theirs, version.values), values or {})
    over = Version(release=release, manifest=theirs, parts=parts, values=filled)
    reworded = {block for block, one in decisions.items() if one.choice == "text"}
    await _check(session, asker, over, [one for one in parts if one.block in reworded], now)
    over.text()
    overlay.release_id, overlay.base_hash = release.id, release.hash
    await _keep(session, asker, overlay, parts=parts, values=filled, verb="took-version", now=now)
    return overlay


async def drop_change(session: AsyncSession, asker: Asker, urn: str, now: datetime) -> None:
    """Throw away what was drafted; what is live was never touched."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    overlay = await open_overlay(session, asker.project_id, urn, lock=True)
    if overlay is None:
        raise NothingOpen
    overlay.state = "dropped"
    await session.flush()
    await note(session, asker, "dropped-change", overlay, now)


async def follow(
    session: AsyncSession,
    asker: Asker,
    urn: str,
    mode: Literal["pinned", "tracking"],
    now: datetime,
) -> None:
    """Say whether newer versions are put forward or only there to be found; no text changes."""
    require_role(asker, "coordinator")
    require_write(asker)
    adoption = await session.scalar(_adoption(asker, urn).with_for_update())
    if adoption is None:
        raise NotFound
    adoption.mode = mode
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb=mode,
        subject="adoption",
        subject_id=adoption.id,
        now=now,
        facts={"urn": urn},
    )


async def note(
    session: AsyncSession, asker: Asker, verb: str, overlay: Overlay, now: datetime
) -> None:
    """Write down who did what to an overlay."""
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="overlay",
        subject_id=overlay.id,
        now=now,
        facts={"urn": overlay.urn, "over": overlay.base_hash.hex()},
    )


async def _opened(
    session: AsyncSession, asker: Asker, urn: str, now: datetime
) -> tuple[Overlay, Version]:
    """Give the project's one open change, locked; begin it from what is live, or from a release."""
    require_role(asker, *AUTHORS)
    require_write(asker)
    newest = await newest_sound(session, asker, urn)
    overlay = await open_overlay(session, asker.project_id, urn, lock=True)
    if overlay is None:
        adoption = await session.scalar(_adoption(asker, urn).with_for_update())
        live = await live_version(session, adoption) if adoption else None
        start = live or Version(
            release=newest, manifest=read_manifest(newest.manifest), parts=(), values={}
        )
        await session.execute(_begun(asker, urn, start, now))
        overlay = await open_overlay(session, asker.project_id, urn, lock=True)
    if overlay is None:
        raise NothingOpen
    return overlay, await version_of(session, overlay)


def _adoption(asker: Asker, urn: str) -> Select[Adoption]:
    return select(Adoption).where(Adoption.project_id == asker.project_id, Adoption.urn == urn)


def _begun(asker: Asker, urn: str, start: Version, now: datetime) -> Insert:
    return (
        insert(Overlay)
        .values(
            id=new_id(),
            project_id=asker.project_id,
            urn=urn,
            release_id=start.release.id,
            base_hash=start.release.hash,
            values=dict(start.values),
            parts=written(start.parts),
            authors=[],
            drafted_at=now,
            state="draft",
        )
        .on_conflict_do_nothing()
    )


def _filled(
    manifest: Manifest, kept: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Add given values to those that are kept; a gap may stay open in a draft, not be made up."""
    filled = {name: value.strip() for name, value in {**kept, **given}.items() if value.strip()}
    made_up = [
        reason
        for reason in reasons_against_values(manifest, filled)
        if reason.code == "no-such-placeholder"
    ]
    reasons = made_up + reasons_against_given(manifest, given)
    if reasons:
        raise ValuesMissing(reasons=tuple(reasons))
    return filled


async def _owner(session: AsyncSession, asker: Asker, told: Told, before: OwnPart | None) -> UUID:
    """Give who answers for a part: somebody who is still in the asker's own project."""
    owner = told.owner or (before.owner if before else asker.person_id)
    reasons = await reasons_against_owner(session, asker, owner)
    if reasons:
        raise PartsRefused(reasons=tuple(reasons))
    return owner


async def _check(
    session: AsyncSession,
    asker: Asker,
    version: Version,
    parts: Sequence[OwnPart],
    now: datetime,
) -> None:
    named = await on_shifts(session, asker.project_id, version.release)
    reasons = [
        reason
        for part in parts
        for reason in reasons_against_part(
            version.manifest, part, values=version.values, on_shifts=named, today=now.date()
        )
    ]
    if reasons:
        raise PartsRefused(reasons=tuple(reasons))


def _require_seen(theirs: Manifest, parts: Sequence[OwnPart], seen: Collection[str]) -> None:
    unseen = stale_languages(theirs, parts) - set(seen)
    if unseen and is_about_safety(theirs):
        reasons = [
            Reason("stale-translation", STALE % {"language": language})
            for language in sorted(unseen)
        ]
        raise StaleTranslations(reasons=tuple(reasons))


async def _keep(
    session: AsyncSession,
    asker: Asker,
    overlay: Overlay,
    *,
    parts: Sequence[OwnPart] | None = None,
    values: Mapping[str, str] | None = None,
    verb: str,
    now: datetime,
) -> None:
    """Write a draft; whoever was asked to approve it is asked again."""
    if parts is not None:
        overlay.parts = written(parts)
    if values is not None:
        overlay.values = dict(values)
    if asker.person_id not in overlay.authors:
        overlay.authors = [*overlay.authors, asker.person_id]
    overlay.state, overlay.asked_hash, overlay.asked_at = "draft", None, None
    await session.flush()
    await note(session, asker, verb, overlay, now)
