from federation.errors import Refusal


class TooEarly(Refusal):
    """Checking in makes a session public; that begins with its briefing."""

    code = "too-early"
    title = "You can check in from the start of the briefing."
    status = 409


class SessionOver(Refusal):
    """What has ended, was cancelled or was closed cannot begin."""

    code = "session-over"
    title = "This session is over or was cancelled."
    status = 409


class NotCheckedIn(Refusal):
    """Nobody can be busy, or leave, before somebody has come."""

    code = "not-checked-in"
    title = "Nobody has checked in to this session yet."
    status = 409
