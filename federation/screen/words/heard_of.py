"""Whether a word is one of every day in English, Dutch or Romanian, in whatever form."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale
from wordfreq import get_frequency_dict, word_frequency

from federation.screen.words.known_names import only_a_name

ENDINGS = {
    "en": "s es ed d ing ly er ers est y ness less ful ment 's",
    "nl": "en n s e t te de den ten er ers tje tjes je jes pje pjes ing ingen d lijk ster",
    "ro": "ul ului lui le lor ei ii i a ea elor ilor ile ele uri urile esti easca eaza at ata ati ate it ita"
    " iti ite ut uta uti se ind and are ire re m ti u e",
}
"""What hangs on a word."""
BASES = ("", "e", "a", "u", "y", "en", "i")
"""What stood there before an ending came."""
BEFORE = tuple(
    "ge ver be on ont un re ne over uit aan op in af door na mee weg los terug tegen bij toe onder voor de gede dez des"
    " pre sub non anti semi co mis dis".split()
)
SHORT_PARTS = frozenset("app bot cam hiv les soa net pas bus web gsm sms gps sim".split())
"""Of long Dutch words: hivtest, groepsapp."""
SHORTEST = 4
"""A stem or a part has so many letters, or anything would be made of some."""
LINKS = ("", "s", "e", "en")
"""What Dutch puts between the parts of a long word."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BENT = re.compile(r"\w{4}(?:ers|sters|ingen|heid|erij|elijk|ezi|este|esc|eaza|ul|ului|ilor|elor)\Z")
"""As only words of a language end, however long they are."""
OFTEN = 25e-6
"""Of a million words a text has so many of one of every day."""
KNOWN = 4096
"""How many words are kept in mind; a note has a few hundred."""


@cache
def _words(language: str) -> frozenset[str]:
    """Read the words of which there is one in a million, with and without their marks."""
    words = get_frequency_dict(language, "small")
    return frozenset({*words, *map(without_marks, words)})


def without_marks(word: str) -> str:
    """Write a word as who hurries does: fetița, fetita."""
    if word.isascii():
        return word
    signs = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def of_every_day(word: str, language: str) -> bool:
    """Tell whether a word is one of a language as it stands, with at least one in a million."""
    return word in _words(language)


@lru_cache(KNOWN)
def met_often(word: str, language: str) -> bool:
    """Tell whether a word is met every day in a language, or in any if it is none of ours."""
    languages = (language,) if language in ENDINGS else tuple(ENDINGS)
    return any(word_frequency(word, each) >= OFTEN for each in languages)


@cache
def countries() -> frozenset[str]:
    """Name every country in the three languages."""
    every = (name for language in ENDINGS for name in Locale(language).territories.values())
    return frozenset(part for name in every for part in name.lower().split())


@lru_cache(KNOWN)
def heard_of(word: str) -> bool:
    """Tell whether a word is known, or is made of what is known."""
    lower = without_marks(word.lower()).removesuffix("'s").removesuffix("’s")
    return all(known(part) for part in lower.split("-")) or _joined(lower)


def known(word: str) -> bool:
    """Tell whether a word is one of a language or a form of one, and not two in one."""
    if any(word in _words(language) for language in ENDINGS):
        return True
    bare = [word[len(before) :] for before in BEFORE if word.startswith(before)]
    return any(
        _bends(stem, language)
        for stem in (word, *bare)
        for language in ENDINGS
        if len(stem) >= SHORTEST
    )


def _bends(word: str, language: str) -> bool:
    words = _words(language)
    if len(word) > SHORTEST and word in words and not only_a_name(word):
        return True
    return any(
        word[: -len(after)] + base in words and not only_a_name(word[: -len(after)])
        for after in ENDINGS[language].split()
        if word.endswith(after) and len(word) - len(after) >= SHORTEST
        for base in BASES
    )


def _joined(word: str) -> bool:
    """Tell whether a word is two Dutch ones: kamerverhuur, huurschuld; Sanne is none."""
    return any(
        _is_part(word[:at]) and _is_part(word[at + len(link) :])
        for at in range(SHORTEST - 1, len(word) - SHORTEST + 2)
        for link in LINKS
        if word[at:].startswith(link)
    )


def two_words(word: str) -> bool:
    """Tell whether a word is two English ones, as a shift, a firm or a nickname is: Dayshift."""
    lower = word.lower()
    if len(lower) < SHORTEST + SHORTEST - 1:
        return False
    parts = ((lower[:at], lower[at:]) for at in range(SHORTEST - 1, len(lower) - SHORTEST + 2))
    return any(one in _words("en") and two in _words("en") for one, two in parts)


@lru_cache(KNOWN)
def run_together(word: str) -> bool:
    """Tell whether somebody wrote two English words as one, which is none: ravenheart."""
    lower = without_marks(word.lower())
    if known(lower) or slipped(lower):
        return False
    parts = ((lower[:at], lower[at:]) for at in range(SHORTEST, len(lower) - SHORTEST + 1))
    return any(one in _words("en") and two in _words("en") for one, two in parts)


def _is_part(word: str) -> bool:
    if len(word) < SHORTEST:
        return word in SHORT_PARTS
    return word in _words("nl") and not only_a_name(word)


def slipped(word: str) -> bool:
    """Tell whether a word is known but for two letters that changed places, or one that is missing."""
    swapped = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1))
    missing = (
        word[:at] + letter + word[at:]
        for at in range(1, len(word) + 1)
        for letter in LETTERS
        if len(word) > SHORTEST + 1
    )
    return any(
        each in _words(language) and not only_a_name(each)
        for each in (*swapped, *missing)
        for language in ENDINGS
    )
