"""A live chat whose lead is another node's worker; second and supervisor are the host's own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from database.outbox import OutboxRow
from federation.audit.models import AuditEntry
from federation.feeds.models import FeedCursor
from federation.notices.models import Notice
from rota.open_hours.queries import PublicHours, public_hours
from rota.session_clock.actions import look_at_session
from rota.sign_up.actions import claim_seat
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, TUESDAY_19, Planned, Worker, a_shift, a_worker

START, END = TUESDAY_19, TUESDAY_19 + timedelta(hours=2)
BRIEFING = START - timedelta(minutes=15)
DEBRIEFED = END + timedelta(minutes=15)
MINUTE = timedelta(minutes=1)

Act = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class StaffedEvening:
    """All seats are held and both nodes know it."""

    nodes: TwoNodes
    shift: Planned
    lead: Worker
    second: Worker
    supervisor: Worker
    claims: dict[str, UUID]

    @property
    def host(self) -> Side:
        return self.nodes.host

    @property
    def home(self) -> Side:
        return self.nodes.home

    def side_of(self, worker: Worker) -> Side:
        return self.home if worker is self.lead else self.host

    async def says(self, worker: Worker, act: Act, *said: Any, now: datetime, **more: Any) -> Any:
        """Let somebody do something on this session at their own node; nobody has heard of it."""
        async with self.side_of(worker).door() as session:
            return await act(session, worker.asker, self.shift.id, *said, now, **more)

    async def look(self, now: datetime) -> None:
        """Let both nodes hear one another, look at the session, and hear what came of it."""
        await self.nodes.exchange(now)
        for side in (self.host, self.home):
            async with side.door() as session:
                await look_at_session(session, self.shift.id, now)
        await self.nodes.exchange(now)

    async def public(self, side: Side, now: datetime) -> PublicHours:
        """See what a node publishes, of which the other has just been heard."""
        async with side.door() as session:
            slug = self.nodes.pool.slug
            until = now + timedelta(weeks=1)
            return await public_hours(await session.connection(), slug, now, until)

    async def both_say(self, now: datetime) -> list[tuple[bool, bool]]:
        """Give open and busy, as the host's and the home's public pages say."""
        shown = [(await self.public(side, now)).now for side in (self.host, self.home)]
        return [(each.open, each.busy) for each in shown]

    async def notices(self, worker: Worker) -> list[tuple[str, bool]]:
        """Give what somebody was told, in order: the code, and whether it is urgent."""
        rows = await self.side_of(worker).session.execute(
            select(Notice.code, Notice.urgent)
            .where(Notice.person_id == worker.id)
            .order_by(Notice.at, Notice.id)
        )
        return [(code, urgent) for code, urgent in rows]

    async def audited(self, side: Side, subject: UUID | None = None) -> list[tuple[str, Any]]:
        rows = await side.session.execute(
            select(AuditEntry.verb, AuditEntry.facts)
            .where(AuditEntry.subject_id == (subject or self.shift.id))
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        return [tuple(row) for row in rows]

    async def asked_of_worker_process(self, side: Side, kind: str) -> list[datetime]:
        rows = await side.session.scalars(
            select(OutboxRow.due).where(OutboxRow.kind == kind).order_by(OutboxRow.due)
        )
        return list(rows)


async def heard_of(side: Side, other: Side, pool_id: UUID, now: datetime) -> None:
    """Note that the host was heard a moment ago, without which nothing is called open."""
    async with side.door() as session:
        cursor = FeedCursor(
            node_id=other.id,
            feed_id=new_id(),
            kind="pool/shifts",
            subject=str(pool_id),
            epoch="1",
            seq=1,
            hash=b"",
            checked_at=now,
        )
        session.add(cursor)


async def staffed_evening(nodes: TwoNodes, **facts: Any) -> StaffedEvening:
    shift = await nodes.shift(lambda session: a_shift(session, nodes.pool, **facts))
    lead = await nodes.worker()

    async def hire(session: AsyncSession, *roles: str) -> Worker:
        return await a_worker(session, nodes.pool.id, nodes.pool.coordinator, *roles)

    second = await nodes.host.do(hire)
    supervisor = await nodes.host.do(lambda session: hire(session, "supervisor"))
    claims = {}
    for role, worker in (("lead", lead), ("second", second), ("supervisor", supervisor)):
        side = nodes.home if worker is lead else nodes.host
        async with side.door() as session:
            claim = await claim_seat(session, worker.asker, shift.seats[role], NOW)
            claims[role] = claim.id
    await nodes.exchange()
    await heard_of(nodes.home, nodes.host, nodes.pool.id, DEBRIEFED)
    return StaffedEvening(nodes, shift, lead, second, supervisor, claims)
