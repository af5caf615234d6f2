from federation.errors import Refusal


class SeatsInLeave(Refusal):
    """Somebody would be away at a time at which others count on them."""

    code = "seats-in-leave"
    title = (
        "You have seats in this time. Ask for cover first, or enter your leave "
        "and give these seats back with it."
    )


class LeaveOver(Refusal):
    """Leave that has passed; it stays as it was."""

    code = "leave-over"
    title = "This leave is over and stays as it was."


class NotEarlier(Refusal):
    """A new end that would not shorten the leave."""

    code = "not-earlier"
    title = "Leave can be ended earlier than planned. To be away longer, enter more leave."
