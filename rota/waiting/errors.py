from federation.errors import Refusal


class SeatFree(Refusal):
    """Nobody has to wait for a seat that is free."""

    code = "seat-free"
    title = "This seat is free. You can take it now."
    status = 409


class LineFull(Refusal):
    """So many wait for one seat that one more would wait in vain."""

    code = "line-full"
    title = "Very many wait for this seat already. Please look for another one."
    status = 409


class NotWaiting(Refusal):
    """The place in the line was given up, or has led to a seat."""

    code = "not-waiting"
    title = "You do not wait for this seat any more."
    status = 409


class OfferEnded(Refusal):
    """The time to answer is over, or somebody has answered already."""

    code = "offer-ended"
    title = "This is no longer offered to you."
    status = 409
