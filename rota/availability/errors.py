from federation.errors import Refusal


class WrongSpan(Refusal):
    """A span whose end is not after its start."""

    code = "end-before-start"
    title = "The end must come after the start."


class WrongWish(Refusal):
    """A weekly time that no week has."""

    code = "wrong-weekly-time"
    title = "A weekly time is not what it must be."


class TooManyDates(Refusal):
    """More single days than anybody keeps in mind; weekly times would say it shorter."""

    code = "too-many-dates"
    title = "You have entered very many single days. Enter weekly times instead, or remove some."
