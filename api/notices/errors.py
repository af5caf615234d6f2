"""Why something was not sent; the worker logs the name alone, never what a server said."""

from datetime import datetime


class NotSentError(Exception):
    """It is tried again, later and later, up to once a minute."""


class MailServerAwayError(NotSentError):
    """Our own mail server is down, slow, or does not take us: no address is to blame."""


class MailPutOffError(NotSentError):
    """The server takes us, but not this mail now."""


class MailRefusedError(Exception):
    """The server says for good that this address takes no mail."""


class PushPutOffError(NotSentError):
    """The push service is away, busy, or says no for a reason that may pass; it may say when."""

    def __init__(self, why: str, again: datetime | None = None) -> None:
        """Keep a word for the log, and the moment from which on the service wants to be asked."""
        super().__init__(why)
        self.again = again


class PushGoneError(Exception):
    """The push service no longer knows the device."""
