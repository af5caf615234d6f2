"""The only sentences that leave this node for a person's mailbox or lock screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PATIENCE = timedelta(days=5)
"""How long a server that keeps saying "later" to one address is asked again (RFC 5321, 4.5.4)."""

REMINDER = "reminder"
"""The code of the one notice that has a sentence of its own."""

SENTENCES = {
    "change": {
        "en": "There is a change in your plan",
        "nl": "Er is iets gewijzigd in je planning",
        "ro": "Există o schimbare în planul tău",
    },
    REMINDER: {
        "en": "There is something in your plan tomorrow",
        "nl": "Morgen staat er iets in je planning",
        "ro": "Mâine ai ceva în planul tău",
    },
    "confirm": {
        "en": "Please confirm your e-mail address",
        "nl": "Bevestig je e-mailadres",
        "ro": "Te rugăm să confirmi adresa ta de e-mail",
    },
}
LOOK = {"en": "Have a look:", "nl": "Bekijk het hier:", "ro": "Vezi aici:"}
STOP = {
    "en": "No more mail like this:",
    "nl": "Geen mail meer zoals deze:",
    "ro": "Fără astfel de mesaje pe viitor:",
}
NOT_YOU = {
    "en": "If you did not ask for this, do nothing: no more mail will come.",
    "nl": "Heb je hier niet om gevraagd? Doe dan niets: er komt geen mail meer.",
    "ro": "Dacă nu ai cerut acest lucru, nu face nimic: nu va mai veni niciun mesaj.",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in words: its subject, and its lines of text."""

    subject: str
    lines: tuple[str, ...]


def letter(kind: str, language: str, link: str, stop_link: str) -> Letter:
    """Word a notice: that there is one, and where; never what, who, where or when."""
    said = SENTENCES[kind][language]
    lines = (f"{said}.", "", LOOK[language], link, "", STOP[language], stop_link)
    return Letter(said, lines)


def letter_to_confirm(language: str, link: str) -> Letter:
    """Word the one mail that an address gets before it is confirmed."""
    said = SENTENCES["confirm"][language]
    return Letter(said, (f"{said}:", link, "", NOT_YOU[language]))


def kind_of(code: str) -> str:
    """Tell a reminder from all other notices, which are worded alike."""
    return REMINDER if code == REMINDER else "change"


def is_hopeless(tried_at: datetime | None, now: datetime) -> bool:
    """Tell whether an address has been put off for so long that a person should hear of it."""
    return tried_at is not None and now - tried_at > PATIENCE
