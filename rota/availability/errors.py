from federation.errors import Refusal


class WrongSpan(Refusal):
    """A span whose end is not after its start."""

    code = "end-before-start"
    title = "The end must come after the start."
