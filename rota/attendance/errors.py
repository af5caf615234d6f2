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


class HasBegun(Refusal):
    """Somebody was there, so it took place; it can be ended."""

    code = "has-begun"
    title = "Somebody has checked in, so the session has begun. You can end it instead."
    status = 409


class WrongLateness(Refusal):
    """Later than an hour is not late, it is a seat for somebody else."""

    code = "wrong-lateness"
    title = "Say between 1 and 60 minutes. If it takes longer, give the seat back."


class UnknownReason(Refusal):
    """Why a session did not happen leaves a project, so it is one of a few fixed reasons."""

    code = "unknown-reason"
    title = "Choose one of the reasons: too-few-people, technical, unsafe or other."


class NotOverYet(Refusal):
    """A debrief follows a session."""

    code = "not-over-yet"
    title = "The debrief comes after the session. End the session first, or wait for its end."
    status = 409


class TooLateToSay(Refusal):
    """What is said days later is not a record of what happened."""

    code = "too-late-to-say"
    title = "This can be said until a day after the session. Tell your coordinator."
    status = 409


class NotBegunYet(Refusal):
    """Work that is still to come cannot be done."""

    code = "not-begun-yet"
    title = "This has not begun yet. Say that it is done once it is."
    status = 409


class MeetsPeople(Refusal):
    """Of a session that people come to it is known when it was open, not whether it is done."""

    code = "meets-people"
    title = "People meet you in this session, so it is not done but ended."
    status = 409


class TextsNotRead(Refusal):
    """A text has changed since this seat was taken; it is short, and read in a minute."""

    code = "texts-not-read"
    title = "There is something new to read before you check in. You find it under Protocols."
