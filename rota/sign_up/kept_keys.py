"""Idempotency keys: a claim asked for again with its key is the claim that was made before."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.permissions.rules import Asker
from rota.claims.errors import KeyReused
from rota.claims.models import Claim, KeptAnswer

KEY_KEPT = timedelta(days=30)
"""Longer than any program tries again."""


async def keep_key(
    session: AsyncSession, asker: Asker, key: str, body: str, claim_id: UUID, now: datetime
) -> Claim | None:
    """Keep an idempotency key; give the claim that it made before, if it did."""
    body_hash = sha256(body.encode()).digest()
    made = await session.scalar(
        insert(KeptAnswer)
        .values(
            id=new_id(),
            person_id=asker.person_id,
            key=key,
            body_hash=body_hash,
            claim_id=claim_id,
            at=now,
        )
        .on_conflict_do_nothing(constraint="uq_kept_answer_person_id_key")
        .returning(KeptAnswer.id)
    )
    if made is not None:
        return None
    kept = await session.scalar(
        select(KeptAnswer).where(KeptAnswer.person_id == asker.person_id, KeptAnswer.key == key)
    )
    if kept is None or kept.body_hash != body_hash:
        raise KeyReused
    return await session.get_one(Claim, kept.claim_id)


async def forget_keys(session: AsyncSession, now: datetime) -> None:
    """Forget idempotency keys that no program sends any more."""
    await session.execute(delete(KeptAnswer).where(KeptAnswer.at <= now - KEY_KEPT))
