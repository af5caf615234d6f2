"""A coordinator asks what a change would bring; the rota stays as it is."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import put
from federation.audit.actions import record
from federation.permissions.rules import Asker
from federation.pools.queries import pool_planned_by
from rota.plans.queries import scenario_for
from rota.what_ifs.models import WhatIf
from rota.what_ifs.rules import Change, changed

KEPT = timedelta(days=30)


async def ask_what_if(
    session: AsyncSession,
    asker: Asker,
    pool_id: UUID,
    first: date,
    until: date,
    change: Change,
    now: datetime,
) -> WhatIf:
    """Ask the worker process to plan the days twice: as they are, and with the change."""
    pool = await pool_planned_by(session, asker, pool_id)
    scenario = await scenario_for(session, pool, first, until, now)
    changed(scenario, change)  # refused now rather than later
    asked = WhatIf(
        id=new_id(),
        pool_id=pool_id,
        state="ordered",
        change=msgspec.to_builtins(change),
        scenario=scenario,
        answer=None,
        made_at=now,
    )
    session.add(asked)
    await session.flush()
    await put(session, "what-if", {"what_if": str(asked.id)}, now=now, key=str(asked.id))
    await record(
        session,
        actor=asker.person_id,
        verb="ask-what-if",
        subject="what-if",
        subject_id=asked.id,
        now=now,
    )
    return asked


async def answer_what_if(session: AsyncSession, asked_id: UUID, answer: dict[str, Any]) -> None:
    """Keep the two plans' figures, once."""
    asked = await session.get_one(WhatIf, asked_id, with_for_update=True)
    if asked.state == "ordered":
        asked.answer, asked.state = answer, "answered"


async def refuse_what_if(session: AsyncSession, asked_id: UUID, said: str) -> None:
    """Keep why there is no answer."""
    asked = await session.get_one(WhatIf, asked_id, with_for_update=True)
    if asked.state == "ordered":
        asked.state, asked.trouble = "refused", said


async def sweep_what_ifs(session: AsyncSession, now: datetime) -> None:
    """Forget questions a month after they were asked: the rota is another one by then."""
    await session.execute(delete(WhatIf).where(WhatIf.made_at <= now - KEPT))
