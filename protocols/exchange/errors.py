from federation.errors import Refusal


class NotAnExport(Refusal):
    """What was given is not what its tool writes."""

    code = "not-an-export"
    title = "This file cannot be read. Export it from the tool once more and give it as it is."


class TooLarge(Refusal):
    """What was given has more in it than anybody would give on purpose."""

    code = "file-too-large"
    title = "This file is too large. Divide it."
    status = 413


class NotAText(Refusal):
    """A file does not say what a text has to say."""

    code = "not-a-text"
    title = "This file is no text that can be taken in."
