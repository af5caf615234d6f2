"""The list outside the database: what no backup may undo, by ids alone, or as it was published.

It lies with the keys, apart from the backups of the database. A restored node does all of it once
more that is newer than its backup, before it serves anybody: ends what was revoked, blocked, taken
away or erased, publishes what it has released, withdraws what it has recalled.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.ended_lines import EndedListBroken, Listed, read_list
from database import outbox
from database.session import door
from federation.audit.actions import SYSTEM, record
from federation.audit.models import AuditEntry
from federation.audit.rules import NOTE_ENDED, Ended
from federation.erasing.actions import ask_again
from federation.errors import Refusal
from federation.handing.going_on import say_again
from federation.partners.errors import KeysMissing
from federation.partners.keys import NodeKeys
from federation.passkeys import ending_again as passkeys
from federation.restoring import ending_again as ways_in
from federation.restoring.actions import begin_restore
from federation.restoring.queries import current_restore
from federation.second_steps import ending_again as second_steps
from protocols.comments.ending_again import erase_comment
from protocols.lived_reviews.ending_again import erase_reviewer
from protocols.recalls.ending_again import recall_again
from protocols.releases.ending_again import release_again
from rota.erasing.actions import erase_again as erase_person_again
from rota.handing.said_again import say_contents_again
from rota.record_erasing.actions import ERASED, erase_again
from rota.record_keeping.actions import DELETED, SET
from rota.record_keeping.ending_again import delete_old_again, keep_as_said_again
from rota.record_sharing.actions import STOPPED
from rota.record_sharing.ending_again import stop_sharing_again
from rota.records.actions import ERASED as RECORD_ERASED
from rota.records.actions import erase_again as erase_record_again
from rota.reentry import ending_again as rota

EndAgain = Callable[[AsyncSession, Ended, datetime], Awaitable[None]]
FILE = "ended.jsonl"
AGAIN_VERB = "ended-again"
ON_ITS_WAY = timedelta(minutes=10)
"""Longer than anything takes that is written down with what it ends."""
OF_ITS_WORDS = (Refusal, LookupError, ValueError, TypeError, IntegrityError, DataError)
"""What the words of a line can cause; a lost connection is not among it."""
AGAIN: Mapping[tuple[str, str], EndAgain] = {
    ("api-token", "api-token.revoked"): ways_in.revoke_token,
    ("authenticator", "authenticator.removed"): second_steps.remove_authenticator,
    ("authenticator", "recovery-codes.replaced"): second_steps.forget_codes,
    ("calendar_address", "calendar-address-revoked"): rota.revoke_address,
    ("calendar_address", "calendar-address-rotated"): rota.revoke_address,
    ("handle", "withdraw-tool-account"): rota.withdraw_account,
    ("item", "comment-erased"): erase_comment,
    ("item", "lived-reviewer-erased"): erase_reviewer,
    ("partner", "ended"): ways_in.end_partner,
    ("partner", "withdrew"): ways_in.withdraw_grant,
    ("passkey", "passkey.removed"): passkeys.remove_passkey,
    ("person", "calendar-addresses-revoked"): rota.revoke_addresses_of,
    ("person", "mail-address.erased"): ways_in.erase_addresses,
    ("person", "person.erased"): erase_person_again,
    ("person", "person.left"): ways_in.let_go,
    ("person", "role.taken"): ways_in.take_role,
    ("person", "withdraw-training"): rota.withdraw_training,
    ("pool", STOPPED): stop_sharing_again,
    ("project", DELETED): delete_old_again,
    ("project", ERASED): erase_again,
    ("project", SET): keep_as_said_again,
    ("push-device", "push-device.removed"): ways_in.remove_device,
    ("recall", "recalled"): recall_again,
    ("recovery-code", "recovery-code.used"): second_steps.use_up,
    ("release", "released"): release_again,
    ("shift", "erased-handover-note"): rota.erase_note,
    ("shift", RECORD_ERASED): erase_record_again,
}


async def note_ended(keys: Path, ended: Collection[Ended]) -> None:
    """Write things down, and come back when they are on the disk; twice does no harm."""
    # the line break comes first: a line that was cut off must not take the next one with it
    lines = b"".join(b"\n" + msgspec.json.encode(one) for one in ended)
    await asyncio.to_thread(_append, keys / FILE, lines)


async def note_what_is_due(session: AsyncSession, keys: Path) -> None:
    """Write down now what the worker has yet to write: a partner is about to be told of it."""
    if due := await outbox.take_all(session, NOTE_ENDED):
        await note_ended(keys, [msgspec.convert(payload, Ended) for payload in due])


def _append(file: Path, lines: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as opened:
        opened.write(lines)
        opened.flush()
        os.fsync(descriptor)


async def begin_again(engine: AsyncEngine, keys: Path, now: datetime) -> int:
    """Begin a restore with what was ended since the backup; gives how many things that were."""
    listed = await asyncio.to_thread(read_list, keys / FILE)
    async with door(engine) as session:
        restore = await current_restore(session, lock=True)
        if restore is None or restore.begun_at is not None:
            return 0
        since = await _since_the_backup(session, listed)
        for each in since:
            await _end(session, each, keys, now)
        await begin_restore(session, now)
        await say_again(session, now)
        if own_id := await asyncio.to_thread(_own_id, keys):
            await say_contents_again(session, own_id, now)
        await ask_again(session, now)
    return len(since)


async def _since_the_backup(session: AsyncSession, listed: Sequence[Listed]) -> list[Listed]:
    """Choose what the backup does not know; what is in it stands there as it was left since.

    What was on its way as the backup was taken is older than the last that is in it.
    """
    # lines are written beside one another, and the last that was said has to hold
    listed = sorted(listed, key=lambda each: each.ended.at)
    last = await session.scalar(select(func.max(AuditEntry.at)))
    if last is None:
        return listed
    entries = await session.execute(
        select(
            AuditEntry.at,
            AuditEntry.subject,
            AuditEntry.verb,
            AuditEntry.subject_id,
            AuditEntry.facts,
        ).where(AuditEntry.at > last - ON_ITS_WAY)
    )
    rows = entries.all()
    known = {(at, subject, verb, about) for at, subject, verb, about, _ in rows} | {
        (datetime.fromisoformat(facts["at"]), subject, facts["verb"], about)
        for _, subject, verb, about, facts in rows
        if verb == AGAIN_VERB and "at" in facts
    }
    return [
        each
        for each in listed
        if (one := each.ended).at > last - ON_ITS_WAY
        and (one.at, one.subject, one.verb, one.subject_id) not in known
    ]


async def _end(session: AsyncSession, listed: Listed, keys: Path, now: datetime) -> None:
    ended = listed.ended
    try:
        await AGAIN[ended.subject, ended.verb](session, ended, now)
    except OF_ITS_WORDS as error:
        why = f"what it says cannot be done again ({type(error).__name__})"
        raise EndedListBroken(keys / FILE, {listed.line: why}) from error
    await record(
        session,
        actor=SYSTEM,
        verb=AGAIN_VERB,
        subject=ended.subject,
        subject_id=ended.subject_id,
        now=now,
        facts={"verb": ended.verb, "at": ended.at.isoformat()},
    )


async def require_whole_list(keys: Path) -> None:
    """Refuse a list of which a restore could not do every line again."""
    await asyncio.to_thread(read_list, keys / FILE)


def _own_id(keys: Path) -> str | None:
    """Give this node's id; a node whose keys are gone as well has nothing that it could say."""
    try:
        return NodeKeys.load(keys).node_id
    except KeysMissing:
        return None
