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


class RulesTooLong(Refusal):
    """Rules that nobody reads before a session hold nobody back."""

    code = "rules-too-long"
    title = "These rules are too long to be read before a session. Use at most 4,000 characters."


class WrongTopics(Refusal):
    """Topics are a few words each, about matters and never about somebody."""

    code = "wrong-topics"
    title = "These topics cannot be counted as they are. Nothing was changed."
