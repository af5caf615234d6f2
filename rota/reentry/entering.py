"""What both halves of a re-entry share: whom to tell afterwards, which sessions to settle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Refusal
from federation.feeds.actions import append
from federation.feeds.telling import Telling, tell
from federation.notices.actions import notify
from federation.people.models import Handle
from federation.people.queries import coordinators_of
from federation.projects.models import Project
from rota.bookings.actions import free
from rota.calendar.actions import calendar_changed
from rota.claims.models import Claim
from rota.reentry.models import ReentryFinding
from rota.reentry.stated import StatedClaim
from rota.shifts.models import Seat
from rota.sign_up.from_homes import Sign

Verify = Callable[[str], dict[str, Any]]
LOST = "There is a change in your plan: a seat of yours is no longer yours."
FOUND = (
    "This node was restored from a backup. Some of what happened since needs your eyes: "
    "the page about the restore shows it."
)


@dataclass
class Reentry:
    """One transaction in which all is entered again that partners have told."""

    session: AsyncSession
    restore_id: UUID
    now: datetime
    sign: Sign
    our_receipt: Verify
    """Reads a receipt that this node has signed."""
    their_receipts: Mapping[str, Verify]
    """Reads receipts of a partner, by its node's id."""
    tell: list[Telling] = field(default_factory=list)
    shifts: set[UUID] = field(default_factory=set)
    findings: set[tuple[UUID, str, UUID | None, UUID | None]] = field(default_factory=set)
    certain_until: datetime | None = None
    """After a host was lost: what it has granted later stands only where the seat is free."""

    def say(self, node_id: str, kind: str, payload: dict[str, Any]) -> None:
        """Have something said in a private feed once all pool feeds are written."""

        async def said() -> None:
            await append(self.session, "private", node_id, kind, payload, now=self.now)

        self.tell.append((node_id, said))

    async def tell_all(self) -> None:
        """Say it, in the order of the private feeds."""
        await tell(self.tell)

    def find(
        self,
        project_id: UUID,
        kind: str,
        *,
        claim: UUID | None = None,
        shift: UUID | None = None,
        host: str | None = None,
    ) -> None:
        """Leave something for a project's coordinators, once."""
        known = (project_id, kind, claim, shift)
        if known in self.findings:
            return
        self.findings.add(known)
        self.session.add(
            ReentryFinding(
                restore_id=self.restore_id,
                project_id=project_id,
                kind=kind,
                claim_id=claim,
                shift_id=shift,
                host=host,
                at=self.now,
            )
        )

    async def tell_coordinators(self) -> None:
        """Point those who can help to what was left for them."""
        for project_id in sorted({found[0] for found in self.findings}):
            for person_id in await coordinators_of(self.session, project_id):
                await notify(
                    self.session, person_id=person_id, code="restored", text=FOUND, now=self.now
                )

    async def end(self, claim: Claim, state: str) -> Handle:
        """End a live claim here: time freed, its person told, its session settled later."""
        claim.state, claim.ended_at = state, self.now
        await free(self.session, claim.id)
        handle = await self.session.get_one(Handle, claim.handle_id)
        if claim.decided_here:
            self.shifts.add(await self.shift_of(claim.seat_id))
        if handle.person_id is not None:
            await notify(
                self.session,
                person_id=handle.person_id,
                code="claim-ended",
                text=LOST,
                now=self.now,
            )
            await calendar_changed(self.session, handle.person_id, self.now)
        await self.session.flush()
        return handle

    async def shift_of(self, seat_id: UUID) -> UUID:
        """Name the shift of a seat that is known here."""
        found: UUID | None = await self.session.scalar(
            select(Seat.shift_id).where(Seat.id == seat_id)
        )
        assert found is not None  # noqa: S101 -- a claim's foreign key
        return found

    async def known(self, claim_id: UUID | None) -> UUID | None:
        """Give the claim that another one replaced, where it is known here."""
        if claim_id is None or await self.session.get(Claim, claim_id) is None:
            return None
        return claim_id

    async def home_of(self, handle: Handle) -> str | None:
        """Name the node of a handle's project; None for this one."""
        home: str | None = await self.session.scalar(
            select(Project.node).where(Project.id == handle.project_id)
        )
        return home

    def is_certain(self, at: datetime) -> bool:
        """Tell whether what was granted at a moment was granted by a host that was heard then."""
        return self.certain_until is None or at <= self.certain_until

    def granted_at(self, claim: Claim) -> tuple[datetime, UUID]:
        """Say since when a claim of which this node knows has its seat: the later one stands."""
        read = self.our_receipt if claim.decided_here else None
        at = None if claim.receipt is None or read is None else granted(claim.receipt, read)
        return at or claim.made_at, claim.id


def granted(receipt: str, read: Verify) -> datetime | None:
    """Say when a receipt was signed; None for one that says nothing."""
    try:
        return datetime.fromisoformat(str(read(receipt).get("at")))
    except (Refusal, ValueError):
        return None


def proven(stated: StatedClaim, read: Verify) -> datetime | None:
    """Say when a claim was granted, if its receipt says just what its home or host says."""
    try:
        said = read(stated.receipt or "")
        at = datetime.fromisoformat(str(said.get("at")))
    except (Refusal, ValueError):
        return None
    expected = {
        "kind": "claim-receipt",
        "claim": str(stated.claim),
        "seat": str(stated.seat),
        "handle": str(stated.handle),
        "state": "held",
    }
    same = {name: said.get(name) for name in expected} == expected
    return at if same and at.tzinfo is not None else None
