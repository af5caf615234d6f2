from federation.errors import Refusal


class CodeWrong(Refusal):
    """The code is mistyped, too old, or has been used; which, is not told."""

    code = "code-wrong"
    title = (
        "This code does not fit, or has been used. Wait for the next one in your app, "
        "or use a recovery code."
    )


class TooManyCodes(Refusal):
    """Somebody seems to guess: for a while not even the right code is looked at."""

    code = "too-many-codes"
    title = "There were too many wrong codes. Try again in an hour."
    status = 429


class SecondStepOn(Refusal):
    """An app that is in use is not replaced without a code of it."""

    code = "second-step-on"
    title = "You have a second step already. Turn it off first to set it up anew."
    status = 409


class SecondStepOff(Refusal):
    """There is nothing that could be confirmed, renewed or turned off."""

    code = "second-step-off"
    title = "No second step is set up here. It may have been turned off meanwhile."
    status = 409
