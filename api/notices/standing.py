"""Whether what a notice asks for still stands: asked in one question, however many there are."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from federation.handing.models import PoolHanding
from federation.notices.models import Notice
from federation.people.models import Handle, Person
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.passport.actions import ENDS, OURS_END
from rota.passport.models import Training
from rota.shifts.models import Seat, Shift
from rota.swaps.models import SwapOffer


def stands(now: datetime) -> ColumnElement[bool]:
    """Choose notices that ask for something that can still be done, or for nothing."""
    matters = _matters(now)
    asking = (and_(Notice.code == code, found.exists()) for code, found in matters.items())
    return or_(Notice.about.is_(None), Notice.code.not_in(matters), *asking)


def over(now: datetime) -> ColumnElement[bool]:
    """Choose the others."""
    return not_(stands(now))


def _matters(now: datetime) -> Mapping[str, Select[tuple[int]]]:
    """Give by the code of a notice what it is about, if that still stands."""
    cover = _cover(now)
    return {
        "cover-wanted": cover,
        "cover-open": cover,
        "offered": _offer(now),
        "swap-offered": select(1).where(
            SwapOffer.id == Notice.about, SwapOffer.state == "open", SwapOffer.expires_at > now
        ),
        "slot-asked": _slot(),
        ENDS: _training(),
        OURS_END: _training(),
        "pool-offered": _handing("asked"),
        "pool-taking": _handing("to-agree"),
    }


def _cover(now: datetime) -> Select[tuple[int]]:
    return (
        select(1)
        .select_from(CoverRequest)
        .join(Seat, Seat.id == CoverRequest.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(
            CoverRequest.id == Notice.about,
            CoverRequest.state == "open",
            Shift.starts > now,
            Shift.cancelled_at.is_(None),
            or_(CoverRequest.kind == "asked", Seat.state == "open"),
        )
    )


def _offer(now: datetime) -> Select[tuple[int]]:
    return (
        select(1)
        .select_from(Claim)
        .join(Seat, Seat.id == Claim.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .where(Claim.id == Notice.about, Claim.state == "proposed", Shift.starts > now)
    )


def _training() -> Select[tuple[int]]:
    """Leave out trainings that were renewed or withdrawn, and those of who has left."""
    later = aliased(Training)
    renewed = exists().where(
        later.person_id == Training.person_id,
        later.name == Training.name,
        later.withdrawn_at.is_(None),
        later.expires > Training.expires,
    )
    return (
        select(1)
        .select_from(Training)
        .join(Person, Person.id == Training.person_id)
        .where(
            Training.id == Notice.about,
            Training.withdrawn_at.is_(None),
            Person.left_at.is_(None),
            ~renewed,
        )
    )


def _slot() -> Select[tuple[int]]:
    """Leave out speakers who have agreed: they are not asked any more."""
    agreed = (
        select(1)
        .select_from(SlotAgreement)
        .join(Handle, Handle.id == SlotAgreement.handle_id)
        .where(SlotAgreement.slot_id == Notice.about, Handle.person_id == Notice.person_id)
        .correlate(Notice)
    )
    return select(1).where(
        LanguageSlot.id == Notice.about, LanguageSlot.ended_at.is_(None), ~agreed.exists()
    )


def _handing(state: str) -> Select[tuple[int]]:
    return select(1).where(PoolHanding.pool_id == Notice.about, PoolHanding.state == state)
