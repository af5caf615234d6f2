"""Names after words that say that one follows: titles, kin, greetings, what somebody is called."""

import re
from collections.abc import Iterator
from enum import Enum

from federation.screen.names.capitals import MONTHS, OF_SURNAMES, is_town
from federation.screen.names.cues import (
    AGED,
    APPOSED,
    CALLED_AFTER,
    CALLS,
    CAPITAL,
    CLOSING,
    IS,
    KIN,
    MEETING,
    NICKNAMED,
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
from federation.screen.words.called_after import NO_PERSON, OF_PUBLIC_LIFE
from federation.screen.words.known_names import (
    a_surname,
    also_a_place,
    also_a_word,
    is_listed,
    only_a_name,
)
from federation.screen.words.no_names import (
    COMMON,
    NO_ANSWER,
    OFFICES,
    PLACES,
    ROLES,
)
from federation.screen.words.no_word import is_no_word

BEFORE = 60
"""How far back a word may stand that says what follows."""
_NEXT = re.compile(rf"\s?(?P<name>{WORD}(?:\s(?:{PARTICLES})?{CAPITAL}){{0,3}})")
_NEXT_QUOTED = re.compile(rf"\s?(?P<name>[^'\"“”„‘’«»\n]{{1,40}}){QUOTE}")
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
_NATIONALITY = re.compile(
    r"(?:ian|ese|ish|ean|ani|isch|ische|aans|aanse|ees|ch|nse|lse|rse|dse|kse|tse|ns|rks|ului|ilor|elor|ile|ele|ția|ției|ării|ății|e[șs]ti|oara)\Z"
)
"""As words for where somebody is from end, when no list knows them as a name."""
_CLAUSE_ENDS = re.compile(
    r"\s?(?:[.,;!?)]|\Z|\s(?:and|who|when|now|on|in|at|als|op|en|die|maar|but|[șs]i|c[âa]nd|pe|la)\b)"
)
_KIN = re.compile(PERSON, re.IGNORECASE)


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


def said(text: str) -> Iterator[tuple[int, int]]:
    """Find what somebody is said to be called."""
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


def of_person(text: str) -> Iterator[tuple[int, int]]:
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
        return lower not in MONTHS and not (sure is Sure.BY_LIST and is_town(name, lower))
    if len(lower) < len("Mo") or first.isupper() or lower in NO_ANSWER | COMMON | PLACES:
        return False
    if len(capitals) == 1 and lower in OFFICES:
        return False
    return sure is Sure.ALWAYS or (sure is Sure.NO_ORIGIN and not _NATIONALITY.search(lower))


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
