from federation.errors import Refusal


class DraftRefused(Refusal):
    """The reasons say what its author has to mend."""

    code = "draft-refused"
    title = "This text cannot be kept as it is."


class AuthorMayNotApprove(Refusal):
    """Four eyes: whoever wrote it asks somebody else."""

    code = "author-may-not-approve"
    title = "You wrote part of this text. Ask somebody else of your project to approve it."
    status = 409


class NotApproved(Refusal):
    """Only what somebody approved, as it stands, is published."""

    code = "not-approved"
    title = "Nobody has approved this text as it stands. Ask somebody who did not write it."
    status = 409
