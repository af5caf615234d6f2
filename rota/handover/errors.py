from federation.errors import Refusal


class WrongNote(Refusal):
    """A handover note is about the work; the reasons say where it points at somebody."""

    code = "wrong-handover-note"
    title = "This note cannot be kept as it is. Nothing that could identify anybody belongs in it."


class NoteTooLate(Refusal):
    """What is written long after a session is not for the next one."""

    code = "note-too-late"
    title = "A note can be left from the briefing until twelve hours after the debrief."
    status = 409


class EnoughNotes(Refusal):
    """Three notes a session are read; thirty are not."""

    code = "enough-notes"
    title = "There are three notes of this session already. Erase one first."
    status = 409
