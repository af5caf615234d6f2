from federation.errors import Refusal


class NotReadyToCopy(Refusal):
    """The reasons say what has to be mended first, or why it may not be used like this at all."""

    code = "not-ready-to-copy"
    title = "This answer cannot be used like this."


class AnswerChanged(Refusal):
    """It was withdrawn, or another version holds, since the page was opened."""

    code = "answer-changed"
    title = "This answer has changed since you opened it. Read what holds now, and copy that."
    status = 409
