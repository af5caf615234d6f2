from federation.errors import Refusal


class WrongAddress(Refusal):
    """An address that no calendar can be read from."""

    code = "wrong-calendar-address"
    title = "Give the address of a calendar. It begins with https:// or webcal://."


class TooManyBusyCalendars(Refusal):
    """A few calendars have all that a person plans."""

    code = "too-many-busy-calendars"
    title = "You have as many calendars here as can be read. Remove one first."


class ReadJustNow(Refusal):
    """Asked again before a few minutes have passed; the sentence says how many are left."""

    code = "calendar-read-just-now"
    title = "This calendar was read just now. You can ask again in a few minutes."
    status = 429


class Unreadable(Refusal):
    """A calendar of which not every entry can be understood: none is taken for free time."""

    code = "calendar-broken"
    title = "Some of its entries cannot be understood."


class NoCalendar(Unreadable):
    """An answer that is something else: a page to sign in, or a part of a calendar."""

    code = "not-a-calendar"
    title = "There is no calendar at this address, or only a part of one."


class TooMuch(Unreadable):
    """A calendar that would never be read to its end."""

    code = "calendar-too-large"
    title = "There are too many entries in it, or some that repeat every minute."
