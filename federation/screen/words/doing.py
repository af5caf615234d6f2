"""Who does what only people do, so that a word of every day, or of no language, is somebody."""

import re

from federation.screen.words.heard_of import without_marks
from federation.screen.words.known_names import listed

_TOKEN = re.compile(r"\s(?P<word>[^\W_]+(?:['’-][^\W_]+)*)")
BE = frozenset(
    "is was isnt wasnt seems seemed looks looked sounds sounded lijkt leek e este era pare parea eram".split()
)
HAVE = frozenset("has had hasnt hadnt heeft had kreeg krijgt are avea".split())
_BEEN = frozenset("been geweest".split())
CLITICS = re.compile(r"(?:ne|mi|i|te|v|le|si|s|l|m|n|o|nu)-(?=au?\Z)")
"""What Romanian hangs before `has done`."""
FILLERS = frozenset(
    "just really still very so quite too also now then again finally already never always only already"
    " today yesterday tonight completely totally all both pretty"
    " nog weer net even toch ook al nu niet erg heel zo best steeds vandaag gisteren vannacht vanavond echt wel toen dan"
    " helemaal ineens gewoon altijd vaak soms nooit er zich eindelijk vanmorgen flink behoorlijk gelukkig"
    " iar mai tot cam foarte nu si deja azi ieri acum chiar doar mereu asa prea se isi ii imi mi ne putin"
    "".split()
)
OFFICES_TOO = frozenset(
    "told tells asked asks rang rings texted says said called calls thinks knows knew understands picked took let reckons"
    " belde belt appte vroeg vraagt zei zegt vertelde vertelt weet denkt nam laat liet kwam komt merkte vond"
    " suna intreaba zice a_zis a_spus a_sunat a_scris a_intrebat stie crede cere vine".split()
)
"""Services do this as well."""
WORDS = 6
PHRASE = 5


def does_what_people_do(text: str, at: int, *, offices: bool = True) -> bool:
    """Tell whether what follows is done by people only; without offices, by no service either."""
    raw = _words(text, at)
    found = _phrase(raw) or _phrase([word for word in raw if word not in FILLERS])
    if not found:
        return False
    parts = found.split("_")
    return offices or not ({parts[0], "_".join(parts[:2])} & OFFICES_TOO)


def _words(text: str, at: int) -> list[str]:
    words: list[str] = []
    while len(words) < WORDS and (match := _TOKEN.match(text, at)):
        words.append(_same(match["word"]))
        at = match.end()
    kept = [word for word in words if word not in _BEEN]
    return [word for at, word in enumerate(kept) if at == 0 or word != kept[at - 1]]


def _same(word: str) -> str:
    bare = CLITICS.sub("", without_marks(word.lower()))
    bare = bare.replace("'", "").replace("’", "")
    if bare in BE:
        return "be"
    return "have" if bare in HAVE else bare


def _phrase(words: list[str]) -> str:
    known = listed("what_people_do")
    phrases = ("_".join(words[:length]) for length in range(PHRASE, 0, -1))
    return next((phrase for phrase in phrases if phrase in known), "")
