from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record, record_all
from federation.feeds.actions import append
from federation.partners.sender import Sender
from federation.permissions.rules import Asker, require_role, require_write
from protocols.changes.actions import follow_recalls_of, texts_changed
from protocols.history.actions import note_release
from protocols.items.errors import NotApproved
from protocols.items.models import Item
from protocols.items.queries import item_of, written_of
from protocols.lived_reviews.queries import lived_review_took_place
from protocols.releases.errors import NothingChanged, ReleaseTooLarge, ReviewOverdue
from protocols.releases.models import Release, ReleaseText
from protocols.releases.queries import newest
from protocols.releases.rules import (
    Derived,
    Known,
    Manifest,
    Published,
    is_stale,
    is_too_large,
    manifest_bytes,
    next_number,
    paragraphs,
    read_manifest,
    same_words,
)
from protocols.releases.searching import spread_out
from protocols.statements.errors import NotAStatement
from protocols.statements.queries import FEED, require_theirs
from protocols.statements.rules import (
    Sign,
    Statement,
    Verify,
    hash_of,
    read_statement,
    signed,
    verified_bytes,
)

STATED = "release.stated"
Stated = tuple[Manifest, Statement]
KEPT = insert(Release)
SPREAD = insert(ReleaseText)
GRACE = timedelta(days=90)
"""A release can be adopted this long after its review date: a late review hurts nobody."""


async def release(
    session: AsyncSession,
    asker: Asker,
    item_id: UUID,
    *,
    reading_days: int | None = None,
    sign: Sign,
    now: datetime,
) -> Release:
    """Publish an approved text, for ever, under the next number; the feed tells partners.

    The number follows from what its author asks of readers, as it was approved. `reading_days` is
    how long those who have a seat may take to read it; 0 is at once.
    """
    require_role(asker, "coordinator")
    require_write(asker)
    item = await item_of(session, asker, item_id, lock=True)
    if item.state != "approved":
        raise NotApproved
    if item.review_by < now.date():
        raise ReviewOverdue
    before = await newest(session, item.urn)
    manifest = await _manifest(session, item, before, now)
    if reading_days is not None:
        manifest = msgspec.structs.replace(manifest, reading_days=reading_days)
    if before is not None and same_words(read_manifest(before.manifest), manifest):
        raise NothingChanged
    statement = signed(manifest_bytes(manifest), sign)
    await store_releases(session, [(manifest, statement)], now, node_id=None)
    published = await session.get_one(Release, manifest.release)
    item.state, item.approver_id, item.approved_at, item.authors = "released", None, None, []
    await note_release(session, item.id, item.version, published.number)
    stated = msgspec.structs.asdict(statement)
    await append(session, FEED, str(item.project_id), STATED, stated, now=now)
    if item.derived_from_urn is not None:
        # its source may be withdrawn at this very moment
        await follow_recalls_of(session, item.derived_from_urn, now)
    await record(
        session,
        actor=asker.person_id,
        verb="released",
        subject="release",
        subject_id=manifest.release,
        now=now,
        facts={"urn": manifest.urn, "number": manifest.number},
        published=statement,
    )
    return published


async def receive_releases(
    session: AsyncSession,
    sender: Sender,
    payloads: Sequence[dict[str, Any]],
    now: datetime,
    *,
    verify: Verify,
) -> None:
    """Keep a partner's releases as they were sent, if every signature holds; again changes nothing.

    All of them are kept, or none: whoever gets a refusal hands them over one by one.
    """
    received = [_read(payload, verify) for payload in payloads]
    for project in {manifest.project for manifest, _ in received}:
        await require_theirs(session, sender, project)
    earlier = await _earlier(session, received)
    # a third node may have taken an id for a text of its own: that keeps nobody's release out
    taken = {one.id for one in earlier}
    fresh = [
        (_under_a_free_id(manifest, taken), statement)
        for manifest, statement in _new_ones(received, earlier, sender)
    ]
    if not fresh:
        return
    await store_releases(session, fresh, now, node_id=sender.node_id)
    await record_all(
        session,
        actor=sender.node_id,
        verb="received",
        subject="release",
        facts={one.release: {"urn": one.urn, "number": one.number} for one, _ in fresh},
        now=now,
    )
    await texts_changed(session, now)


def _read(payload: dict[str, Any], verify: Verify) -> Stated:
    statement = read_statement(payload)
    try:
        manifest = read_manifest(verified_bytes(statement, verify))
    except msgspec.ValidationError as error:
        raise NotAStatement from error
    if is_too_large(manifest):
        raise ReleaseTooLarge
    return manifest, statement


def _under_a_free_id(manifest: Manifest, taken: Collection[UUID]) -> Manifest:
    if manifest.release not in taken:
        return manifest
    return msgspec.structs.replace(manifest, release=new_id())


async def _earlier(session: AsyncSession, received: Sequence[Stated]) -> list[Published]:
    ids = [manifest.release for manifest, _ in received]
    urns = {manifest.urn for manifest, _ in received}
    columns = (getattr(Release, name) for name in Published._fields)
    rows = await session.execute(
        select(*columns).where(Release.id.in_(ids) | Release.urn.in_(urns))
    )
    return [Published(*row) for row in rows]


def _new_ones(
    received: Sequence[Stated], earlier: Sequence[Published], sender: Sender
) -> list[Stated]:
    """Leave out what came before; refuse another text in an older one's place."""
    fresh, known = [], Known(earlier)
    for manifest, statement in received:
        one = Published(
            id=manifest.release,
            urn=manifest.urn,
            project_id=manifest.project,
            number=manifest.number,
            sequence=manifest.sequence,
            hash=hash_of(statement.manifest.encode()),
            node_id=sender.node_id,
        )
        if known.take(one):
            fresh.append((manifest, statement))
    return fresh


async def _manifest(
    session: AsyncSession, item: Item, before: Release | None, now: datetime
) -> Manifest:
    written = await written_of(session, item)
    return Manifest(
        format="netreach-release/1",
        release=new_id(),
        urn=item.urn,
        project=item.project_id,
        number=next_number(before.number if before else None, written.acknowledgement),
        sequence=before.sequence + 1 if before else 1,
        previous=before.hash.hex() if before else None,
        stated=now,
        expires=datetime.combine(item.review_by, time(), UTC) + GRACE,
        lived_experience=await lived_review_took_place(session, item.id, written),
        derived_from=_derived(item),
        **msgspec.structs.asdict(written),
    )


def _derived(item: Item) -> Derived | None:
    if item.derived_from_urn is None or item.derived_from_hash is None:
        return None
    return Derived(urn=item.derived_from_urn, hash=item.derived_from_hash.hex())


async def store_releases(
    session: AsyncSession, stated: Sequence[Stated], now: datetime, *, node_id: str | None
) -> None:
    """Keep releases and their words; past the ORM, because a library arrives by hundreds."""
    rows = [_row(manifest, statement, now, node_id) for manifest, statement in stated]
    words = [
        _spread(row, manifest, language)
        for row, (manifest, _) in zip(rows, stated, strict=True)
        for language in manifest.variants
    ]
    connection = await session.connection()
    await connection.execute(KEPT, rows)
    await connection.execute(SPREAD, words)
    await spread_out(session, [manifest for manifest, _ in stated], now)


def _row(
    manifest: Manifest, statement: Statement, now: datetime, node_id: str | None
) -> dict[str, Any]:
    stored = statement.manifest.encode()
    return {
        "id": manifest.release,
        "urn": manifest.urn,
        "project_id": manifest.project,
        "number": manifest.number,
        "sequence": manifest.sequence,
        "acknowledgement": manifest.acknowledgement,
        "kind": manifest.kind,
        "manifest": stored,
        "signature": statement.signature,
        "hash": hash_of(stored),
        "stated_at": manifest.stated,
        "expires_at": manifest.expires,
        "received_at": now,
        "node_id": node_id,
    }


def _spread(row: Mapping[str, Any], manifest: Manifest, language: str) -> dict[str, Any]:
    wording = manifest.variants[language]
    shown = paragraphs(manifest, language)
    body = "\n\n".join(paragraph.text for paragraph in shown)
    return {
        "release_id": row["id"],
        "language": language,
        "urn": row["urn"],
        "project_id": row["project_id"],
        "number": row["number"],
        "sequence": row["sequence"],
        "hash": row["hash"],
        "signature": row["signature"],
        "title": wording.title,
        "question": wording.question,
        "body": body,
        "keywords": wording.keywords,
        "stale": is_stale(manifest, language),
    }
