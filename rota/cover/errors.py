from federation.errors import Refusal


class CoverOver(Refusal):
    """The request was withdrawn, its time is over, or somebody has taken the seat."""

    code = "cover-over"
    title = "Nobody is asked to take this seat any more. Please look for another open one."
    status = 409


class NotHeld(Refusal):
    """Only a seat that one has can be offered to others."""

    code = "not-held"
    title = "You do not have this seat, so there is nothing to ask others for."
    status = 409


class TooLateToAsk(Refusal):
    """The briefing has begun: only a telephone call helps now."""

    code = "too-late-to-ask"
    title = "It begins too soon to ask others here. Call the pool's coordinator."
    status = 409
