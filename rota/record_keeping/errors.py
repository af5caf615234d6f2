from federation.errors import Refusal


class WrongSettings(Refusal):
    """How long records are kept and what is asked has bounds; the reasons say which."""

    code = "wrong-record-keeping"
    title = "This cannot be set as it is."
