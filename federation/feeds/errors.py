"""What can be wrong with a feed, and why reading it stops until it is right again."""

from federation.errors import Refusal


class FeedTrouble(Refusal):
    """A partner's feed that does not prove what it should; nothing of it is applied."""

    code = "feed-trouble"
    title = "The partner's feed does not prove itself."
    status = 502

    def __init__(self, sentence: str | None = None, *, head: str | None = None) -> None:
        """Keep the head that the partner signed: it is the proof of what it showed us."""
        super().__init__(sentence)
        self.head = head


class Gap(FeedTrouble):
    """Events are missing or out of order."""

    code = "feed-gap"
    title = "The partner left out an event."


class Rollback(FeedTrouble):
    """The feed ends earlier than what we have read, or comes from an older epoch."""

    code = "feed-rollback"
    title = "The partner shows an older state than it showed before."


class Fork(FeedTrouble):
    """Another history than the one we have read."""

    code = "feed-fork"
    title = "The partner shows another history than it showed before."


class Frozen(FeedTrouble):
    """A head that has expired: this may be a replay of an old answer."""

    code = "feed-frozen"
    title = "The partner's latest state is more than a day old; it is not confirmed current."


class Ahead(FeedTrouble):
    """A head or an epoch from the future: believed, it would keep out what comes until then."""

    code = "feed-ahead"
    title = "The partner's latest state is from the future, so it is not believed."


class WrongHead(FeedTrouble):
    """A head that is not signed by the partner's head key, or is about something else."""

    code = "feed-head-wrong"
    title = "The head of this feed is not signed by the partner's head key."


class TooMuchSetAside(FeedTrouble):
    """More that this node cannot apply than one partner may leave here; somebody has to look."""

    code = "feed-too-much-set-aside"
    title = (
        "The partner has sent more that this node cannot use than it keeps. Look at what was set "
        "aside: update this node, ask the partner, or forget it; then reading goes on."
    )


class TooMuchTakenIn(FeedTrouble):
    """More than one partner may make this node keep within 90 days; somebody has to ask why."""

    code = "feed-too-much-taken-in"
    title = (
        "Within 90 days the partner has sent more than this node takes in from one partner. Ask "
        "what it sends so much of; then take in as much again, or end it."
    )


class AnotherEpoch(Refusal):
    """The reader's cursor belongs to an epoch that this feed has left."""

    code = "another-epoch"
    title = "This feed was begun anew. Read it again from its start."
    status = 409


class EventTooLarge(Refusal):
    """An event that would not fit on a page."""

    code = "event-too-large"
    title = "This is too long to send to partners. Split it."


class TooManyRecalls(Refusal):
    """More withdrawals than one partner may make this node keep within 90 days."""

    code = "too-many-recalls"
    title = "This partner has withdrawn more within 90 days than this node takes in. Call them."


class RecallTooLarge(Refusal):
    """A recall that would leave no room for others on the pages that have to carry all of them."""

    code = "recall-too-large"
    title = (
        "What holds meanwhile is too long to reach everybody at once. Write it in fewer words, "
        "or in fewer languages."
    )


class BadPlace(Refusal):
    """An `after` that is not epoch:sequence."""

    code = "bad-place"
    title = "Write the place after which to read as epoch:sequence."
    status = 400
