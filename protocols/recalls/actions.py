from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.audit.actions import record
from federation.errors import NotFound
from federation.feeds import actions as feeds
from federation.partners.sender import Sender
from federation.permissions.rules import Asker, require_role, require_write
from protocols.changes.actions import texts_changed
from protocols.recalls.errors import AlreadyRecalled, NothingWouldHold
from protocols.recalls.models import Recall
from protocols.recalls.queries import withdrawals_of
from protocols.recalls.rules import Holds, RecallManifest, read_recall, recall_bytes, what_holds
from protocols.releases.models import Release
from protocols.statements.errors import AlreadyDifferent, NotAStatement
from protocols.statements.queries import FEED, require_theirs
from protocols.statements.rules import (
    Sign,
    Statement,
    Verify,
    hash_of,
    signed,
    statement_of,
    verified_bytes,
    with_payload,
)


async def recall(
    session: AsyncSession,
    asker: Asker,
    *,
    urn: str,
    number: str,
    reason: str,
    holds_number: str | None = None,
    holds_texts: Mapping[str, str] | None = None,
    sign: Sign,
    now: datetime,
) -> Recall:
    """Withdraw a release of the asker's project, and say what holds; it travels before all else."""
    require_role(asker, "coordinator")
    require_write(asker)
    withdrawn = await _own(session, asker, urn, number)
    earlier = await _own(session, asker, urn, holds_number) if holds_number else None
    known = (await withdrawals_of(session, [urn]))[urn]
    if withdrawn.sequence in known:
        raise AlreadyRecalled
    if earlier is not None and what_holds(earlier.sequence, known).sequence != earlier.sequence:
        raise NothingWouldHold
    manifest = _manifest(withdrawn, earlier, reason, holds_texts, now)
    statement = signed(recall_bytes(manifest), sign)
    stated = await _store(session, manifest, statement, now, node_id=None)
    whole = with_payload(statement.signature, stated.manifest)
    await feeds.recall(session, FEED, str(withdrawn.project_id), whole, now=now)
    await _record(session, asker.person_id, "recalled", stated, now)
    await texts_changed(session, now)
    return stated


async def receive_recall(
    session: AsyncSession, sender: Sender, jws: str, now: datetime, *, verify: Verify
) -> None:
    """Keep a partner's recall, also of a release that has not arrived; again changes nothing."""
    statement, manifest = _read(jws, verify)
    await require_theirs(session, sender, manifest.project)
    same = (Recall.urn == manifest.urn) & (Recall.sequence == manifest.sequence)
    known = await session.scalar(
        select(Recall).where(
            (Recall.id == manifest.recall) | (same & (Recall.node_id == sender.node_id))
        )
    )
    if known is not None and known.hash != hash_of(statement.manifest.encode()):
        raise AlreadyDifferent
    if known is None:
        stated = await _store(session, manifest, statement, now, node_id=sender.node_id)
        await _record(session, sender.node_id, "received", stated, now)
        await texts_changed(session, now)


def _read(jws: str, verify: Verify) -> tuple[Statement, RecallManifest]:
    try:
        statement = statement_of(jws)
        return statement, read_recall(verified_bytes(statement, verify))
    except msgspec.ValidationError as error:
        raise NotAStatement from error


async def _own(session: AsyncSession, asker: Asker, urn: str, number: str) -> Release:
    own = (Release.project_id == asker.project_id) & Release.node_id.is_(None)
    query = select(Release).where(Release.urn == urn, Release.number == number, own)
    # locked, so that two recalls of one release are one after the other
    release = await session.scalar(query.with_for_update())
    if release is None:
        raise NotFound
    return release


def _manifest(
    withdrawn: Release,
    earlier: Release | None,
    reason: str,
    texts: Mapping[str, str] | None,
    now: datetime,
) -> RecallManifest:
    said = {language: text for language, text in (texts or {}).items() if text.strip()}
    try:
        return RecallManifest(
            format="netreach-recall/1",
            recall=new_id(),
            urn=withdrawn.urn,
            project=withdrawn.project_id,
            sequence=withdrawn.sequence,
            reason=reason,
            holds=Holds(sequence=earlier.sequence if earlier else None, texts=said or None),
            stated=now,
        )
    except ValueError as error:
        raise NothingWouldHold from error


async def _store(
    session: AsyncSession,
    manifest: RecallManifest,
    statement: Statement,
    now: datetime,
    *,
    node_id: str | None,
) -> Recall:
    stored = statement.manifest.encode()
    stated = Recall(
        id=manifest.recall,
        urn=manifest.urn,
        project_id=manifest.project,
        sequence=manifest.sequence,
        reason=manifest.reason,
        holds_sequence=manifest.holds.sequence,
        holds_texts=dict(manifest.holds.texts) if manifest.holds.texts else None,
        manifest=stored,
        signature=statement.signature,
        hash=hash_of(stored),
        stated_at=manifest.stated,
        received_at=now,
        node_id=node_id,
    )
    session.add(stated)
    await session.flush()
    return stated


async def _record(
    session: AsyncSession, actor: UUID | str, verb: str, stated: Recall, now: datetime
) -> None:
    await record(
        session,
        actor=actor,
        verb=verb,
        subject="recall",
        subject_id=stated.id,
        now=now,
        facts={"urn": stated.urn, "sequence": stated.sequence},
    )
