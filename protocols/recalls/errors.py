from federation.errors import Refusal


class AlreadyRecalled(Refusal):
    """A release is withdrawn once; what holds meanwhile was said then."""

    code = "already-recalled"
    title = "This release has already been withdrawn."
    status = 409


class NothingWouldHold(Refusal):
    """A recall says what workers do instead."""

    code = "nothing-would-hold"
    title = "Say what holds meanwhile: an earlier release that still stands, or an emergency text."


class Withdrawn(Refusal):
    """A recalled release is not adopted any more."""

    code = "withdrawn"
    title = "This release has been withdrawn. Use another one."
    status = 409


class WordsRefused(Refusal):
    """The reasons say what would be shown to people as nobody can have meant it."""

    code = "recall-words-refused"
    title = "These words cannot hold meanwhile as they are."
