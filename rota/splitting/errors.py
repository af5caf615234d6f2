from federation.errors import Refusal


class CannotSplit(Refusal):
    """A shift that cannot be divided there, or not now; the reasons tell why."""

    code = "cannot-split"
    title = "This session cannot be divided like that."
    status = 422


class ChangedMeanwhile(Refusal):
    """Somebody took or left a seat in the same moment."""

    code = "changed-meanwhile"
    title = "Somebody has just taken or left a seat of this session. Please try again."
    status = 409
