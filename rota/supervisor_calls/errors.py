from federation.errors import Refusal


class NotInSession(Refusal):
    """A supervisor is on call for a session and its meetings, not for the week around it."""

    code = "not-in-session"
    title = "You can call the supervisor from the briefing to the end of the debrief."
    status = 409
