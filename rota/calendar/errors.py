from federation.errors import NotFound, Refusal


class TooManyAddresses(Refusal):
    """Every address is one more copy of somebody's week that can be read by others."""

    code = "too-many-addresses"
    title = "You have ten calendar addresses. Revoke one that you no longer use."
    status = 409


class NoSuchCalendar(NotFound):
    """No address has this secret."""

    title = "There is no calendar at this address. Please copy it again from your page."


class CalendarRevoked(Refusal):
    """An address that was given up; devices have had sixty days to empty themselves."""

    code = "calendar-revoked"
    title = "This calendar address was revoked. Remove it from your device."
    status = 410


class CalendarNotOffered(Refusal):
    """What was asked of a calendar address cannot be; the reasons say what."""

    code = "calendar-not-offered"
    title = "There is no such calendar. Please choose again."
    status = 422
