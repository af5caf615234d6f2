from federation.errors import Refusal


class HandedOver(Refusal):
    """Another node hosts the pool in a later term; who has seen that refuses the one before."""

    code = "handed-over"
    title = (
        "This pool was handed over: another node decides about its seats now. "
        "Look at the board again in a moment."
    )
    status = 409


class NoMemberNode(Refusal):
    """A pool goes to a node that knows it: one whose project takes part."""

    code = "no-member-node"
    title = "No project of that node takes part in this pool. Choose a partner that does."


class MembersNotMet(Refusal):
    """A host must be able to speak with every node whose projects take part."""

    code = "members-not-met"
    title = (
        "This node is not joined with every node that takes part in the pool. "
        "Join with the others first, on the page about partners."
    )
    status = 409


class NothingOffered(Refusal):
    """Nobody has offered this pool, or no longer."""

    code = "nothing-offered"
    title = "Nobody offers this pool to your node. Ask the host's partner administrator."
    status = 409


class OtherTerm(Refusal):
    """A document that does not follow what is believed here, or is not signed by those who must."""

    code = "other-term"
    title = "What is said about who hosts this pool does not follow what is known here."
    status = 409
