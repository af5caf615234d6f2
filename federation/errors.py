"""What can be refused. Each refusal has a stable code and a sentence that says what would help."""

from typing import NamedTuple

TOO_LONG = "At most %(number)s characters."


class Reason(NamedTuple):
    """One of possibly several reasons why a rule refuses."""

    code: str
    text: str


class Refusal(Exception):
    """A request that cannot be granted; subclasses set `code`, `title` and `status`."""

    code = "refused"
    title = "This cannot be done."
    status = 422

    def __init__(self, title: str | None = None, reasons: tuple[Reason, ...] = ()) -> None:
        """Keep the sentence for the person who asked, and every reason."""
        super().__init__(title or self.title)
        self.sentence = title or self.title
        self.reasons = reasons


class NotFound(Refusal):
    """There is no such thing, or the asker may not know of it."""

    code = "not-found"
    title = "There is nothing here, or it is not yours to see."
    status = 404


class NotHereYet(NotFound):
    """A partner speaks of something that it tells in another feed, which has not been read yet."""

    code = "not-here-yet"
    title = "This speaks of something that has not arrived yet. It is tried again."


class NotAllowed(Refusal):
    """The asker may know of it but not do this."""

    code = "not-allowed"
    title = "Your roles do not allow this. Your coordinator can help."
    status = 403


class ExampleStaysApart(Refusal):
    """An example takes part in nothing, is told to nobody, and lets its people do the rota only."""

    code = "example-stays-apart"
    title = "The example is for trying the plan and the sessions. This does not work in it."
    status = 403
