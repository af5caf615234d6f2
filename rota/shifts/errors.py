from federation.errors import Refusal


class EndBeforeStart(Refusal):
    """A span that ends before it starts, or takes no time at all."""

    code = "end-before-start"
    title = "The end must come after the start."


class OddTimes(Refusal):
    """A partner's session that no calendar could show."""

    code = "odd-times"
    title = "This session lasts longer than a week, or is in no year that a calendar shows."


class UnknownZone(Refusal):
    """A time zone that is in no zone list."""

    code = "unknown-zone"
    title = "This time zone is not known. Use a name such as Europe/London."


class NoSuchLocalTime(Refusal):
    """The clock jumps over this time of day; only a person can say what was meant."""

    code = "no-such-local-time"
    title = "On that day the clock jumps over this time. Please choose another time for that day."


class NaiveTime(Refusal):
    """A time without an offset could be any of two dozen instants."""

    code = "naive-time"
    title = "This time has no offset. Write it like 2027-01-05T19:00:00+00:00."


class WrongPattern(Refusal):
    """A pattern that cannot make shifts; the reasons say which of its values is wrong."""

    code = "wrong-pattern"
    title = "This pattern cannot make shifts."


class TooFarAhead(Refusal):
    """Shifts are made at most a year or so ahead: nobody can plan further, calendars grow heavy."""

    code = "too-far-ahead"
    title = "Shifts can be made for the next 400 days. Please choose an earlier day."


class PastIsKept(Refusal):
    """What has begun stays as it was planned."""

    code = "past-is-kept"
    title = "The past stays as it was. Choose a day that has not begun yet."


class UnknownRegion(Refusal):
    """A region whose public holidays are in no list."""

    code = "unknown-region"
    title = "The holidays of this region are not known. Use a code such as NL or GB-SCT."
