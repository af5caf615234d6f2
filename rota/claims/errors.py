from federation.errors import Refusal


class SeatTaken(Refusal):
    """Somebody else holds the seat, or it is being kept for them."""

    code = "seat-taken"
    title = "Somebody else has this seat. Please look for another open one."
    status = 409


class ClaimRefused(Refusal):
    """One of the two halves of the rule said no; the reasons tell which."""

    code = "claim-refused"
    title = "You cannot take this seat."
    status = 422


class KeyReused(Refusal):
    """An idempotency key came again with another request."""

    code = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request. Use a new key."
    status = 422


class ClaimOver(Refusal):
    """The claim has ended already, so there is nothing to release."""

    code = "claim-over"
    title = "This claim has ended already."
    status = 409
