from federation.errors import Refusal


class SmallCounts(Refusal):
    """A partner's node has not hidden what must be hidden; it is not kept."""

    code = "small-counts"
    title = "These counts show fewer than five people. They have to be hidden before they are sent."


class MonthNotOver(Refusal):
    """Told before its end, a month would be told twice, and the difference is a count, too."""

    code = "month-not-over"
    title = "This month is not over yet. Its counts are told once, when it is."
