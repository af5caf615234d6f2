"""A sentence about an account as a row of signs, one for each word: who, where, as, is, and what could be a name."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from federation.screen.accounts.no_names import NO_NAME
from federation.screen.words.heard_of import BENT, heard_of, known, of_every_day, without_marks
from federation.screen.words.known_names import listed
from federation.screen.words.no_names import COMMON, NO_ANSWER, OFFICES
from federation.screen.words.platforms import BRANDS, is_platform

SIGNS = {
    # a word by which somebody is known there, and words that are so only beside a platform
    "N": "username usernames userul username-ul handle nick nickname nickul nick-ul nicknaam screenname gebruikersnaam"
    " profielnaam accountnaam schermnaam inlognaam loginnaam usernaam uname gamertag pseudoniem pseudonim pseudo tag",
    "n": "user account acc accountul profile profiel profil profilul cont contul gebruiker utilizator utilizatorul"
    " utilizatoarea page pagina channel kanaal canalul id alias",
    "m": "name names naam nume numele bijnaam porecla",
    "K": "aka voorheen formerly fosta fostă zisa zisă alias",
    "O": "her his their my haar zijn hun mijn m'n ei lui lor meu mea sa",
    "S": "se she he they i we you ze zij hij ik je jij u ea el eu it het that this dat dit aia ăla asta daar zich herself"
    " himself themselves zichzelf o îl il i-se își isi i",
    "B": "is was e este era be ben heet heette heten zice zicea spune spunea cheamă cheama numește numeste",
    "X": "second tweede doilea backup reserve rezervă spare",
    "H": "nabellen terugvolgen toevoegen appen sturen berichten",
    "Y": "behind achter spatele",
    "E": "logs logt logged ingelogd intră",
    "Z": "forum forumul site website board prikbord app",
    "L": "noemt noemen noemde calls call calling called named genaamd numit numită",
    "b": "are were sunt erau",
    "A": "as under als onder ca drept sub",
    "I": "on op pe via over through at prin",
    "J": "from van vanaf de-pe",
    "W": "online",
    "V": "message messaged text texted dm dms pm ping tell zeg spune spuneți remind geappt gemaild write reply ask drop vraag antwoorden stuurt întrebați întreabă warn waarschuw contact reach hit stuur schrijf antwoord bereik"
    " contacteer scrie scrieți contactați trimite trimiteți răspunde răspundeți dă dați",
    "Q": "add added find found look search follow follows lookup voeg zoek zoeken volg volgt vind vindt vinden"
    " adaugă adaug adăugați caută căutați urmărește urmăriți găsești găsiți",
    "M": "msg chat gesprek discuție convorbire bericht berichtje mesaj mesajul",
    "U": "uses use using used gebruikt gebruik folosește foloseste folosesc uses-it",
    "F": "to by for with naar aan met la cu după dupa",
    "D": "the a an new old  other another de-nieuwe nieuwe nieuw oude andere noul nou vechiul vechi"
    " een real actual de",
    "T": "there now still just only also currently always these days back terug înapoi here today again down daar nog ook"
    " gewoon alleen altijd tegenwoordig hier vandaag morgen mâine tomorrow eerst first înainte weer toe acolo acum încă inca doar mereu azi iar tot mai aici"
    " all number id-number simply basically maar even",
    "G": "wrote schreef schrijft writes chats chatt posts posted post scris postează",
    "R": "asked asks wants wanted said says told rang phoned replied vroeg vraagt wil wilde zei zegt vertelde belde"
    " belt meldde reported întrebat sunat zis cerut vrea spus raportat",
    "C": "și and but or who because if so then en maar of die want als-ze omdat dus toen dar sau care fiindcă deci apoi că dacă"
    " when while where unless until",
}
_SIGN_OF = {word: sign for sign, words in SIGNS.items() for word in words.split()}
_MARKS = {
    ":": ":", "=": ":", "→": ":", ">": ":", "👉": ":", "-": "-", "–": "-", "—": "-", "/": "-", "|": "-", ",": ",", ";": ",",
    "(": "(", ")": ")", "[": "(", "]": ")", ".": ".", "!": ".", "?": ".", "…": ".", "\n": "\n", "@": "@",
    "📸": "P", "📷": "P", "👻": "P", "✈": "P",
}  # fmt: skip
_QUOTED = re.compile(r"(?<!\w)['\"“„‘](?:[\w.-]{2,30} ?){1,3}['\"”“’](?!\w)")
_LINE_IN_WORDS = (
    r"(?:underscore|under\sscore|dash|hyphen|dot|punt|punct|(?:laag\s|lage\s|liggend\s|onder)?stree(?:p|pje)"
    r"|(?:linie|liniu[țt][ăa]|bar[ăa])(?:\s(?:de\s)?jos)?)"
)
_TOKEN = re.compile(
    r"(?P<de>\b(?:de\spe|new\sone|[îi][șs]i\s(?:zic|spun)ea?|used\sto\sbe|was\seerst|era\s[îi]nainte|(?:is|heet)\snu|(?:op|via)\sde\sapp|all\sone|user\sname|screen\sname|nume(?:le)?\sde\s(?:utilizator|cont|profil|user|forum)"
    r"|numele\sde\sutilizator|i\sse|go(?:es)?\sby|going\sby|went\sby|known\sby|known\sas|among\sthem|onder\swie|printre\sele|display\sname|forum[\s-]?(?:user)?(?:name|naam)|(?:nume(?:le)?\sde|username|gebruikersnaam|user)\sforum|nume\safi[șs]at|(?:scrie|scris|scrie[țt]i|spune[țt]i|r[ăa]spunde|trimite|zi|spune)(?:-i)?\slui|bekend\sals|cunoscut[ăa]\s(?:[șs]i\s)?(?:ca|drept)|as\susual)\b)"
    rf"|(?P<spelled>\w+(?:\s{_LINE_IN_WORDS}\s\w+)+)"
    r"|(?P<word>#?\w+(?:[.'’*$-]+\w+|[\U0001f300-\U0001faff\u2600-\u27bf]+\w+)*)|(?P<mark>[^\w\s]|\n)",
    re.IGNORECASE,
)
_PHRASES = {
    "de pe": "J",
    "op de app": "IP",
    "via de app": "IP",
    "new one": "Dm",
    "is nu": "B",
    "used to be": "B",
    "was eerst": "B",
    "era înainte": "B",
    "era inainte": "B",
    "heet nu": "B",
    "known as": "L",
    "bekend als": "L",
    "i se": "S",
    "as usual": "w",
    "among them": "K",
    "onder wie": "K",
    "printre ele": "K",
    "all one": "w",
}
_GLUED = re.compile(
    r"(?P<platform>\w+?)[-’']?"
    r"(?P<rest>ul|u|ului|s|naam|name|account|profiel|profile|pagina|page|handle|user|cont|nick|tag|gesprek|contact|chat|bericht)",
    re.IGNORECASE,
)
_CLITIC = re.compile(r"(?P<verb>\w{2,12})-(?:o|i|l|mi|ne|le)\b", re.IGNORECASE)
_SHORTENED = re.compile(
    r"(?P<who>she|he|it|that|i|they|who|name|handle|here|what)['’](?:s|m|re)|its|thats|shes|hes|im",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"[a-zșî]{1,3}-[a-zșî]{1,3}|[a-z]{1,2}\d{1,4}|[\d.,:h-]+(?:am|pm|u|h|uur|k|min|x|st|nd|rd|th|e|e\b)?",
    re.IGNORECASE,
)
_MADE_UP = re.compile(
    r"(?=.*[^\W\d_])(?:.*\d.*|.*_.*|.*[a-z][A-Z].*|.*(.)\1\1.*|(?i:x{2,}.*|.*x{2,}))"
)
_HOW = re.compile(
    r"(?:[^\W\d_]{3}(?:ed|ing|able|ible|ful|less|ous|ive|ish|ly|lijk|lijke|baar|loos|igd|isch|achtig|end|erd)|\Age\w{2,}(?:t|d|en)|\A(?:ver|be|ont)\w{2,}(?:d|t)|\A(?:uit|aan|op|af|in|toe|door|mee|om|na|voor|weg|terug)ge\w{2,}(?:d|t|en)"
    r"|[^\W\d_]{3}(?:at|ată|ata|ate|ați|ită|ută|bil|bilă|bila|oasă|oasa|ând|ind|toare|ivă))\Z",
    re.IGNORECASE,
)
"""As words end that say how something is or what was done to it."""
_PICTURE = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]")
_ARTICLES = frozenset({"ul", "u", "ului", "s"})
SHORTEST = 3
ABBREVIATION = 6
"""In capitals, so long a word is an organisation: DGASPC."""
_ACCOUNTS = ("account", "profiel", "-profile", "-cont")
_PLURALS = (
    ("en", "s", ""), ("nl", "s", ""), ("nl", "en", ""), ("ro", "e", "ă"), ("ro", "i", ""), ("ro", "uri", ""),
)  # fmt: skip
_PARTS = re.compile(r"[.-]")


class Token(NamedTuple):
    """A word or a mark, where it stands, and the sign for what it does in the sentence."""

    sign: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """Read a piece of text; words between quotes are said to be names by who wrote them."""
    quoted = [match.span() for match in _QUOTED.finditer(text, start, end)]
    for match in _TOKEN.finditer(text, start, end):
        written = match.group()
        if match["mark"]:
            if sign := _MARKS.get(written):
                yield Token(sign, *match.span())
        elif match["de"]:
            for sign in _phrase(written):
                yield Token(sign, *match.span())
        elif match["spelled"]:
            yield Token("h", *match.span())
        else:
            named = any(first < match.start() < last for first, last in quoted)
            for sign in _signs(written):
                yield Token("h" if named and sign in "xa" else sign, *match.span())


def _phrase(written: str) -> str:
    lower = " ".join(written.lower().split())
    if lower.startswith(("își ", "isi ")):
        return "SL"
    if lower.endswith(" lui"):
        return "VF"
    return _PHRASES.get(
        lower, "L" if lower.startswith("cunoscut") or lower.endswith(" by") else "N"
    )


@lru_cache(4096)
def _signs(word: str) -> str:
    """Give the sign of a word; a word that is two, as `she's`, has two."""
    lower = word.lower()
    if is_platform(word):
        return "P"
    sign = _SIGN_OF.get(lower) or _SIGN_OF.get(without_marks(lower))
    return sign or _signs_of_two(word, lower) or _candidate(word, lower)


def _signs_of_two(word: str, lower: str) -> str:
    """Read words that hang together: she's, Instanaam, Telegram-ul, scrie-i, reserve-account."""
    if _SHORTENED.fullmatch(word):
        return {"name": "mB", "hand": "NB"}.get(lower[:4], "SB")
    if (glued := _GLUED.fullmatch(word)) and is_platform(glued["platform"]) and not known(lower):
        rest = glued["rest"].lower()
        return (
            "P" if rest in _ARTICLES else "P" + {"contact": "V"}.get(rest, _SIGN_OF.get(rest, "N"))
        )
    if (clitic := _CLITIC.fullmatch(word)) and (sign := _SIGN_OF.get(clitic["verb"].lower())):
        return sign + "S"
    spare = "X" if lower.startswith("reserve") else ""
    return spare + "n" if lower.endswith(_ACCOUNTS) else ""


def _candidate(word: str, lower: str) -> str:
    """Tell what is surely made up from what is a word of every day and what can be no user name."""
    abbreviated = word.isupper() and word.isalpha() and len(word) <= ABBREVIATION
    if abbreviated or len(word) < SHORTEST or word.startswith("#") or _FIGURES.fullmatch(word):
        return "w"
    marked = lower == word and not lower.isascii() and heard_of(lower)
    if marked or lower in never() or lower in BRANDS:
        return "w"
    if _is_made_up(word, lower):
        return "h"
    return "a" if _HOW.search(word) or _is_plural(lower) else "x"


def _is_plural(word: str) -> bool:
    """Tell several of a thing, of which no user name speaks: rooms, kamers, camere."""
    ones = [
        (word[: -len(end)] + one, tongue) for tongue, end, one in _PLURALS if word.endswith(end)
    ]
    return any(len(one) > SHORTEST and of_every_day(one, tongue) for one, tongue in ones)


def _is_made_up(word: str, lower: str) -> bool:
    if not lower.isascii():
        return _PICTURE.search(word) is not None
    parts = [part for part in _PARTS.split(lower) if part]
    odd = _MADE_UP.fullmatch(word) is not None
    if not odd and BENT.search(lower):
        return False
    return odd or not all(map(heard_of, parts))


@cache
def never() -> frozenset[str]:
    """Words that stand where a user name could, and are none."""
    said = listed("about_accounts") | listed("words_of_the_work") | listed("finite_verbs")
    every = said | NO_NAME | NO_ANSWER | COMMON | OFFICES
    return every | frozenset(map(without_marks, every))
