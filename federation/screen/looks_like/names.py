"""Names of people, working names too, by lists and where the words around say that it is one."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.known_names import (
    a_name_in_small_letters,
    a_surname,
    also_a_place,
    also_a_word,
    only_a_name,
)
from federation.screen.looks_like.name_cues import (
    AFTER,
    CALLED_AFTER,
    CAPITAL,
    CAPITALS,
    CLOSING,
    INITIALS,
    IS,
    KIN,
    MEETING,
    NO_INITIALS,
    OWNING,
    PARTICLES,
    QUOTE,
    SAID,
    SHOWN,
    THING,
    TITLED,
    WORD,
)
from federation.screen.looks_like.no_names import COMMON, NO_ANSWER, PLACES

BEFORE = 60
"""How far back a word may stand that says what follows."""
_NEXT = re.compile(rf"\s?(?P<name>{WORD}(?:\s(?:{PARTICLES})?{CAPITAL}){{0,3}})")
_NEXT_QUOTED = re.compile(rf"\s?(?P<name>[^'\"“”„‘’«»\n]{{1,40}}){QUOTE}")
_CAPITAL_WORD = re.compile(
    rf"(?<![\w'’.@/-])[{CAPITALS}][^\W\d_]{{1,30}}(?:-[{CAPITALS}][^\W\d_]{{1,30}})?(?:['’]s)?(?![\w@/])"
)
_SMALL_WORD = re.compile(r"(?<![\w'’.@/-])[^\W\d_]{3,30}(?:['’]s)?(?![\w@/-])")
_SURNAME = re.compile(rf"(?:\s(?:{PARTICLES})?{CAPITAL}){{0,2}}(?![\w@])")
_ARTICLE = re.compile(
    r"\b(?:the|a|an|de|het|een|'t|un|o|no|this|that|in|at|near|to|from)\s\Z", re.IGNORECASE
)
_STARTS = re.compile(r"(?:\A|[.!?:\n•*]\s*|[-–(\"“„]\s?)\Z")
_CAPITAL_BEFORE = re.compile(rf"(?:[{CAPITALS}][\w'’-]*|&)\s\Z")
_CAPITAL_AFTER = re.compile(rf"\s(?:[{CAPITALS}]|&)")
_SAINT = re.compile(
    r"\b(?:St|Saint|San|Santa|S[ãa]o|Sint|Sf|Sf[âa]nt(?:ul|a)?|Queen|King|Prince|Princess|Prins|Prinses|Lord|Pope|Koning|Koningin|Regele|Regina"
    r"|Storm|Hurricane|Hotel|Caf[ée]|Club|Sauna|Bar|Radio|Stichting|Huize|Station|Ziekenhuis|Kliniek|Operation|Project|Casa|Villa|Vila|Ad[ăa]postul|Radio|Str|Strada|Calea"
    r"|Bulevardul|B-dul|Bd|Pia[țţt]a|Aleea|[ȘŞS]oseaua|Parcul|Spitalul|Liceul|[ȘŞS]coala|Biserica|Gara|Funda[țţt]ia|Asocia[țţt]ia|Clinica"
    r"|Institutul|Legea|Maternitatea|Centrul|Metrou|satul|comuna|ora[șşs]ul|cartierul|jude[țţt]ul)\.?\s(?:[^\W\d_]{1,20}\s)?\Z",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"(?:['’]s)?\s(?:\w{1,20}\s)?(?:street|road|avenue|lane|house|hospital|clinic|centre|center|trust|foundation|university"
    r"|college|school|station|square|park|project|council|act|law|award|day|institute|church|theatre|bridge|estate|gardens"
    r"|straat|laan|plein|ziekenhuis|huis|stichting|spital|strada|universitate\w*)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\s['’]?[0-9]")
"""A month, a road or a law: Jan 2027."""
_TALKS = re.compile(
    r"(?:said|says|told|asked|texted|rang|phoned|wrote|zei|zegt|vroeg|vertelde|belde|appte|schreef|a\s(?:spus|zis|[îi]ntrebat|sunat|scris|cerut)|zice)"
)
MONTHS = frozenset("may june april august".split())
OF_SURNAMES = frozenset("van der den de ten ter el al von ben bin da di le la".split())
AUXILIARIES = frozenset("may will".split())


def names(text: str) -> Iterator[tuple[int, int]]:
    """Find names of people by what stands before and after them, and by lists."""
    yield from _said(text)
    yield from _of_person(text)
    yield from _given(text)
    yield from _in_small_letters(text)
    yield from _initials(text)


def _said(text: str) -> Iterator[tuple[int, int]]:
    for cues in (SAID, SHOWN):
        for cue in cues.finditer(text):
            before = max(0, cue.start() - BEFORE)
            if cues is SHOWN and THING.search(text, before, cue.start()):
                continue
            found = (_NEXT_QUOTED if cue["quote"] else _NEXT).match(text, cue.end())
            any_letters = cues is SAID or cue["quote"] is not None
            if found and _follows(found["name"], any_letters=any_letters):
                yield found.span("name")


def _of_person(text: str) -> Iterator[tuple[int, int]]:
    """Find who has a title, is somebody's somebody, is greeted or spoken with."""
    for cues, told in (
        (TITLED, True),
        (KIN, True),
        (CALLED_AFTER, True),
        (CLOSING, True),
        (IS, True),
        (MEETING, False),
    ):
        for match in cues.finditer(text):
            name = next(group for group in match.groupdict() if match[group])
            if _is_person(match[name], told=told) and not _NO_PERSON.match(text, match.end(name)):
                yield match.span(name)


def _is_person(name: str, *, told: bool) -> bool:
    """Tell somebody's name from a place, a day or an office where either could stand."""
    capitals = [word for word in name.split() if word[0].isupper()]
    first = next((word for word in capitals if word.lower() not in OF_SURNAMES), capitals[0])
    lower = first.strip(".").lower()
    if only_a_name(first) or also_a_word(first) or a_surname(first):
        return lower not in MONTHS
    if len(lower) < len("Mo") or first.isupper() or lower in NO_ANSWER | COMMON | PLACES:
        return told and also_a_place(first)
    return told


def _given(text: str) -> Iterator[tuple[int, int]]:
    for match in _CAPITAL_WORD.finditer(text):
        before = max(0, match.start() - BEFORE)
        if (
            _COUNTED.match(text, match.end())
            or _SAINT.search(text, before, match.start())
            or _NO_PERSON.match(text, match.end())
        ):
            continue
        if _is_given(text, match):
            rest = _SURNAME.match(text, match.end())
            yield match.start(), rest.end() if rest else match.end()


def _is_given(text: str, match: re.Match[str]) -> bool:
    word = match.group()
    owns = OWNING.match(text, match.start()) is not None
    if owns and word.endswith("s"):
        word = word.rstrip("s’'")
    if only_a_name(word):
        return not word.isupper() or len(word) > len("ANA")
    if word.isupper() or not (also_a_word(word) or also_a_place(word)):
        return False
    if owns:
        return True
    if AFTER.match(text, match.end()):
        return word.lower() not in AUXILIARIES or _TALKS.match(text, match.end() + 1) is not None
    if _with_surname(text, match):
        return True
    return (
        also_a_word(word)
        and len(word) > len("Mo")
        and word.lower() not in MONTHS
        and _amid(text, match)
    )


def _with_surname(text: str, match: re.Match[str]) -> bool:
    rest = _SURNAME.match(text, match.end())
    words = rest.group().split() if rest else []
    return bool(words) and (a_surname(words[-1]) or words[0].lower() in OF_SURNAMES)


def _amid(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word has its capital for no other reason than that it is a name."""
    before = max(0, match.start() - BEFORE), match.start()
    sentence = _STARTS.search(text, *before) or _ARTICLE.search(text, *before)
    title = _CAPITAL_BEFORE.search(text, *before)
    titled = title is not None and title.group().strip().lower() not in NO_ANSWER
    return not (sentence or titled or _CAPITAL_AFTER.match(text, match.end()))


def _in_small_letters(text: str) -> Iterator[tuple[int, int]]:
    for match in _SMALL_WORD.finditer(text):
        word = match.group()
        if (word.islower() and a_name_in_small_letters(word)) or (
            word.islower()
            and AFTER.match(text, match.end())
            and _talks(text, match)
            and only_a_name(word)
        ):
            yield match.span()


def _talks(text: str, match: re.Match[str]) -> bool:
    return _TALKS.match(text, match.end() + 1) is not None


def _initials(text: str) -> Iterator[tuple[int, int]]:
    for match in INITIALS.finditer(text):
        name = "name" if match["name"] else "dotted"
        letters = re.sub(r"[^A-Z]", "", match[name])
        if letters not in NO_INITIALS:
            yield match.start(name), match.start(name) + len(match[name].rstrip())


def _follows(name: str, *, any_letters: bool) -> bool:
    """Tell a name from what else may follow: a word of its own, not one of every sentence."""
    words = name.split()
    first = words[0].strip(".").lower() if words else ""
    if not first or first in NO_ANSWER:
        return len(words) > 1 and words[-1][0].isupper() and first in {"the", "de", "big", "la"}
    if any_letters:
        return name[0].isupper() or first not in COMMON
    if not name[0].isupper():
        return only_a_name(first)
    return not words[0].isupper() and first not in COMMON | PLACES
