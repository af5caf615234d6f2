from federation.errors import Refusal


class NotTyped(Refusal):
    """Whoever erases everything has typed what it is the end of."""

    code = "project-not-typed"
    title = "Type the short name of your project to erase its records. Nothing was erased."
