"""What the web floor itself refuses, before any rule is asked."""

from federation.errors import Reason, Refusal

NUMBER_BETWEEN = "must be a number from %(least)s to %(limit)s."
NUMBER_OR_EMPTY = "must be a number from 0 to %(number)s, or empty."
CHARACTERS = "must have 1 to %(number)s characters."
CHARACTERS_AT_MOST = "takes at most %(number)s characters."
"""What a field must be, where the bounds differ from one to the next."""


class SignInNeeded(Refusal):
    """Nobody is signed in, or the token or session no longer works; which, is not told."""

    code = "sign-in-needed"
    title = "Please sign in. Your coordinator can give you a sign-in link."
    status = 401


class ProviderAway(Refusal):
    """The service where people have accounts does not answer, or not as one."""

    code = "sign-in-service-away"
    title = "The sign-in service does not answer. Try again in a while, or use a sign-in link."
    status = 503


class ProviderWrong(Refusal):
    """What came back was refused there, is not signed for us, or belongs to another browser."""

    code = "sign-in-service-refused"
    title = "The sign-in service did not say who you are, or that took too long. Try once more."


class MailNotChecked(Refusal):
    """Anybody could have entered an address that nobody has checked."""

    code = "mail-not-checked"
    title = "The sign-in service has not checked your e-mail address. Use a sign-in link instead."


class ForProgramsOnly(Refusal):
    """A browser's cookie would let any web page act for whoever is signed in."""

    code = "token-needed"
    title = "Changes through this address need an API token. In the browser, use the pages."
    status = 403


class FormExpired(Refusal):
    """The form's hidden field does not match the browser's cookie."""

    code = "form-expired"
    title = "This form is no longer valid. Reload the page and try again."
    status = 403


class NothingToUndo(Refusal):
    """Too much time has passed, something else was done since, or it is undone already."""

    code = "nothing-to-undo"
    title = (
        "This can no longer be undone by one press. What you did stands; you can still change it."
    )
    status = 409


class NotJson(Refusal):
    """The body cannot be read at all."""

    code = "not-json"
    title = "The body must be JSON in UTF-8."
    status = 400


class UnsupportedMedia(Refusal):
    """The body says that it is something else than what this address reads."""

    code = "unsupported-media-type"
    title = "Send the body as JSON, with Content-Type: application/json."
    status = 415


class TooLarge(Refusal):
    """The body is larger than this node reads."""

    code = "too-large"
    title = "This is too much at once. Send less."
    status = 413


class TooMany(Refusal):
    """A client has asked more often than its share."""

    code = "too-many-requests"
    title = "That was too often. Wait a minute and try again."
    status = 429

    def __init__(self, seconds: int = 60) -> None:
        """Say when asking again is worth it."""
        super().__init__()
        self.seconds = seconds


class Unavailable(Refusal):
    """The database does not answer, or two changes met; a second try may do."""

    code = "unavailable"
    title = "This cannot be answered just now, and nothing was changed. Try again in a minute."
    status = 503


class NotReady(Refusal):
    """The node runs but could not serve people properly."""

    code = "not-ready"
    title = "This node is not ready."
    status = 503


class InvalidRequest(Refusal):
    """A value is not what it must be; `field` is where it stands, as in `seats[0].role`."""

    code = "invalid-request"
    title = "A value is missing or is not what it must be."
    status = 400

    def __init__(self, field: str, text: str) -> None:
        """Say what is wrong with which field."""
        where = f"{field}: {text}" if field else text
        super().__init__(reasons=(Reason(self.code, where),))
        self.field = field


class UnknownField(InvalidRequest):
    """A field that nobody reads is a misunderstanding, so it is refused instead of ignored."""

    code = "unknown-field"
    title = "There is a field here that is not known."


class MissingField(InvalidRequest):
    """A field without which the request means nothing."""

    code = "missing-field"
    title = "A field is missing."


class WrongType(InvalidRequest):
    """A text where a number belongs, and the like; nothing is converted silently."""

    code = "wrong-type"
    title = "A value is not of the right kind."


class NaiveTime(InvalidRequest):
    """A time without an offset could mean any of some forty moments."""

    code = "naive-time"
    title = "Times need an offset, such as 2027-01-05T19:00:00+00:00 or a Z at the end."


class NotText(InvalidRequest):
    """A NUL character, which no text has and PostgreSQL cannot store."""

    code = "not-text"
    title = "There is a character here that no text has."
