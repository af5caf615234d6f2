from federation.errors import Refusal


class DoesNotFit(Refusal):
    """A project's own part has no place in this release: it is never left out in silence."""

    code = "own-part-does-not-fit"
    title = "Some of your project's own parts do not fit this version. Decide about each first."


class PartsRefused(Refusal):
    """The reasons say what has to be mended in a project's own parts."""

    code = "own-parts-refused"
    title = "Your project's own part cannot be kept as it is."


class Undecided(Refusal):
    """Where both sides have changed, only a person can say what holds."""

    code = "undecided"
    title = "Some parts still need your decision before this version can be used."
