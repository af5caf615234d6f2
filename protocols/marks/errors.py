from federation.errors import Refusal


class WrongMark(Refusal):
    """The reasons say what has to go, or what is missing."""

    code = "wrong-mark"
    title = "This cannot be told to the owner as it is."


class EnoughMarks(Refusal):
    """The owner has heard; more of the same would only bury what others say."""

    code = "enough-marks"
    title = (
        "Your project has told the owner of this answer several times. They have not looked yet."
    )
    status = 409
