from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.permissions.rules import Asker, require_role, require_write
from protocols.adapting.actions import note
from protocols.adapting.errors import ChangeDiffers, NotAsked, NothingOpen, NothingToApprove
from protocols.adapting.queries import Version, live_version, on_shifts, version_of
from protocols.adoption.actions import require_sound
from protocols.adoption.errors import ValuesMissing
from protocols.adoption.models import Adoption
from protocols.adoption.rules import reasons_against_values
from protocols.changes.actions import texts_changed
from protocols.items.actions import APPROVERS, AUTHORS
from protocols.items.errors import AuthorMayNotApprove
from protocols.items.notices import tell_approvers
from protocols.overlays.errors import PartsRefused
from protocols.overlays.models import Overlay
from protocols.overlays.queries import open_overlay
from protocols.overlays.rules.writing import reasons_against_part
from protocols.screening.queries import require_screened
from protocols.screening.rules import Passage

SENT_BACK = "It was sent back."


async def ask_approval(session: AsyncSession, asker: Asker, urn: str, now: datetime) -> Overlay:
    """Hand in a change as it stands; whatever is missing is said now, not at the approval."""
    require_role(asker, *AUTHORS)
    overlay = await _locked(session, asker, urn)
    version = await version_of(session, overlay)
    await _require_ready(session, asker, version, now)
    asked = version.asked_hash()
    adoption = await _adoption(session, asker, urn)
    if adoption and (await live_version(session, adoption)).asked_hash() == asked:
        raise NothingToApprove
    overlay.state, overlay.asked_hash, overlay.asked_at = "asked", asked, now
    overlay.sent_back = None
    await session.flush()
    await note(session, asker, "asked-approval", overlay, now)
    await tell_approvers(session, overlay.project_id, APPROVERS, now, authors=overlay.authors)
    return overlay


async def approve_change(
    session: AsyncSession, asker: Asker, urn: str, *, seen: bytes, now: datetime
) -> Adoption:
    """Make a change live, exactly as the approver saw it; whoever wrote in it may not."""
    require_role(asker, *APPROVERS)
    overlay = await _locked(session, asker, urn)
    if overlay.state != "asked":
        raise NotAsked
    if asker.person_id in overlay.authors:
        raise AuthorMayNotApprove
    version = await version_of(session, overlay)
    await _require_ready(session, asker, version, now)
    if not seen == overlay.asked_hash == version.asked_hash():
        raise ChangeDiffers
    overlay.state, overlay.approver_id, overlay.approved_at = "approved", asker.person_id, now
    overlay.approved_hash = version.hash()
    await session.flush()
    adoption = await _live(session, asker, overlay, now)
    await note(session, asker, "approved-change", overlay, now)
    await texts_changed(session, now)
    return adoption


async def send_back(
    session: AsyncSession, asker: Asker, urn: str, *, sentence: str, now: datetime
) -> Overlay:
    """Say what has to be mended before a change can be approved."""
    require_role(asker, *APPROVERS)
    overlay = await _locked(session, asker, urn)
    if overlay.state != "asked":
        raise NotAsked
    overlay.state, overlay.asked_hash, overlay.asked_at = "draft", None, None
    overlay.sent_back = sentence.strip()[:1000] or SENT_BACK
    await session.flush()
    await note(session, asker, "sent-back", overlay, now)
    return overlay


async def _locked(session: AsyncSession, asker: Asker, urn: str) -> Overlay:
    require_write(asker)
    overlay = await open_overlay(session, asker.project_id, urn, lock=True)
    if overlay is None:
        raise NothingOpen
    return overlay


async def _require_ready(
    session: AsyncSession, asker: Asker, version: Version, now: datetime
) -> None:
    """Hold now what was held when each part was written: pools, recalls and days move on."""
    manifest = version.manifest
    await require_sound(session, asker.project_id, version.release, manifest, now)
    version.text()
    named = await on_shifts(session, asker.project_id, version.release)
    reasons = [
        reason
        for part in version.parts
        for reason in reasons_against_part(
            manifest, part, values=version.values, on_shifts=named, today=now.date()
        )
    ]
    if reasons:
        raise PartsRefused(reasons=tuple(reasons))
    own = version.values.values()
    await require_screened(session, asker.project_id, _passages(version), own)
    missing = reasons_against_values(manifest, version.values)
    if missing:
        raise ValuesMissing(reasons=tuple(missing))


def _passages(version: Version) -> Iterator[Passage]:
    """Give the project's own words, and why it says them."""
    for number, part in enumerate(version.parts, 1):
        for language, words in part.texts.items():
            yield Passage(f"Own part {number} ({language})", words, language)
        yield Passage(f"Reason of own part {number}", part.reason)


async def _adoption(session: AsyncSession, asker: Asker, urn: str) -> Adoption | None:
    query = select(Adoption).where(Adoption.project_id == asker.project_id, Adoption.urn == urn)
    found: Adoption | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return found


async def _live(session: AsyncSession, asker: Asker, overlay: Overlay, now: datetime) -> Adoption:
    row = {
        "release_id": overlay.release_id,
        "locked_hash": overlay.base_hash,
        "values": overlay.values,
        "effective_hash": overlay.approved_hash,
        "adopted_by": asker.person_id,
        "adopted_at": now,
        "overlay_id": overlay.id,
    }
    fresh = insert(Adoption).values(
        id=new_id(), project_id=asker.project_id, urn=overlay.urn, mode="tracking", **row
    )
    before = {"given_before": Adoption.given_before.op("||")(Adoption.values)}
    await session.execute(
        fresh.on_conflict_do_update(constraint="uq_adoption_project_id_urn", set_=row | before)
    )
    adoption = await _adoption(session, asker, overlay.urn)
    if adoption is None:
        raise NothingOpen
    return adoption
