from federation.errors import Reason, Refusal


class OfferOver(Refusal):
    """The offer was withdrawn, taken or has lapsed, or its seat is held no longer."""

    code = "offer-over"
    title = "This offer has ended already."
    status = 409


class AlreadyOffered(Refusal):
    """A seat is offered once at a time, so that two people never get the same one."""

    code = "already-offered"
    title = "You have offered this seat already. Withdraw that offer first to change it."
    status = 409


class SwapRefused(Refusal):
    """One of the two sides may not sit there, or what was agreed on has changed."""

    code = "swap-refused"
    title = "This exchange cannot take place."
    status = 422


class OfferRefused(Refusal):
    """An offer that nobody could accept; the reasons tell why."""

    code = "offer-refused"
    title = "You cannot offer this."
    status = 422


class BeingExchanged(Refusal):
    """A claim is in one exchange at a time: what another node decides may end either way."""

    code = "being-exchanged"
    title = (
        "An exchange of one of these seats is being answered. Wait for that, or withdraw it first."
    )
    status = 409


def reasons_of(refusal: Refusal) -> tuple[Reason, ...]:
    """Give a refusal's reasons; one without any is a reason itself."""
    return refusal.reasons or (Reason(refusal.code, refusal.sentence),)
