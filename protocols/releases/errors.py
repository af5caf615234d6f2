from federation.errors import Refusal


class ReviewOverdue(Refusal):
    """A text whose review date has passed is reviewed first."""

    code = "review-overdue"
    title = "The review date of this text has passed. Review it and set a new date first."


class NothingChanged(Refusal):
    """A release says something new."""

    code = "nothing-changed"
    title = "This text is the same as its last release."
    status = 409
