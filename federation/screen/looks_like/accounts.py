"""User names: after an at sign, or where the words around say on which platform somebody is who."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.account_frames import framed
from federation.screen.looks_like.account_places import by_owner, by_sentence
from federation.screen.looks_like.account_shapes import (
    found_on_platforms,
    may_name_accounts,
    near_platforms,
    shaped,
)
from federation.screen.looks_like.account_tokens import never
from federation.screen.looks_like.account_words import COUNTED
from federation.screen.looks_like.heard_of import heard_of
from federation.screen.looks_like.organisations import an_organisations
from federation.screen.looks_like.platforms import PLATFORM, is_platform
from federation.screen.looks_like.unheard import unheard_accounts

_NOUN = r"(?:user\s?name|username|name|handle|id|account(?:\s?name)?|acc|profile(?:\s?name)?|profiel|profielnaam|naam|accountnaam|gebruikersnaam|tag|cont|contul|user|userul|nume|nume\sde\sutilizator|profil|profilul|page|pagina|link)"
_SIGN = r"(?=[\w.-]{0,30}(?:[\d_]|\.\w))[^\W_][\w.-]{2,30}\w"
"""A word as only user names are: with a digit, a dot or a line in it."""
_ANY = r"[^\W_][\w.-]{2,30}"
_LINK = r"(?:is\s(?:ze|zij|hij)\s|is\sshe\s|is\she\s|heet\s(?:ze|zij|hij|ik)\s|ben\sik\s|o\scheam[ăa]\s|[îi]l\scheam[ăa]\s|she\sis\s|she's\s|he's\s|i'm\s|i\sam\s|staat\s(?:ze|zij|hij)\s(?:als\s)?|[îi][șşs]i\s(?:zice|spune)\s|apare\s(?:ca|drept)\s)"
_CALLED = r"(?:(?:as|als|ca|drept)\s|(?:under|onder|sub|by|met)\s(?:the\sname|de\snaam|numele|account|user|contul)\s(?:of\s|de\s)?)"

_END = r"['\"”“’]?\s?(?:[.,;!?)]|\Z|\s(?:and|en|și|si|but|maar|dar|who|die|care|now|nu|acum)\b)"
"""Where a clause ends, so that what stood before is no part of a sentence."""
_AT_NAME = re.compile(r"(?<![\w@./])@[^\W\d_][\w.]{1,63}|(?<![\w/])/?u/[\w-]{3,30}")
_LINED = re.compile(
    r"(?<![\w@./:{\[-])(?!(?:ERR|SQL|HTTP|NET|SSL|DNS|API)_)(?=[\w.]{4,40}(?![\w@/}\]]))[^\W_][^\W_.]*(?:[_.][^\W_]+)*_[\w.]*[^\W_](?![\w@/])"
)
"""Words joined by a low line stand in no sentence."""
_ON_PLATFORM = re.compile(
    rf"\b{PLATFORM}(?:-?(?:ul|u))?\b['’]?s?\s?(?:(?:is|i'm|i\sam|ben\sik|ik\sben|sunt|me|mij|m[ăa]|her|haar|ei|meu|on|at|op|:)\s)?(?:{_NOUN}\s?)?(?:is|:|=|-|e|este|heet|,|me|at|op)?\s?@?(?P<name>{_SIGN})",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b{PLATFORM}[\s-]?(?:user\s?name|username|name|handle|naam|account(?:\s?name|naam)|user|id|tag|nick|acc)\b(?:\s?(?:is|:|=|e|este|was|heet)\s?@?['\"“„‘]?(?P<name>{_ANY})|\s@?['\"“„‘]?(?P<bare>{_ANY})(?={_END}))"
    rf"|\b(?:nume|user|userul|utilizator|cont|contul|nick|id)(?:\s(?:de|pe))?\s{PLATFORM}\b\s?(?:e|este|:|=)?\s?@?['\"“„‘]?(?P<ro>{_ANY})"
    rf"|\b{PLATFORM}\s?[:=]\s?@?['\"“„‘]?(?P<colon>{_SIGN}|{_ANY}(?=['\"”“’]?\s?(?:[.,;!?)]|\Z)))"
    rf"|\b{PLATFORM}\b[^.!?@\n]{{0,12}}@\s(?P<spaced>{_ANY})"
    rf"|\b(?:of|x|line|session|ig)\s?(?:user|account|handle|name|naam|cont|:|=)\s?(?:is|:|=|e|heet)?\s?@?(?P<short>{_SIGN})"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s{_LINK}(?P<is>{_ANY})"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s(?:{_LINK})?{_CALLED}@?['\"“„‘]?(?P<as>{_ANY})(?={_END})"
    rf"|\b{PLATFORM}\s[-–]\s@?(?P<dash>{_ANY})(?=\s?(?:[.,;!?)]|\Z))"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s(?:under|onder|sub)\s(?P<under>(?-i:[A-Z])[\w.-]{{2,30}}|{_SIGN}|{_ANY}(?=\s?(?:[.,;!?)]|\Z)))"
    rf"|\b(?:search|look|find|follow|add|zoek|volg|voeg|vind|caut[ăa]|adaug[ăa]|urm[ăa]re[șşs]te)\b[^.!?\n]{{0,20}}\b(?:on|op|pe)\s{PLATFORM}\s(?:for|naar|after|dup[ăa]|pe)?\s?@?['\"“„‘]?(?P<search>{_ANY})",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"\b(?:ze|zij|hij|ea|el|she|he)\s(?:is|e|este)\s(?P<who>{_ANY})\s(?:op|pe|on)\s{PLATFORM}\b"
    rf"|\b(?:uses?|gebruikt|folose[șs]te)\s(?:on|op|pe)\s{PLATFORM}\s(?:the\sname|de\snaam|numele)\s(?P<uses>{_ANY})"
    rf"|\b(?:(?-i:OF)[\s-](?:name|naam|user|handle)|(?:nume|cont|user)\s(?:de\s|pe\s)?(?-i:OF))\s(?:is\s|e\s)?(?P<of>{_ANY})(?=\s?(?:[.,;!?)]|\Z))"
    rf"|\b(?:her|his|my|haar|mijn)\s{PLATFORM}\s@?(?P<owned>{_ANY})(?=\s?(?:[.,;!?)]|\Z))"
    rf"|\b{PLATFORM}(?:-?(?:ul|u))?\s(?:is|e|este)\s@?(?P<name>{_ANY})(?=\s?(?:[.,;!?)]|\Z|\s(?:on|in|there|daar|op|pe|en|and|[șs]i|if|als|dac[ăa])\b))",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"(?:ge\w{2,12}(?:t|d|en)|acht|ed|er|ing|ly|able|ful|less|ous|ive|est|ier|ish|ent|ant|al|ic|igd|erd|eld|ijk|ig|baar|loos|end|isch|chter|ker|jker|iever|t[ăa]|at[ăa]?|it[ăa]?|ut[ăa]?|s[ăa]|bil[ăa]?|or|oar[ăa]|oas[ăa]|os|ic[ăa]|al[ăa]|ne|own|own)\Z",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\s(?:\w+(?:ed|ing|ly|igd|erd|baar|loos)|ge\w+(?:t|d|en)|(?:ver|be|ont)\w+(?:d|t)|\w+(?:[aiu]t[ăa]|s[ăa]))\Z",
    re.IGNORECASE,
)
"""What was done to an account: her Instagram is hacked."""
_OWNED = re.compile(
    rf"\b(?:my|her|his|their|mijn|m'n|haar|zijn|hun)\s{PLATFORM}\b\s?(?:{_NOUN})?\s?(?:is\scalled|is|heet|:|=|called)\s?(?:now\s|nu\s)?@?(?P<name>[^\W\d_][\w.-]{{2,30}})"
    rf"|\b{PLATFORM}(?:-?ul|-?u)?\s(?:meu|mea|ei|lui|lor)\s?(?:e|este|:|=|se\snume[șşs]te|se\scheam[ăa])\s?(?:acum\s)?@?(?P<ro>[^\W\d_][\w.-]{{2,30}})"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s(?:she|he|they|you|people|men|everyone|everybody|i|ze|zij|hij|ik|je|iedereen|mannen|ea|el|o|[îi]l|to[țt]i|lumea)?\s?(?:now\s|nu\s|acum\s)?(?:goes|go|is\sknown|calls|call|knows?|uses|use|trades|noemt|gaat|kent|kennen|gebruikt|apare|figureaz[ăa]|e\scunoscut[ăa]|[șş]ti[ue]|cunosc|cunoa[șş]te|folose[șşs]te|se\sd[ăa]|[îi][șşs]i\s(?:zice|spune))"
    rf"\b[^.!?,;\n]{{0,30}}?\s(?P<known>{_ANY})(?=\s?(?:[.,;!?)]|\Z))",
    re.IGNORECASE,
)
_AS_USER = re.compile(
    rf"\b(?:user\s?name|username|handle|screen\s?name|nickname|profile\sname|account\s?name|gebruikersnaam|profielnaam|accountnaam|schermnaam"
    rf"|nume(?:le)?\sde\s(?:utilizator|cont|profil)|userul|username-ul)\s?(?:[:=]\s?|(?:is|was|e|este|ei\se|ei)\s|(?=\s?{_SIGN})\s?)@?['\"“„‘]?(?P<name>{_ANY})"
    rf"|\b(?:account|user|profile|profiel|cont|contul|utilizatorul?|profilul?|gebruiker|handle|channel|kanaal|canalul?)\s(?:name\s|naam\s|called\s|named\s|genaamd\s|numit\s)?['\"“„‘]?(?P<account>{_ANY})['\"”“’]?\s(?:on|op|pe|de\spe|van|from|at)\s{PLATFORM}\b"
    rf"|(?P<camel>(?<![#\w])(?-i:(?!Whats|Tik|Only|Adult|You|Link|Viva|Face|Escort)[A-Z][a-z]{{2,}}[A-Z][a-z]\w*))['\"”“’]?\s(?:on|op|pe|at|van|de\spe|from)\s{PLATFORM}\b"
    rf"|(?P<dotted>\b(?-i:[a-z])\w{{1,20}}\.(?-i:[a-z])\w{{1,20}})\b[^.!?\n]{{0,25}}\b(?:on|op|pe)\s{PLATFORM}\b"
    rf"|(?P<signed>{_SIGN})['\"”“’]?\s(?:on|op|pe|at|van|de\spe|from)\s{PLATFORM}\b"
    rf"|\b(?:i'm|i\sam|me|as|follow|add|find|message|she's|he's|she\sis|is|ik\sben|als|volg|voeg|sunt|ca|e|adaug[ăa]|caut[ăa]|zoek|g[ăa]se[șşs]ti|urm[ăa]re[șşs]te)\s@?['\"“„‘](?P<quoted>[^'\"“”„‘’\n]{{3,30}})['\"”“’]\s(?:toe\s)?(?:on|op|pe)\s{PLATFORM}\b"
    rf"|\b(?:i'm|i\sam|me|as|follow|add|she's|he's|ik\sben|als|volg|sunt|ca|adaug[ăa])\s(?P<first>{_ANY})\s(?:on|op|pe)\s{PLATFORM}\b",
    re.IGNORECASE,
)
_SKYPE = re.compile(r"\b(?:live|skype):(?://)?[\w.:-]{3,60}", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\w@./:#-])(?P<word>[^\W\d_]{4,24})[0-9]{2,6}(?![\w@/%]|[.,:-][0-9])")
"""Words with figures hanging on them, as user names have that were taken without."""
_AD = re.compile(
    rf"\b(?:{PLATFORM}\W{{1,3}}(?:{_NOUN}|ad|advert|advertentie|anun[țţt](?:ul)?|nr|no|number|nummer)|ad|advert\w*|anun[țţt](?:ul)?|listing|profile|profiel|profilul)\W{{0,3}}(?:(?:is|nr|no|number|nummer|e|id|num[ăa]rul|cu)\W{{1,2}}){{0,3}}(?P<number>[0-9]{{4,12}})(?![0-9])",
    re.IGNORECASE,
)


_FILE = re.compile(
    r"[\w.-]*\.(?:pdf|docx?|xlsx?|odt|ods|pptx?|csv|txt|jpe?g|png|gif|heic|mp[34]|html?|json|ya?ml)\b"
    rf"|(?:{'|'.join(sorted(COUNTED))}|form|formulier|hep|img|dsc|vid)[_-]?(?:\d+\w?|[a-e])(?![\w])",
    re.IGNORECASE,
)
"""A document, or a thing that is counted."""


def handles(text: str) -> Iterator[tuple[int, int]]:
    """Find user names of people: those of organisations may be told."""
    for start, end in _every(text):
        if not (an_organisations(text, start, end) or _FILE.match(text, start)):
            yield start, end


def _every(text: str) -> Iterator[tuple[int, int]]:
    """Find user names: after an at sign, with a low line, or beside the name of a platform."""
    for pattern in (_AT_NAME, _LINED, _SKYPE):
        for match in pattern.finditer(text):
            yield match.start(), match.start() + len(match.group().rstrip("."))
    for match in _JOINED.finditer(text):
        if match["word"].lower() not in COUNTED and match["word"][1:].islower():
            yield match.span()
    yield from shaped(text)
    for match in by_sentence(text):
        yield from _named(match)
    yield from framed(text)
    if not may_name_accounts(text):
        return
    yield from (match.span("number") for match in _AD.finditer(text))
    yield from near_platforms(text)
    yield from unheard_accounts(text)
    yield from _beside_a_platform(text)
    for match in (*found_on_platforms(text), *by_owner(text)):
        yield from _named(match)


def _beside_a_platform(text: str) -> Iterator[tuple[int, int]]:
    for pattern, no_name in (
        (_ON_PLATFORM, None),
        (_NAMED, None),
        (_AS_USER, None),
        (_OWNED, _DONE),
        (_IS, _ADJECTIVE),
    ):
        for match in pattern.finditer(text):
            name = next((match[group] for group in match.groupdict() if match[group]), "")
            said = f" {name}" if no_name is _ADJECTIVE else match.group()
            if no_name is None or not no_name.search(said.rstrip(".-")):
                yield from _named(match)


def _named(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    name = next(group for group in match.groupdict() if match[group])
    written = match[name].lower().rstrip(".-")
    with_marks = match[name].islower() and not written.isascii() and heard_of(written)
    if (
        not (with_marks or written in never())
        and not is_platform(match[name].rstrip(".-"))
        and not _TIME.fullmatch(written)
    ):
        yield match.start(name), match.start(name) + len(match[name].rstrip(".-"))


_TIME = re.compile(
    r"\d{1,4}(?:[.:h]\d{2})?(?:am|pm|u|h|uur|k|min|x|st|nd|rd|th|e|-\w+)?|\d+[.,-]\d+(?:am|pm|u|h)?|(?:19|20)\d\d[-.]\d.*"
)
"""How many, when, how long: 24h, 19.30, 2026-01."""
