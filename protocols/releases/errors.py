from federation.errors import Refusal


class ReviewOverdue(Refusal):
    """A text whose review date has passed is reviewed first."""

    code = "review-overdue"
    title = "The review date of this text has passed. Review it and set a new date first."


class ReleaseTooLarge(Refusal):
    """What a partner publishes is held to what an author here could hand in."""

    code = "release-too-large"
    title = "This text has more parts, languages or words than a text may have."


class NothingChanged(Refusal):
    """A release says something new."""

    code = "nothing-changed"
    title = "This text is the same as its last release."
    status = 409
