"""What words of old tables mean, in English, Dutch and Romanian; all others somebody has to say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale, localedata

from rota.open_hours.rules.language_names import language_name
from rota.record_imports.rules.columns import (
    AREA,
    CHANNEL,
    FAMILIARITY,
    GENDER,
    KIND,
    LANGUAGE,
    MINUTES,
    NATIONALITY,
    OUTCOME,
    TOPICS,
    UNMET,
    plain,
)
from rota.records.rules import lists

LEAVE_ROW, SAY_NOTHING = "leave-row-out", "say-nothing"
"""What a word may become instead of an entry: its row stays out, or it says nothing of this."""

YES = frozenset(("yes", "y", "true", "x", "v", "ja", "j", "waar", "da", "d", "adevarat", "gemist"))
NO = frozenset(("no", "n", "false", "nee", "neen", "onwaar", "nu", "fals"))
NONE = frozenset(("", "-", "\u2013", "\u2014"))
TICKS = frozenset(("\u2713", "\u2714", "\u2611"))

SAID: dict[str, dict[str, str]] = {
    KIND: {
        lists.TALKED: "talked|talked with|answered|contact|chat|gesprek|beantwoord|discutie"
        "|raspuns",
        lists.TURNED_AWAY: "turned away|missed|unanswered|no answer|afgewezen|gemist|onbeantwoord"
        "|refuzat|ratat|fara raspuns",
        lists.WRONG_CHANNEL: "wrong channel|not for us|wrong number|spam|niet voor ons"
        "|verkeerd|verkeerd kanaal|nu pentru noi|canal gresit|gresit",
    },
    FAMILIARITY: {
        "new": "new|first|first time|first contact|new client|nieuw|eerste keer|nou|noua|prima data"
        "|primul contact",
        "returning": "returning|return|repeat|existing|known|was here before|old|bekend"
        "|terugkerend|bestaand|revenit|revenita|cunoscut|existent",
        "not-said": "not said|unknown|not known|onbekend|niet bekend|necunoscut|nu stiu",
    },
    MINUTES: {
        "under-10": "under 10|under 10 minutes|less than 10|tot 10|minder dan 10|sub 10",
        "10-30": "10 30|10 to 30|10 to 30 minutes|10 tot 30|10 pana la 30|half an hour|half uur",
        "30-60": "30 60|30 to 60|30 to 60 minutes|30 tot 60|30 pana la 60|an hour|een uur|o ora",
        "over-60": "over 60|over an hour|more than 60|meer dan 60|langer dan een uur|peste 60"
        "|peste o ora",
    },
    OUTCOME: {
        "answered": "answered|advice|advice given|information|info|helped|resolved|beantwoord"
        "|advies|informatie|geholpen|raspuns|informatii|sfat|rezolvat",
        lists.SIGNPOSTED: "signposted|referred|referral|told of another service|doorverwezen"
        "|verwezen|verwijzing|indrumat|indrumata|trimis|trimitere",
        "declined": "declined|refused|not wanted|did not want what we offered|geweigerd"
        "|wilde niet|refuzat|a refuzat",
        "ended-early": "ended early|ended before we were done|dropped|disconnected|left|afgebroken"
        "|verbroken|weg|intrerupt|deconectat",
    },
    GENDER: {
        "woman": "woman|female|f|w|vrouw|v|femeie|feminin",
        "man": "man|male|m|barbat|masculin",
        "trans-woman": "trans woman|transwoman|trans female|mtf|transvrouw|trans vrouw"
        "|femeie trans",
        "trans-man": "trans man|transman|trans male|ftm|barbat trans",
        "non-binary": "non binary|nonbinary|nb|enby|other|non binair|nonbinair|anders|non binar",
        "not-said": "not said|unknown|onbekend|niet bekend|necunoscut",
    },
    NATIONALITY: {
        "not-said": "not said|unknown|onbekend|niet bekend|necunoscut",
        "africa": "africa|african|afrika|afrikaans|africana",
        "asia": "asia|asian|azie|aziatisch|asiatica",
        "americas": "americas|latin america|south america|latijns amerika|america latina",
        "oceania": "oceania|oceanie",
    },
    TOPICS: {
        "health": "gezondheid|sanatate",
        "sexual-health": "sti|sti testing|soa|soa test|seksuele gezondheid|sanatate sexuala",
        "housing": "accommodation|huisvesting|wonen|woning|locuinta|cazare",
        "legal-rights": "legal|law|rights|juridisch|recht|rechten|drepturi|juridic|legislatie",
        "immigration": "visa|migration|migratie|verblijf|imigratie|sedere|viza",
        "tax": "taxes|belasting|belastingen|taxe|impozit|impozite",
        "money-and-benefits": "money|benefits|debt|geld|uitkering|schulden|bani|beneficii|datorii",
        "safety": "veiligheid|siguranta",
        "online-safety": "online veiligheid|siguranta online",
        "violence-and-abuse": "violence|abuse|assault|geweld|misbruik|violenta|abuz",
        "court-and-police": "police|court|politie|rechtbank|politia|tribunal|instanta",
        "privacy-and-outing": "privacy|outing|confidentialitate",
        "wellbeing": "well being|mental health|welzijn|psychisch|mentale gezondheid"
        "|sanatate mintala|stare de bine",
        "conditions-of-work": "work|working conditions|werk|arbeidsvoorwaarden|munca"
        "|conditii de munca",
        "other": "anders|overig|overige|altele|altceva",
    },
}
SAID[UNMET] = SAID[TOPICS]
_MINUTES = re.compile(
    r"(\d{1,4})(?:[.,]\d+)?\s*(?:['\u2019m]|mins?\.?|minutes?|minuten|minuut|minute|minut)?"
)
_HOURS = re.compile(r"(\d{1,2})(?:[:.hu]| *(?:hours?|hrs?|uur|ore|ora) *)(\d{2})?")
_BANDS = ((9, "under-10"), (30, "10-30"), (60, "30-60"))
AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Allowed:
    """The lists of one pool and project, by which old words are read."""

    channels: Mapping[str, str]
    topics: tuple[str, ...]
    areas: tuple[str, ...] = ()
    asks_gender: bool = False
    asks_nationality: bool = False
    spoken: tuple[str, ...] = ()
    """Languages that the project names, which come first where one is chosen."""
    _known: dict[str, dict[str, str]] = field(default_factory=dict)

    def entries(self, of: str) -> dict[str, str]:
        """List what a word of a column may become, with what it is called."""
        topics = {slug: slug.replace("-", " ") for slug in self.topics}
        closed: dict[str, Mapping[str, str]] = {
            CHANNEL: self.channels,
            LANGUAGE: {tag: language_name(tag) for tag in (*self.spoken, *languages())},
            TOPICS: topics,
            UNMET: topics,
            AREA: {area: area for area in self.areas},
            KIND: lists.KINDS,
            FAMILIARITY: lists.FAMILIARITIES,
            MINUTES: lists.MINUTES,
            OUTCOME: lists.OUTCOMES,
            GENDER: lists.GENDERS,
            NATIONALITY: lists.NATIONALITIES,
        }
        return dict(closed.get(of, {}))

    def known(self, of: str, word: str) -> str | None:
        """Tell which entry a word is by itself, if it is one."""
        if of not in self._known:
            self._known[of] = self._words_of(of)
        found = self._known[of].get(plain(word))
        if found is None and of == MINUTES:
            return _band(word)
        if found is None and of == AREA and lists.FIRST_HALF.fullmatch(word.upper()):
            return word.upper()
        return found

    def _words_of(self, of: str) -> dict[str, str]:
        entries = self.entries(of)
        found = {
            plain(word): entry
            for entry, words in SAID.get(of, {}).items()
            if entry in entries
            for word in words.split("|")
        }
        if of == LANGUAGE:
            found |= _language_words()
        return found | {
            plain(said): entry for entry, name in entries.items() for said in (name, entry)
        }


def may_become(of: str, entry: str, allowed: Allowed) -> bool:
    """Tell whether somebody may say that a word of a column is this."""
    if entry in {LEAVE_ROW, SAY_NOTHING}:
        return entry == LEAVE_ROW or of not in {KIND, CHANNEL}
    if of == LANGUAGE:
        return lists.is_language(entry)
    if of == AREA and lists.FIRST_HALF.fullmatch(entry):
        return True
    return entry in allowed.entries(of)


@cache
def languages() -> tuple[str, ...]:
    """List languages by the two letters of ISO 639, in the order of their English names."""
    tags = (tag for tag in map(str, Locale("en").languages) if len(tag) == len("en"))
    return tuple(sorted(filter(lists.is_language, tags), key=language_name))


@cache
def _language_words() -> dict[str, str]:
    """Give every name of a language in the three languages, and its own."""
    found: dict[str, str] = {}
    for tag in languages():
        own = Locale.parse(tag).get_display_name() if localedata.exists(tag) else None
        names = (Locale(each).languages.get(tag) for each in ("ro", "nl", "en"))
        found |= {plain(name): tag for name in (own, *names) if name}
    return found | {tag: tag for tag in languages()}


def _band(word: str) -> str | None:
    """Read a duration: the shorter band where it is exactly between two."""
    if found := _MINUTES.fullmatch(word.strip().lower()):
        minutes = int(found[1])
    elif found := _HOURS.fullmatch(word.strip().lower()):
        minutes = int(found[1]) * AN_HOUR + int(found[2] or 0)
    else:
        return None
    return next((band for most, band in _BANDS if minutes <= most), "over-60")


def yes_or_number(word: str) -> int | None:
    """Read a tick or a count; None is neither: signs beside figures make them another number."""
    bare = word.strip()
    if bare in NONE:
        return 0
    if bare.isascii() and bare.isdigit():
        return int(bare)
    said = plain(bare)
    if said in NO:
        return 0
    return 1 if said in YES or bare in TICKS else None


def parts_of(cell: str) -> Iterable[str]:
    """Take apart a cell in which several things are listed."""
    return (part.strip() for part in re.split(r"[,;/|+&\n]", cell) if part.strip())
