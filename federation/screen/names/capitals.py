"""Names with a capital, by lists and by what stands around them."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import ABSTRACT, AFTER_MORE
from federation.screen.names.cues import (
    AFTER,
    CAPITAL,
    IS_SOMEWHERE,
    OWNING,
    PARTICLES,
)
from federation.screen.names.small_letters import THEN
from federation.screen.words.called_after import NO_PERSON, OF_AN_OFFICE, OF_PUBLIC_LIFE, SAINT
from federation.screen.words.known_names import (
    CAPITALS,
    a_surname,
    also_a_place,
    also_a_word,
    is_listed,
    often_a_name,
    only_a_name,
)
from federation.screen.words.no_names import (
    NO_ANSWER,
    PARTNERS,
    TITLES,
)

BEFORE = 60
"""How far back a word may stand that says what follows."""
_CAPITAL_WORD = re.compile(
    rf"(?<![\w@])(?<!\w['’-])[{CAPITALS}][^\W\d_]{{1,30}}(?:-[{CAPITALS}][^\W\d_]{{1,30}})?(?:['’]s)?(?![\w@]|-[a-z])"
)
_SURNAME = re.compile(rf"(?:\s(?:{PARTICLES})?{CAPITAL}){{0,2}}(?![\w@])")
_TWO = re.compile(
    rf"(?<![\w@'’-])(?P<one>[{CAPITALS}][a-zß-ÿăâîșț]{{2,20}})(?:\s(?:and|&|en|[șs]i|\+)|,)\s(?P<two>[{CAPITALS}][a-zß-ÿăâîșț]{{2,20}})(?![\w@’'-]|\s[{CAPITALS}&])"
)
_FROM = re.compile(
    r"\b(?:from|to|in|at|near|via|of|through|outside|around|naar|uit|bij|te|rond|din|la|[îi]n|spre|prin|de|l[âa]ng[ăa])\s(?:[^\W\d_]{1,12}\s)?\Z",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:\b(?:the|a|an|de|het|een|un|o|no|this|in|at|near|naast|l[âa]ng[ăa])|['’]t)\s\Z",
    re.IGNORECASE,
)
_STARTS = re.compile(r"(?:\A|[.!?:\n•*]\s*|[-–(\"“„]\s?)\Z")
_CAPITAL_BEFORE = re.compile(rf"(?:[{CAPITALS}][\w'’-]*|&)\s\Z")
_CAPITAL_AFTER = re.compile(rf"\s(?:[{CAPITALS}]|&)")
_COUNTED = re.compile(r"\s['’]?[0-9]")
"""A month, a road or a law: Jan 2027."""
_COMES = re.compile(
    r"\s(?:came\s(?:in|by|round|over|upstairs|down)|popped\s(?:in|by)|dropped\sby|kwam\s(?:langs|binnen|even)|a\svenit\s(?:la|pe|cu|iar|ud[ăa]|azi|ieri)|a\strecut\spe|n-a\smai\s(?:venit|ap[ăa]rut|sunat)|era\scu)\b"
)
_TALKS = re.compile(
    r"(?:said|says|told|asked|texted|rang|phoned|wrote|zei|zegt|vroeg|vertelde|belde|appte|schreef|a\s(?:spus|zis|[îi]ntrebat|sunat|scris|cerut)|zice)"
)
_STREET = re.compile(r"(?:straat|laan|weg|plein|kade|gracht|singel|ziekenhuis|kliniek|kerk)\Z")
MONTHS = frozenset("may june april august will jan ian".split())
OF_SURNAMES = frozenset("van der den de ten ter el al von ben bin da di le la".split())
AUXILIARIES = frozenset("may will".split())


def given(text: str) -> Iterator[tuple[int, int]]:
    """Find words with a capital that a list knows as names, where the sentence does not deny it."""
    public = [match.span() for match in OF_PUBLIC_LIFE.finditer(text)]
    for match in _CAPITAL_WORD.finditer(text):
        before = max(0, match.start() - BEFORE)
        if (
            any(start <= match.start() < end for start, end in public)
            or _is_counted(text, match)
            or SAINT.search(text, before, match.start())
            or NO_PERSON.match(text, match.end())
        ):
            continue
        if _is_given(text, match):
            rest = _SURNAME.match(text, match.end())
            yield match.start(), rest.end() if rest else match.end()


def beside(text: str) -> Iterator[tuple[int, int]]:
    """Find a name that is a word as well beside one that is nothing else: Dot and Maureen."""
    for match in _TWO.finditer(text):
        for one, other in (("one", "two"), ("two", "one")):
            lower = match[other].lower()
            word = also_a_word(match[other]) and lower not in MONTHS | ABSTRACT
            if only_a_name(match[one]) and word and not NO_PERSON.match(text, match.end()):
                yield match.span(other)


def _is_counted(text: str, match: re.Match[str]) -> bool:
    """Tell a month or a road with its number from somebody who gets four of something."""
    counted = _COUNTED.match(text, match.end()) is not None
    return counted and (match.group().lower() in MONTHS or not only_a_name(match.group()))


def _is_given(text: str, match: re.Match[str]) -> bool:
    word = match.group()
    owns = OWNING.match(text, match.start()) is not None
    if word.lower() in NO_ANSWER:
        return False
    # Peaches's keeps its s, Robins kamer does not
    if owns and word.endswith("s") and not (word.endswith(("'s", "’s")) and is_listed(word)):
        word = word.rstrip("s’'")
    if _STREET.search(word) or _STREET.search(_last(text, match)):
        return False
    if only_a_name(word):
        return not word.isupper() or len(word) > len("ANA")
    if word.isupper() or not (also_a_word(word) or also_a_place(word)):
        return False
    return _is_told(text, match, owns=owns)


def _last(text: str, match: re.Match[str]) -> str:
    rest = _SURNAME.match(text, match.end())
    return rest.group().split()[-1] if rest and rest.group() else ""


def _is_told(text: str, match: re.Match[str], *, owns: bool) -> bool:
    """Tell by the sentence whether a word that is also a name is somebody's."""
    word = match.group()
    lower = word.lower().removesuffix("'s").removesuffix("’s")
    town = is_town(word, lower) and not _with_surname(text, match)
    if town or THEN.match(text, match.start()):
        return False
    # a town before who is there: our Bradford partner
    owns = owns and not (also_a_place(word) and lower == word.lower())
    if owns or (lower != word.lower() and IS_SOMEWHERE.match(text, match.start())):
        return lower not in MONTHS and (lower != word.lower() or lower not in ABSTRACT)
    if also_a_place(word) and _FROM.search(text, max(0, match.start() - BEFORE), match.start()):
        return False
    if AFTER.match(text, match.end()) or _COMES.match(text, match.end()):
        return lower not in AUXILIARIES or _TALKS.match(text, match.end() + 1) is not None
    if lower not in ABSTRACT and AFTER_MORE.match(text, match.end()):
        return True
    everyday = often_a_name(word) and len(word) > len("Mo") and lower not in MONTHS
    return _with_surname(text, match) or (everyday and _amid(text, match))


def is_town(name: str, lower: str) -> bool:
    """Tell a town, of which a partner may be spoken, from somebody who is called so."""
    return len(name.split()) == 1 and lower in PARTNERS and not only_a_name(lower)


def _with_surname(text: str, match: re.Match[str]) -> bool:
    rest = _SURNAME.match(text, match.end())
    words = rest.group().split() if rest else []
    return bool(words) and (a_surname(words[-1]) or words[0].lower() in OF_SURNAMES)


def _amid(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word has its capital for no other reason than that it is a name."""
    before = max(0, match.start() - BEFORE), match.start()
    sentence = _STARTS.search(text, *before) or _ARTICLE.search(text, *before)
    followed = _CAPITAL_AFTER.match(text, match.end())
    title = _CAPITAL_BEFORE.search(text, *before)
    titled = title is not None and _is_title(text, title)
    return not (sentence or titled or (followed and OF_AN_OFFICE.match(text, match.end())))


def _is_title(text: str, before: re.Match[str]) -> bool:
    """Tell the Royal of Royal Hope from the first word of a sentence."""
    word = before.group().strip().lower()
    begins = _STARTS.search(text, max(0, before.start() - BEFORE), before.start()) is not None
    return word not in NO_ANSWER and not (begins and word not in TITLES)
