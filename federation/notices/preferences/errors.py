from federation.errors import Refusal


class NotAChoice(Refusal):
    """A channel, rhythm, language, zone or day that the rules do not know."""

    code = "not-a-choice"
    title = "One of these choices does not exist here."
