import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.worker.jobs import pull_partner
from database.session import door
from federation.audit.actions import record
from federation.audit.models import AuditEntry
from federation.feeds.actions import append
from federation.partners.sender import Sender
from tests.api.peers.nodes import RunningNode, clock

EVENTS = 5


async def test_a_lot_is_read_in_turns_each_keeping_what_it_has_read(
    two_nodes: tuple[RunningNode, RunningNode],
) -> None:
    north, south = two_nodes
    hangs = [3]

    async def note(
        session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
    ) -> None:
        if payload["n"] in hangs:
            hangs.clear()
            await asyncio.Event().wait()
        await record(
            session,
            actor=sender.node_id,
            verb="heard",
            subject="greeting",
            subject_id=None,
            now=now,
            facts=payload,
        )

    async def heard() -> list[int]:
        async with door(south.engine) as session:
            told = await session.scalars(
                select(AuditEntry.facts)
                .where(AuditEntry.subject == "greeting")
                .order_by(AuditEntry.id)
            )
            return [facts["n"] for facts in told]

    async with door(north.engine) as session:
        for number in range(EVENTS):
            await append(session, "private", south.id, "greeting", {"n": number}, now=clock())
    south.apply["greeting"] = note
    settings = msgspec.structs.replace(south.settings, lease_seconds=2)
    workshop = replace(south.workshop, settings=settings)
    again = await pull_partner(workshop, {"node_id": north.id})
    assert again is not None
    assert (await heard(), again <= clock()) == ([0, 1, 2], True)
    again = await pull_partner(workshop, {"node_id": north.id})
    assert again is not None
    assert (await heard(), again > clock()) == ([0, 1, 2, 3, 4], True)
