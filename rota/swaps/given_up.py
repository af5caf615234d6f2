"""Which seats somebody had and gave up: not what was only asked for, nor what went straight on."""

from sqlalchemy import ColumnElement, and_, exists, or_

from rota.bookings.models import Booking
from rota.claims.models import Claim
from rota.consent.models import Consent
from rota.cover.models import CoverRequest
from rota.swaps.models import ExchangeLeg


def given_up() -> ColumnElement[bool]:
    """Choose the claims with whose end a seat was left free; when that was the caller says."""
    return and_(Claim.state == "released", was_held(), ~_went_on())


def was_held() -> ColumnElement[bool]:
    """Choose claims by which somebody has had a seat, by the host's receipt or their own time here.

    Who waits for a coordinator's yes, or for the other side of an exchange, has booked time, too.
    """
    booked = exists().where(Booking.claim_id == Claim.id)
    waited = exists().where(Consent.claim_id == Claim.id, Consent.state != "given")
    exchanged = exists().where(ExchangeLeg.got_claim_id == Claim.id)
    here = and_(Claim.decided_here, booked, ~waited, or_(Claim.instead_of.is_(None), exchanged))
    return or_(Claim.receipt.is_not(None), here)


def _went_on() -> ColumnElement[bool]:
    """Tell whether somebody else had the seat in the same moment."""
    covered = exists().where(
        CoverRequest.claim_id == Claim.id,
        CoverRequest.kind == "asked",
        CoverRequest.state == "covered",
    )
    return or_(covered, exists().where(ExchangeLeg.gave_claim_id == Claim.id))
