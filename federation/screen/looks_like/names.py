"""Names of people, working names too, by lists and where the words around say that it is one."""

import re
from collections.abc import Iterator
from enum import Enum

from federation.screen.looks_like.addressed import addressed
from federation.screen.looks_like.called_after import NO_PERSON, OF_AN_OFFICE, OF_PUBLIC_LIFE, SAINT
from federation.screen.looks_like.frames import by_frame
from federation.screen.looks_like.human import human
from federation.screen.looks_like.initials import dotted_initials, initials
from federation.screen.looks_like.joined_names import joined_names
from federation.screen.looks_like.known_names import (
    a_surname,
    also_a_place,
    also_a_word,
    is_listed,
    often_a_name,
    only_a_name,
)
from federation.screen.looks_like.name_contexts import ABSTRACT, AFTER_MORE, by_context
from federation.screen.looks_like.name_cues import (
    AFTER,
    AGED,
    APPOSED,
    CALLED_AFTER,
    CALLS,
    CAPITAL,
    CAPITALS,
    CLOSING,
    IS,
    IS_SOMEWHERE,
    KIN,
    MEETING,
    NICKNAMED,
    OWNING,
    PARTICLES,
    PERSON,
    QUOTE,
    RANG,
    SAID,
    SHOWN,
    THING,
    TITLED,
    WORD,
)
from federation.screen.looks_like.name_places import by_place
from federation.screen.looks_like.no_names import (
    COMMON,
    NO_ANSWER,
    OFFICES,
    PARTNERS,
    PLACES,
    ROLES,
    TITLES,
)
from federation.screen.looks_like.no_person_here import no_person_here
from federation.screen.looks_like.small_letters import THEN, in_small_letters, spelled_and_shouted
from federation.screen.looks_like.unheard import is_no_word, unheard_names

BEFORE = 60
"""How far back a word may stand that says what follows."""
_NEXT = re.compile(rf"\s?(?P<name>{WORD}(?:\s(?:{PARTICLES})?{CAPITAL}){{0,3}})")
_NEXT_QUOTED = re.compile(rf"\s?(?P<name>[^'\"“”„‘’«»\n]{{1,40}}){QUOTE}")
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
_OF_SOMEBODY = re.compile(
    r"\b(?:she|he|they|ze|zij|hij|ik|ea|el|her|him|haar|hem|[îi]i|[îi]mi|[îi][șs]i)\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"(?:Mr|Mrs|Ms|Mx|Miss|Mevr|Mevrouw|Mw|Dhr|Meneer|Mijnheer|Dl|Domnul(?:ui)?|Doamn(?:a|ei)|D-na|Dna)\b",
    re.IGNORECASE,
)
_OF_A_PLACE = re.compile(r"(?:de\sla|van\s(?:het|de|'t))\s")
"""The nurse of a clinic, not one who is called so."""
_SELF = re.compile(r"sel(?:f|ves)\b|\bzich|\b[îi][șs]i\b", re.IGNORECASE)
_COUNTED = re.compile(r"\s['’]?[0-9]")
"""A month, a road or a law: Jan 2027."""
_COMES = re.compile(
    r"\s(?:came\s(?:in|by|round|over|upstairs|down)|popped\s(?:in|by)|dropped\sby|kwam\s(?:langs|binnen|even)|a\svenit\s(?:la|pe|cu|iar|ud[ăa]|azi|ieri)|a\strecut\spe|n-a\smai\s(?:venit|ap[ăa]rut|sunat)|era\scu)\b"
)
_TALKS = re.compile(
    r"(?:said|says|told|asked|texted|rang|phoned|wrote|zei|zegt|vroeg|vertelde|belde|appte|schreef|a\s(?:spus|zis|[îi]ntrebat|sunat|scris|cerut)|zice)"
)
_NATIONALITY = re.compile(
    r"(?:ian|ese|ish|ean|ani|isch|ische|aans|aanse|ees|ch|nse|lse|rse|dse|kse|tse|ns|rks|ului|ilor|elor|ile|ele|ția|ției|ării|ății|e[șs]ti|oara)\Z"
)
"""As words for where somebody is from end, when no list knows them as a name."""
_CLAUSE_ENDS = re.compile(
    r"\s?(?:[.,;!?)]|\Z|\s(?:and|who|when|now|on|in|at|als|op|en|die|maar|but|[șs]i|c[âa]nd|pe|la)\b)"
)
_KIN = re.compile(PERSON, re.IGNORECASE)
_STREET = re.compile(r"(?:straat|laan|weg|plein|kade|gracht|singel|ziekenhuis|kliniek|kerk)\Z")
MONTHS = frozenset("may june april august will jan ian".split())
OF_SURNAMES = frozenset("van der den de ten ter el al von ben bin da di le la".split())
AUXILIARIES = frozenset("may will".split())


class Sure(Enum):
    """How surely a word with a capital is somebody after some words."""

    ALWAYS = 1
    NO_ORIGIN = 2
    """Unless it says where somebody is from."""
    BY_LIST = 3
    """Only if a list knows it as a name."""


CUES = (
    (TITLED, Sure.ALWAYS),
    (NICKNAMED, Sure.ALWAYS),
    (KIN, Sure.NO_ORIGIN),
    (AGED, Sure.NO_ORIGIN),
    (APPOSED, Sure.NO_ORIGIN),
    (CALLED_AFTER, Sure.ALWAYS),
    (CLOSING, Sure.ALWAYS),
    (IS, Sure.NO_ORIGIN),
    (MEETING, Sure.BY_LIST),
)


def names(text: str) -> Iterator[tuple[int, int]]:
    """Find names of people by what stands before and after them, and by lists."""
    for start, end in _every(text):
        if not no_person_here(text, start, end):
            yield start, end


def _every(text: str) -> Iterator[tuple[int, int]]:
    yield from _said(text)
    yield from _of_person(text)
    yield from _given(text)
    yield from _beside(text)
    yield from in_small_letters(text)
    yield from initials(text)
    yield from dotted_initials(text)
    yield from by_context(text)
    yield from by_place(text)
    yield from unheard_names(text)
    yield from human(text)
    yield from by_frame(text)
    yield from addressed(text)
    yield from spelled_and_shouted(text)
    yield from joined_names(text)


def _said(text: str) -> Iterator[tuple[int, int]]:
    for cues in (SAID, SHOWN):
        for cue in cues.finditer(text):
            before = max(0, cue.start() - BEFORE)
            thing = cues is SHOWN and not _OF_SOMEBODY.search(cue.group())
            if thing and THING.search(text, before, cue.start()):
                continue
            found = (_NEXT_QUOTED if cue["quote"] else _NEXT).match(text, cue.end())
            if found and text[found.start("name") - 1].isalpha():
                continue
            any_letters = cues is SAID or cue["quote"] is not None
            if found and _is_said(text, cue, found, any_letters=any_letters):
                yield found.span("name")


def _is_said(text: str, cue: re.Match[str], found: re.Match[str], *, any_letters: bool) -> bool:
    name = found["name"]
    if "," in cue.group() and name.islower() and not is_listed(name):
        return False
    if _SELF.search(cue.group()):
        name = name.removeprefix("The ").removeprefix("De ")
    if also_a_word(name) and _CLAUSE_ENDS.match(text, found.end()):
        return True
    before = max(0, cue.start() - BEFORE)
    if cue.group().lower().startswith("called") and RANG.search(text, before, cue.start()):
        return only_a_name(name.split()[0]) or also_a_word(name.split()[0])
    unknown = name.islower() and name.isascii() and is_no_word(name)
    return bool(unknown and CALLS.search(cue.group())) or _follows(name, any_letters=any_letters)


def _of_person(text: str) -> Iterator[tuple[int, int]]:
    """Find who has a title, is somebody's somebody, is greeted or spoken with."""
    for cues, sure in CUES:
        for match in cues.finditer(text):
            name = next(group for group in match.groupdict() if match[group])
            public = OF_PUBLIC_LIFE.search(
                text, max(0, match.start(name) - BEFORE), match.end(name)
            )
            role = match[name].lower() in ROLES
            if public or role or NO_PERSON.match(text, match.end(name)):
                continue
            if _OF_A_PLACE.match(match[name]) and not _ADDRESSED.match(match.group()):
                continue
            if _is_person(match[name], sure) or _is_addressed(match, name):
                yield match.span(name)


def _is_addressed(match: re.Match[str], name: str) -> bool:
    """Tell whether somebody is addressed by a title that nothing else has: Mrs White."""
    words = match[name].lower().split()
    addressed = _ADDRESSED.match(match.group()) is not None
    return addressed and not (words[0] in NO_ANSWER or words[-1] in ROLES)


def _is_person(name: str, sure: Sure) -> bool:
    """Tell somebody's name from a place, a day or an office where either could stand."""
    capitals = [word for word in name.split() if word[0].isupper()]
    if not capitals:
        return sure is Sure.ALWAYS and name.lower() not in NO_ANSWER | COMMON
    first = next((word for word in capitals if word.lower() not in OF_SURNAMES), capitals[0])
    lower = first.strip(".").lower().removesuffix("'s").removesuffix("’s")
    if any(known(first) for known in (only_a_name, also_a_word, also_a_place, a_surname)):
        return lower not in MONTHS and not (sure is Sure.BY_LIST and _is_town(name, lower))
    if len(lower) < len("Mo") or first.isupper() or lower in NO_ANSWER | COMMON | PLACES:
        return False
    if len(capitals) == 1 and lower in OFFICES:
        return False
    return sure is Sure.ALWAYS or (sure is Sure.NO_ORIGIN and not _NATIONALITY.search(lower))


def _given(text: str) -> Iterator[tuple[int, int]]:
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


def _beside(text: str) -> Iterator[tuple[int, int]]:
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
    town = _is_town(word, lower) and not _with_surname(text, match)
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


def _is_town(name: str, lower: str) -> bool:
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


def _follows(name: str, *, any_letters: bool) -> bool:
    """Tell a name from what else may follow: a word of its own, not one of every sentence."""
    words = name.split()
    first = words[0].strip(".").lower() if words else ""
    if not first or first in NO_ANSWER:
        return False
    if any_letters:
        return name[0].isupper() or first not in COMMON
    if not name[0].isupper():
        return only_a_name(first) or (also_a_word(first) and first not in COMMON)
    if words[0].isupper() or first in COMMON:
        return False
    two = len(words) > 1 and words[1][0].isupper()
    return two or first not in PLACES | (frozenset() if _KIN.fullmatch(first) else OFFICES)
