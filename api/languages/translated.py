"""Which templates are translated; the list only grows, and a test looks at what is in it."""

SHARED = frozenset(
    {
        "base.html",
        "seat-words.html",
        "cover-words.html",
        "waiting-words.html",
        "call-words.html",
        "passkey-words.html",
        "live.html",
        "swap-words.html",
    }
)
"""What several pages use."""

TRANSLATED = frozenset(
    {
        "availability.html",
        "calendar-address.html",
        "calendar.html",
        "cover-days.html",
        "gave-up.html",
        "group-words.html",
        "hours.html",
        "mail-link.html",
        "notices.html",
        "now.html",
        "problem.html",
        "session.html",
        "sign-in-link.html",
        "sign-in.html",
        "slots.html",
        "start.html",
        "swap.html",
        "swaps.html",
        "week.html",
    }
)
"""Pages that are in the reader's language; all others are in English from top to bottom."""

SENTENCES = (
    "api/errors.py",
    "api/problems.py",
    "federation/access/errors.py",
    "federation/errors.py",
    "federation/notices/addresses/errors.py",
    "federation/notices/preferences/errors.py",
    "federation/passkeys/errors.py",
    "federation/second_steps/errors.py",
    "rota/attendance/errors.py",
    "rota/attendance/rules.py",
    "rota/availability/errors.py",
    "rota/bookings/rules.py",
    "rota/busy_times/errors.py",
    "rota/busy_times/rules/failures.py",
    "rota/claims/errors.py",
    "rota/claims/quota.py",
    "rota/consent/actions.py",
    "rota/consent/asking.py",
    "rota/consent/errors.py",
    "rota/cover/errors.py",
    "rota/cover/notices.py",
    "rota/cover/take.py",
    "rota/handover/errors.py",
    "rota/leave/errors.py",
    "rota/open_hours/errors.py",
    "rota/reminders/actions.py",
    "rota/seats/rules.py",
    "rota/sign_up/actions.py",
    "rota/sign_up/notices.py",
    "rota/splitting/actions.py",
    "rota/supervisor_calls/errors.py",
    "rota/swaps/errors.py",
    "rota/swaps/offering.py",
    "rota/swaps/offers_here.py",
    "rota/swaps/outcome.py",
    "rota/swaps/pending.py",
    "rota/swaps/settling.py",
    "rota/waiting/errors.py",
)
"""Where refusals and notices stand that are translated; others stay in English, marked so."""
