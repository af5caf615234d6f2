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
    }
)
"""What several pages use."""

TRANSLATED = frozenset(
    {"problem.html", "sign-in.html", "sign-in-link.html", "start.html", "week.html"}
)
"""Pages that are in the reader's language; all others are in English from top to bottom."""

SENTENCES = (
    "api/errors.py",
    "api/problems.py",
    "federation/access/errors.py",
    "federation/errors.py",
    "rota/open_hours/errors.py",
)
"""Where refusals stand whose sentences are translated; others are in English, and marked so."""
