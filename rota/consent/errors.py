from federation.errors import Refusal


class ConsentOver(Refusal):
    """Somebody has answered already, the worker has withdrawn, or the time is over."""

    code = "consent-over"
    title = "This no longer waits for an answer."
    status = 409


class ReasonMissing(Refusal):
    """A worker who is told no is told why."""

    code = "reason-missing"
    title = "Say in a few words why not: the worker reads it. At most 300 characters."
