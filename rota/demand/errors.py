from federation.errors import Refusal


class WrongWeeks(Refusal):
    """Weeks are left out for a reason from a list, at most half a year at once."""

    code = "wrong-weeks"
    title = "These weeks cannot be left out as you say."


class WeeksLeftOut(Refusal):
    """What is left out already is first taken in again."""

    code = "weeks-left-out"
    title = "Weeks from this one on are left out already. Count them again first to change that."
    status = 409
