from federation.errors import Refusal


class NameTooLong(Refusal):
    """The restricted record holds a name, not a story about somebody."""

    code = "reviewer-too-long"
    title = "Write only as much as your project needs to know who it was: at most 200 characters."
