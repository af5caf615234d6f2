from federation.errors import Refusal


class WrongRecord(Refusal):
    """A record holds entries of lists and bands; the reasons say what cannot be kept."""

    code = "wrong-record"
    title = "This record cannot be kept as it is. Nothing of it was stored."


class RecordTooEarly(Refusal):
    """Before a session has begun there is nothing to count."""

    code = "record-too-early"
    title = "The session has not begun yet. Write its record once it runs, or at the debrief."
    status = 409


class RecordTooLate(Refusal):
    """What is remembered long afterwards is no count; what was deleted would be counted twice."""

    code = "record-too-late"
    title = (
        "A record can be written or changed until fourteen days after the session, "
        "and only as long as your project keeps single records."
    )
    status = 409
