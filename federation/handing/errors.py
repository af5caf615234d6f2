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


class NotTheDeputy(Refusal):
    """Only the node that a host has named takes its pool over."""

    code = "not-the-deputy"
    title = "The node that plans this pool has not named yours to take it over if it is lost."
    status = 409


class HostWasHeard(Refusal):
    """A host is lost only once it was silent for a day."""

    code = "host-was-heard"
    title = (
        "The node that plans this pool was heard less than 24 hours ago. "
        "Call its people; if it stays silent, it can be taken over after that."
    )
    status = 409


class PoolSettling(Refusal):
    """After a loss the new host does not know yet who holds which seat."""

    code = "pool-settling"
    title = (
        "The node that planned this pool was lost. The one that plans it now still asks the others "
        "who has which seat, and gives none until they have answered; giving one back works."
    )
    status = 503


class OtherNameTyped(Refusal):
    """Who decides for everybody moves only once somebody has typed which pool is meant."""

    code = "other-name-typed"
    title = "That is not the pool's name. Nothing was changed. Type it as it is shown."


class NothingDisputed(Refusal):
    """There is one document of this pool's term, or somebody has chosen already."""

    code = "nothing-disputed"
    title = "One signed document says who plans this pool. There is nothing to choose."
    status = 409


class PartsMissing(Refusal):
    """Something is said in parts, of which one was refused: the rest says too little."""

    code = "parts-missing"
    title = "A part of what was said in several was refused, so that the rest counts for nothing."
