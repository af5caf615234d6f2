from federation.errors import Refusal


class NoAccountNeeded(Refusal):
    """A channel whose tool needs no account of its own."""

    code = "no-account-needed"
    title = "This channel's tool needs no account. Say first what it needs."
    status = 409


class NotTheOwner(Refusal):
    """Somebody of another project than the one that owns a channel's tool."""

    code = "not-the-tools-owner"
    title = "Another project owns this channel's tool. Its coordinators see to the accounts."
    status = 403
