from federation.errors import Refusal


class NotTheHost(Refusal):
    """Only the node that hosts a pool changes its patterns, plan and settings."""

    code = "not-the-host"
    title = "Another node plans this pool. Propose the change to its coordinator."
    status = 409


class AlreadyMember(Refusal):
    """The project takes part in the pool already."""

    code = "already-member"
    title = "This project takes part in the pool already."
    status = 409


class HasHandle(Refusal):
    """One person has one current pseudonym in a pool."""

    code = "has-handle"
    title = "This person has a handle in the pool already."
    status = 409


class NoRoom(Refusal):
    """What one partner says of itself must leave room for all others."""

    code = "no-room-in-pool"
    title = "This node has as many projects or people in the pool as one node may have."
    status = 409


class PoolUnfit(Refusal):
    """What members could not read would keep everything else of the pool from them."""

    code = "pool-unfit"
    title = (
        "A pool has a name of at most 200 characters, and a supervisor takes at least one session "
        "and at most 50 at once."
    )


class ShareUnfit(Refusal):
    """Hours that no week of a project has."""

    code = "share-unfit"
    title = "The hours of a project in a week are a number from 0 to 10,000."


class ChannelUnfit(Refusal):
    """A channel that nobody could staff, or whose name no page has room for."""

    code = "channel-unfit"
    title = (
        "A channel has a name of at most 200 characters. It needs at least one worker, at most 10 "
        "workers and 10 supervisors, and asks for at most 50 trainings."
    )


class EnoughChannels(Refusal):
    """All channels of a pool are stated to its members at once."""

    code = "enough-channels"
    title = "This pool has 50 channels, which is the most."
    status = 409


class WrongMessageLanguages(Refusal):
    """Languages that are told to the public, and to members."""

    code = "wrong-message-languages"
    title = "Name at most 20 languages, each by its tag, such as en, nl or ro."


class RulesTooLong(Refusal):
    """Rules that nobody reads before a session hold nobody back."""

    code = "rules-too-long"
    title = "These rules are too long to be read before a session. Use at most 4,000 characters."


class WrongTopics(Refusal):
    """Topics are a few words each, about matters and never about somebody."""

    code = "wrong-topics"
    title = "These topics cannot be counted as they are. Nothing was changed."
