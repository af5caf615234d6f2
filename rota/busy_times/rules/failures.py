"""What went wrong with somebody's calendar, in a sentence that says what would help."""

from rota.busy_times.errors import NoCalendar, TooMuch, Unreadable

FETCH_FAILED = "fetch-failed"
FETCH_REFUSED = "fetch-refused"
FETCH_ELSEWHERE = "fetch-elsewhere"
SEAL_BROKEN = "seal-broken"

SENTENCES = {
    FETCH_FAILED: "There was no answer at this address. If the calendar has moved, enter it anew.",
    FETCH_REFUSED: "Nothing is read from this address: it is not a public one, or far too large.",
    FETCH_ELSEWHERE: "This address leads to another one. Open it in a browser and enter that one.",
    SEAL_BROKEN: "The address was lost when this node changed its keys. Please enter it again.",
    NoCalendar.code: "There is no calendar at this address, or it was cut off.",
    TooMuch.code: "There is too much in this calendar, or an entry that repeats every minute.",
    Unreadable.code: (
        "An entry has a time that cannot be understood. None is left out, so nothing was taken."
    ),
}
