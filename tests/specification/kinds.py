"""Every kind of event with the shape of what it says, and who says it to whom."""

from typing import NamedTuple

from msgspec import Struct

from federation.erasing.actions import ErasureConfirmed, HandleErased
from federation.handing.actions import PoolAccepted, PoolOffered, PoolUnoffered
from federation.handing.losses import PoolAgreed, PoolTaking
from federation.pools.from_partners import HandleRenamed, MemberJoined, StatedHandle, StatedPool
from federation.pools.slots.from_partners import SlotAnswered
from protocols.confirmations.actions import RecallConfirmed
from protocols.marks.rules import Mark
from protocols.pool_texts.actions import PoolTextStated
from protocols.pool_texts.rule_actions import PoolTextRuleStated
from protocols.proposals.actions import Withdrawal
from protocols.proposals.decisions.actions import Answer
from protocols.proposals.rules.parts import Said
from protocols.statements.rules import Statement
from rota.attendance.from_homes import Attended, Missed, SaidLate
from rota.attendance.standing import StatedSession
from rota.company.alerts import SessionAlert
from rota.company.rules import Company
from rota.cover.from_homes import CoverAsked, CoverTaken, CoverWithdrawn
from rota.cover.from_hosts import CoverStated
from rota.coverage.actions import HoursStated
from rota.handing.stated import ClaimsStated, PoolContents
from rota.handover.actions import NoteErased, NoteWritten
from rota.offers.actions import AddedOffers, StatedOffers
from rota.open_hours.stated import StatedOpenHours
from rota.readings.actions import StatedReadings
from rota.record_sharing.stated import CountsStated
from rota.reentry.stated import RestoreAnswered, RestoreAsked
from rota.shifts.mirror import StatedShift
from rota.sign_up.from_homes import ClaimCancelled, ClaimRequested, ProposalAnswered
from rota.sign_up.from_hosts import ClaimAnswered, ClaimEnded, ClaimProposed
from rota.splitting.from_hosts import ClaimSplit
from rota.supervisor_calls.from_nodes import CallAnswered, CallMade, CallStated
from rota.swaps.from_homes import ExchangeAgreed, ExchangeAsked, ExchangeWithdrawn
from rota.swaps.from_hosts import ExchangeProposed
from rota.swaps.offers_abroad import SwapOffered, SwapWithdrawn
from rota.swaps.offers_here import SwapStated
from rota.swaps.outcome import ExchangeAnswered
from rota.waiting.from_nodes import Joined, Left, Stated

POOL, RELEASES, PRIVATE = "pool/shifts", "project/releases", "private"
OPEN_HOURS = "pool/open-hours"
HOST, HOME, OWNER, EITHER = "host", "home", "owner", "either"


class Kind(NamedTuple):
    """A kind of event: its shape, the feeds in which it may be said, and by whom."""

    shape: type[Struct]
    feeds: tuple[str, ...]
    said_by: str


def _to_host(shape: type[Struct]) -> Kind:
    return Kind(shape, (PRIVATE,), HOME)


def _to_home(shape: type[Struct]) -> Kind:
    return Kind(shape, (PRIVATE,), HOST)


def _to_all(shape: type[Struct]) -> Kind:
    return Kind(shape, (POOL,), HOST)


KINDS: dict[str, Kind] = {
    "pool.stated": _to_all(StatedPool),
    "member.joined": _to_host(MemberJoined),
    "handle.stated": _to_host(StatedHandle),
    "handle.renamed": _to_home(HandleRenamed),
    "handle.erased": _to_host(HandleErased),
    "erasure.confirmed": _to_home(ErasureConfirmed),
    "slot.answered": _to_host(SlotAnswered),
    "shift.stated": _to_all(StatedShift),
    "session.stated": _to_all(StatedSession),
    "hours.stated": _to_all(HoursStated),
    "counts.stated": Kind(CountsStated, (POOL, PRIVATE), EITHER),
    "open-hours.stated": Kind(StatedOpenHours, (OPEN_HOURS,), HOST),
    "offers.stated": _to_host(StatedOffers),
    "offers.added": _to_host(AddedOffers),
    "claim.requested": _to_host(ClaimRequested),
    "claim.cancelled": _to_host(ClaimCancelled),
    "claim.answered": _to_home(ClaimAnswered),
    "claim.proposed": _to_home(ClaimProposed),
    "proposal.answered": _to_host(ProposalAnswered),
    "claim.ended": _to_home(ClaimEnded),
    "claim.split": _to_home(ClaimSplit),
    "cover.asked": _to_host(CoverAsked),
    "cover.withdrawn": _to_host(CoverWithdrawn),
    "cover.taken": _to_host(CoverTaken),
    "cover.stated": Kind(CoverStated, (POOL, PRIVATE), HOST),
    "swap.offered": _to_host(SwapOffered),
    "swap.withdrawn": _to_host(SwapWithdrawn),
    "swap.stated": Kind(SwapStated, (POOL, PRIVATE), HOST),
    "exchange.asked": _to_host(ExchangeAsked),
    "exchange.proposed": _to_home(ExchangeProposed),
    "exchange.agreed": _to_host(ExchangeAgreed),
    "exchange.withdrawn": _to_host(ExchangeWithdrawn),
    "exchange.answered": _to_home(ExchangeAnswered),
    "waiting.joined": _to_host(Joined),
    "waiting.left": _to_host(Left),
    "waiting.stated": _to_home(Stated),
    "shift.attended": _to_host(Attended),
    "shift.late": _to_host(SaidLate),
    "shift.missed": _to_host(Missed),
    "shift.readings": _to_host(StatedReadings),
    "handover.written": _to_host(NoteWritten),
    "handover.erased": _to_host(NoteErased),
    "call.made": _to_host(CallMade),
    "call.answered": _to_host(CallAnswered),
    "call.stated": _to_home(CallStated),
    "session.alert": _to_home(SessionAlert),
    "session.company": _to_home(Company),
    "restore.asked": Kind(RestoreAsked, (PRIVATE,), EITHER),
    "restore.answered": Kind(RestoreAnswered, (PRIVATE,), EITHER),
    "pool.offered": _to_home(PoolOffered),
    "pool.accepted": _to_host(PoolAccepted),
    "pool.unoffered": Kind(PoolUnoffered, (PRIVATE,), EITHER),
    "pool.taking": Kind(PoolTaking, (PRIVATE,), EITHER),
    "pool.agreed": Kind(PoolAgreed, (PRIVATE,), EITHER),
    "pool.contents": _to_home(PoolContents),
    "claims.stated": _to_host(ClaimsStated),
    "release.stated": Kind(Statement, (RELEASES,), OWNER),
    "pool-text.stated": _to_all(PoolTextStated),
    "pool-text-rule.stated": _to_all(PoolTextRuleStated),
    "recall.confirmed": Kind(RecallConfirmed, (PRIVATE,), EITHER),
    "answer.marked": Kind(Mark, (PRIVATE,), EITHER),
    "text-proposal.made": Kind(Said, (PRIVATE,), EITHER),
    "text-proposal.withdrawn": Kind(Withdrawal, (PRIVATE,), EITHER),
    "text-proposal.answered": Kind(Answer, (PRIVATE,), OWNER),
}
