from federation.errors import Refusal


class WrongDetails(Refusal):
    """What people rely on in the middle of a session must work; the reasons say what does not."""

    code = "wrong-session-details"
    title = "This cannot be kept as it is."
