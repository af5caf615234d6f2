from federation.errors import Refusal


class TextChanged(Refusal):
    """What somebody has read is no longer what holds."""

    code = "text-changed"
    title = "This text has changed since you opened it. Please read it again."
    status = 409
