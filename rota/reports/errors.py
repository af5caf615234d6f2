from federation.errors import Refusal


class MonthToCome(Refusal):
    """A report tells what was; of a month that has not begun it could only say nothing."""

    code = "month-to-come"
    title = (
        "A report cannot reach into a month that has not begun. The last month can be the one that "
        "is running."
    )
