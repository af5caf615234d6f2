from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.partners.rules.canonical import canonical
from federation.permissions.rules import Asker, require_role
from federation.pools.models import PoolMember
from protocols.adoption.models import Adoption
from protocols.adoption.queries import item_in_project
from protocols.adoption.rules import InForce, effective_hash
from protocols.items.actions import AUTHORS
from protocols.overlays.models import Overlay
from protocols.overlays.queries import open_overlay, parts_of, read_parts, written
from protocols.overlays.rules.parts import OwnPart, effective
from protocols.overlays.rules.three_way import Step, compare
from protocols.pool_texts.models import PoolText
from protocols.pool_texts.queries import names
from protocols.releases.models import Release
from protocols.releases.queries import work_of
from protocols.releases.rules import Manifest, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A release with a project's own parts and values: what is live, or what is about to be."""

    release: Release
    manifest: Manifest
    parts: Sequence[OwnPart]
    values: Mapping[str, str]

    def text(self) -> Manifest:
        """Give the text with the own parts in it; refuses where one has no place."""
        return effective(self.manifest, self.parts)

    def hash(self) -> bytes:
        """Name what people would read: every language, with all values."""
        return effective_hash(self.text(), self.values)

    def asked_hash(self) -> bytes:
        """Name all that somebody approves, also what no reader sees.

        The release brings facts such as use limits; each own part its reason, owner and day.
        """
        approved = {
            "base": self.release.hash.hex(),
            "parts": written(self.parts),
            "values": dict(self.values),
            "text": self.hash().hex(),
        }
        return sha256(canonical(approved)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A text as its project has it, and what the project is about to make of it.

    `live` is what was approved; `standing` is what holds of it, which after a recall is another.
    `newest` of `releases` is the one to be taken up.
    """

    adoption: Adoption | None
    live: Version | None
    standing: InForce | None
    overlay: Overlay | None
    next: Version
    newest: Release
    releases: Sequence[Release]
    on_shifts: bool

    @property
    def reads(self) -> tuple[Manifest, Mapping[str, str]] | None:
        """Give the words and values that people have now; None where nothing of it holds."""
        if self.live is None or self.standing is None or self.standing.manifest is None:
            return None
        return self.standing.manifest, self.standing.values

    @property
    def number_read(self) -> str | None:
        """Name the version that people have before them now."""
        upstream = self.standing.upstream if self.standing else None
        return upstream.number if upstream else None

    @property
    def retold(self) -> list[tuple[OwnPart, OwnPart]]:
        """Pair each live own part with the next, where why, who or until when is another."""
        before = {part.block: part for part in self.live.parts} if self.live else {}
        pairs = [(before[part.block], part) for part in self.next.parts if part.block in before]
        return [
            (was, part)
            for was, part in pairs
            if (was.reason, was.owner, was.review_by) != (part.reason, part.owner, part.review_by)
        ]


async def change_of(session: AsyncSession, asker: Asker, urn: str) -> Change:
    """Give the asker's project's own parts and values of a text that it may see."""
    require_role(asker, *AUTHORS)
    known = await item_in_project(session, asker.project_id, urn)
    if not known.releases:
        raise NotFound
    sound = [one for one in known.releases if one.sequence not in known.withdrawn]
    newest = (sound or known.releases)[-1]
    live = await _live(session, known.adoption, known.own) if known.adoption else None
    overlay = await open_overlay(session, asker.project_id, urn)
    fresh = Version(release=newest, manifest=read_manifest(newest.manifest), parts=(), values={})
    next_ = await version_of(session, overlay) if overlay else live or fresh
    return Change(
        adoption=known.adoption,
        live=live,
        standing=known.standing,
        overlay=overlay,
        next=next_,
        newest=newest,
        releases=known.releases,
        on_shifts=known.on_shifts(next_.release),
    )


async def comparison(
    session: AsyncSession, asker: Asker, urn: str, number: str | None
) -> tuple[Change, Release, list[Step]]:
    """Set a newer release beside what the project has, or is about to have, block by block."""
    change = await change_of(session, asker, urn)
    named = [one for one in change.releases if one.number == number] if number else [change.newest]
    if not named:
        raise NotFound
    [release] = named
    theirs = read_manifest(release.manifest)
    now = change.next
    return change, release, compare(now.manifest, now.parts, theirs, now.values)


async def live_version(session: AsyncSession, adoption: Adoption) -> Version:
    """Give what a project has locked, with the own parts that were approved for it."""
    overlays = {adoption.overlay_id} if adoption.overlay_id else set()
    found = await parts_of(session, overlays)
    return await _live(session, adoption, found[adoption.overlay_id] if adoption.overlay_id else ())


async def _live(session: AsyncSession, adoption: Adoption, parts: Sequence[OwnPart]) -> Version:
    release = await session.get_one(Release, adoption.release_id)
    manifest = read_manifest(release.manifest)
    return Version(release=release, manifest=manifest, parts=parts, values=adoption.values)


async def version_of(session: AsyncSession, overlay: Overlay) -> Version:
    """Give what an overlay would make of its release."""
    release = await session.get_one(Release, overlay.release_id)
    manifest = read_manifest(release.manifest)
    parts = read_parts(overlay)
    return Version(release=release, manifest=manifest, parts=parts, values=overlay.values)


async def on_shifts(session: AsyncSession, project_id: UUID, release: Release) -> bool:
    """Tell whether a pool of the project has put this text on its shifts: it is only added to."""
    named = exists().where(
        names(work_of(release)),
        PoolText.pool_id == PoolMember.pool_id,
        PoolMember.project_id == project_id,
    )
    return bool(await session.scalar(select(named)))
