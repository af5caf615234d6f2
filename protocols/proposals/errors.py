from federation.errors import Refusal


class ProposalRefused(Refusal):
    """The reasons say what has to be mended before this leaves the project, or comes in."""

    code = "proposal-refused"
    title = "This cannot be proposed as it is."


class NothingToPropose(Refusal):
    """Only words that somebody of the project has approved are proposed."""

    code = "nothing-to-propose"
    title = "Your project has no approved words of its own there."
    status = 409


class OwnText(Refusal):
    """A proposal goes to somebody else."""

    code = "own-text"
    title = "Your project writes this text itself. Change it where you write it."
    status = 409


class ProposalOpen(Refusal):
    """One at a time: the owner sees the newest, and it is answered as a whole."""

    code = "proposal-open"
    title = "Your project has proposed something for this text already. Take that back first."
    status = 409


class OwnerOutOfReach(Refusal):
    """Who wrote a text may have left, or never have met this node."""

    code = "owner-out-of-reach"
    title = "The project that owns this text cannot be reached from here."
    status = 409


class AlreadyAnswered(Refusal):
    """What was accepted or declined stays so; both sides have it in their books."""

    code = "proposal-answered"
    title = "This proposal has been answered already."
    status = 409


class PartGone(Refusal):
    """A draft moves on: what is no longer in it cannot be reworded or taken out."""

    code = "proposed-part-gone"
    title = "Your draft no longer has a part that this would change. Decline it, and say so."
    status = 409


class SentenceRefused(Refusal):
    """Whoever took the trouble hears why, and nothing about anybody."""

    code = "sentence-refused"
    title = "Say in a sentence why not."
