"""A word that is in no list and no language can be nothing but somebody."""

import re

from federation.screen.words.heard_of import countries, heard_of, slipped, two_words
from federation.screen.words.known_names import CAPITALS, listed
from federation.screen.words.no_names import COMMON, NO_ANSWER, OFFICES, PLACES
from federation.screen.words.platforms import PLATFORM_ITSELF

_HOUSE = re.compile(r"(?:ziekenhuis|kliniek|school|kerk|straat|laan|plein|park|centrum)\Z")
_ORIGIN = re.compile(rf"(?:ian|ese|ish|ean|isch|ische|aanse|[eo]nse|erse|esc|ească|enii|ți|ție|[rlț]ile|[ăe]lele|lor|ii|logie|logy|itis|ită|ine|ină|(?:cyclin|ciclin|cillin|cilin|mycin|micin|azol|profen|statin|oxetin|pril|olol|vir|setron|cetamol)[aeă]?|[{CAPITALS}])\Z")  # fmt: skip
"""As words for where somebody is from, and for illnesses and their cures, end."""


def is_no_word(word: str) -> bool:
    """Tell whether a word can be nothing but somebody; who hurries writes some others wrongly."""
    lower = word.lower()
    known = lower in NO_ANSWER | COMMON | PLACES | OFFICES or lower in listed("words_of_the_work")
    if word[0].isupper() and two_words(word):
        return False
    if (
        known
        or lower.endswith(("ul", "ului"))
        or any(sign.isupper() for sign in word[1:].split("-", maxsplit=1)[0])
        or _ORIGIN.search(lower)
        or PLATFORM_ITSELF.fullmatch(lower)
        or _HOUSE.search(lower)
        or lower in countries()
    ):
        return False
    return not (heard_of(word) or slipped(lower))
