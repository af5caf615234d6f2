from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, to_builtins
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.models import AuditEntry
from federation.audit.rules import ENDED, NOTE_ENDED, Ended

SYSTEM = "system"

ENTRY = insert(AuditEntry)
"""Built once: every change ends with it."""


async def record(
    session: AsyncSession,
    *,
    actor: UUID | str,
    verb: str,
    subject: str,
    subject_id: UUID | None,
    now: datetime,
    facts: dict[str, Any] | None = None,
    published: Struct | None = None,
) -> None:
    """Write down a change in its own transaction; `actor` a person's or node's id or SYSTEM.

    What was ended for good is also written outside the database, by the worker; what was
    `published` with it goes there alone, since the database has it.
    """
    connection = await session.connection()
    await connection.execute(
        ENTRY,
        {
            "id": new_id(),
            "at": now,
            "actor": str(actor),
            "verb": verb,
            "subject": subject,
            "subject_id": subject_id,
            "facts": facts or {},
        },
    )
    if (subject, verb) in ENDED:
        told = facts or {}
        if published is not None:
            told = told | {"published": to_builtins(published)}
        ended = Ended(at=now, subject=subject, verb=verb, subject_id=subject_id, facts=told)
        await put(session, NOTE_ENDED, to_builtins(ended), now=now)


async def record_all(
    session: AsyncSession,
    *,
    actor: UUID | str,
    verb: str,
    subject: str,
    facts: Mapping[UUID, dict[str, Any]],
    now: datetime,
) -> None:
    """Write down the same change of several things, each with its facts, by their ids."""
    connection = await session.connection()
    told = {"at": now, "actor": str(actor), "verb": verb, "subject": subject}
    await connection.execute(
        ENTRY,
        [{"id": new_id(), "subject_id": one, "facts": said, **told} for one, said in facts.items()],
    )
