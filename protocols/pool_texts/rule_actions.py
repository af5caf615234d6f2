"""What a pool asks of the texts on its shifts; the host decides, members are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import Reason
from federation.feeds.actions import append
from federation.partners.sender import Sender
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from protocols.pool_texts.actions import FEED, require_word_of_host
from protocols.pool_texts.errors import TextsNotReviewed
from protocols.pool_texts.models import PoolTextRule
from protocols.pool_texts.queries import newest_on_pool
from protocols.statements.errors import NotAStatement

TEXT = "%(title)s, version %(number)s"
RULE_STATED = "pool-text-rule.stated"


class PoolTextRuleStated(msgspec.Struct, frozen=True):
    """What the host tells members that it asks of texts on its shifts."""

    pool: UUID
    lived_experience: bool


async def ask_for_lived_experience(
    session: AsyncSession, asker: Asker, *, pool_id: UUID, required: bool, now: datetime
) -> None:
    """Take only such texts that say of a review by lived experience, or any again."""
    await pool_planned_by(session, asker, pool_id, lock=True)
    if required:
        await _require_reviewed(session, pool_id)
    await _put(session, pool_id, lived_experience=required)
    stated = {"pool": str(pool_id), "lived_experience": required}
    await append(session, FEED, str(pool_id), RULE_STATED, stated, now=now)
    await _record(session, asker.person_id, pool_id, required, now)


async def receive_pool_text_rule(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Take over what the host of a pool asks of the texts on its shifts."""
    try:
        stated = msgspec.convert(payload, PoolTextRuleStated)
    except msgspec.ValidationError as error:
        raise NotAStatement from error
    await require_word_of_host(session, sender, stated.pool)
    await _put(session, stated.pool, lived_experience=stated.lived_experience)
    await _record(session, sender.node_id, stated.pool, stated.lived_experience, now)


async def _require_reviewed(session: AsyncSession, pool_id: UUID) -> None:
    lacking = [
        Reason(
            "not-reviewed",
            TEXT % {"title": manifest.source.title, "number": manifest.number},
        )
        for manifest in await newest_on_pool(session, pool_id)
        if not manifest.lived_experience
    ]
    if lacking:
        raise TextsNotReviewed(reasons=tuple(lacking))


async def _put(session: AsyncSession, pool_id: UUID, *, lived_experience: bool) -> None:
    row = insert(PoolTextRule).values(pool_id=pool_id, lived_experience=lived_experience)
    await session.execute(
        row.on_conflict_do_update(
            constraint="pk_pool_text_rule", set_={"lived_experience": lived_experience}
        )
    )


async def _record(
    session: AsyncSession,
    actor: UUID | str,
    pool_id: UUID,
    required: bool,  # noqa: FBT001 -- what is recorded
    now: datetime,
) -> None:
    await record(
        session,
        actor=actor,
        verb="asked-for-lived-experience" if required else "asked-for-any-text",
        subject="pool",
        subject_id=pool_id,
        now=now,
    )
