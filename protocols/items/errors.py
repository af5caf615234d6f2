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


class NotInReview(Refusal):
    """Nobody approves what its author still works on."""

    code = "not-in-review"
    title = "Its author still works on this text. It can be approved once a review is asked for."
    status = 409


class AlreadyInReview(Refusal):
    """A review that was asked for is asked for once."""

    code = "already-in-review"
    title = "A review of this text has been asked for already. Somebody else has to look at it."
    status = 409


class ChangedSinceSeen(Refusal):
    """Somebody saved it in between; nothing is approved or written over unseen."""

    code = "changed-since-seen"
    title = "Somebody has saved this text since you opened it. Look at it again."
    status = 409


class DifferenceNotSeen(Refusal):
    """What asks nothing of readers is approved by somebody who has seen what it changes."""

    code = "difference-not-seen"
    title = "This is called a small change. Look at what it changes before you approve it."
    status = 409
