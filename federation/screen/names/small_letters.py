"""Names in small letters, as tired people write them."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import ABSTRACT
from federation.screen.names.cues import AFTER, KIN_SMALL, PERSON, TITLED_SMALL
from federation.screen.words.known_names import (
    a_name_in_small_letters,
    a_surname,
    also_a_word,
    is_listed,
    only_a_name,
)
from federation.screen.words.no_names import COMMON, NO_ANSWER

_WORD = re.compile(r"(?<![\w@])(?<!\w['’./-])[^\W\d_]{3,30}(?:['’]s)?(?![\w@/])")
_NAME = r"(?P<name>[^\W\d_]{3,20})(?![\w@/])"
_BEGINS = re.compile(
    r"(?:\A|[.!?:\n•*]\s*|[-–(\"“„]\s?|,\s|\b(?:think|thinks|said|that|because|when|if|and|but|then|also|today|denk|dat|omdat|toen|als|want|en|maar|vandaag|ook|cred|c[ăa]|fiindc[ăa]|dac[ăa]|c[âa]nd|[șs]i|dar|apoi|azi)\s)\Z",
    re.IGNORECASE,
)
TALKS = re.compile(
    r"\s(?:said|says|told|asked|asks|texted|texts|rang|phoned|wrote|wants|wanted|cried|replied|thinks|needs\s(?:a|to|help)|zei|zegt|vroeg|vraagt|vertelde|vertelt|belde|belt|appte|appt|schreef|huilde|denkt|wilde"
    r"|(?:mi-|ne-|i-|ne\s)?a\s(?:spus|zis|[îi]ntrebat|sunat|scris|cerut|pl[âa]ns)|zice|spune|[îi]ntreab[ăa]|cere|pl[âa]nge)\b"
)
_IS_SO = re.compile(
    r"\s(?:is|was|seems?|seemed|looked|looks|felt|feels|had|has|were|lijkt|leek|heeft|e|era|este|p[ăa]rea|pare)\s(?:very\s|really\s|so\s|quite\s|bit\s|a\sbit\s|heel\s|erg\s|zo\s|nog\s|weer\s|foarte\s|cam\s|a[șs]a\s|tot\s)?"
    r"(?:high|drunk|stoned|sober|asleep|upset|scared|frightened|worried|crying|pregnant|homeless|anxious|nervous|shaken|hungry|bruised|dizzy|exhausted|tired|angry|bang|boos|moe|ziek|zwanger|verdrietig|overstuur|gebruikt|dronken|stoned|dakloos|zenuwachtig"
    r"|drogat[ăa]|beat[ăa]|speriat[ăa]|sup[ăa]rat[ăa]|obosit[ăa]|[îi]ns[ăa]rcinat[ăa]|gravid[ăa]|nervoas[ăa]|trist[ăa]|bolnav[ăa]|am[ăa]r[âa]t[ăa])\b"
)
_CUED = re.compile(
    rf"\b(?i:(?:spoke|talked|chatted|spoken|speaking)\s(?:\w{{3,8}}\s)?(?:to|with)|met|saw|seen|told|tell|texted|text|rang|phoned|messaged|reminded|remind|hugged|asked(?:\sfor)?|note\sfrom|message\sfrom|text\sfrom|heard\sfrom|sign\sof|news\sof|afraid\sof|waiting\sfor|word\sfrom"
    rf"|(?:gesproken|gebeld|gepraat|gechat|geappt|afgesproken)\smet|sprak|zag|belde|appte|heette|genaamd|gezegd\stegen|zeg\stegen|zei\stegen|bericht\svan|briefje\svan"
    rf"|(?:vorbit|discutat|v[ăa]zut|[îi]nt[âa]lnit|stat)\s(?:pu[țt]in\s|iar\s|azi\s|ieri\s|[șs]i\s)?cu|(?:v[ăa]zut|sunat|[îi]ntrebat|dus|l[ăa]sat|ajutat|trimis|rugat|cunoscut)-[ol]\spe|[îi]ntreab-o\spe|cheam[ăa]|mesaj\sde\sla|predat\slui|lui)\s{_NAME}"
)
_DUTCH = re.compile(
    r"\b(?i:met|aan)\s(?P<name>[^\W\d_]{3,20})\s(?:over|gesproken|gebeld|gepraat|gechat|geappt|gegeven|gevraagd|verteld|uitgelegd|doorgegeven|meegegeven)\b"
)
_I_AM = re.compile(
    rf"\b(?i:i['’]?m|i\sam|ik\sben|(?<=\A)ben|eu\ssunt|(?<=\A)sunt|(?<=bun[ăa]\s)sunt|its|it['’]?s|this\sis|met|hier\sis|dit\sis|aici|aici\se)\s{_NAME}(?=\s?(?:[,.!]|\Z|\s(?:from|here|again|van|hier|weer|uit|de\sla|din|iar)\b))"
)
_SEEN = re.compile(
    rf"(?<![\w'’.@/-]){_NAME}\s(?:(?:niet\s|nog\s|weer\s|net\s|even\s|kort\s){{0,2}}(?:gezien|gesproken|geholpen|gebeld)\b|(?:de|the|her|his|haar|zijn)\s(?:{PERSON})\b)"
)
_PAIR = re.compile(
    r"(?:\A|[.!?\n]\s?)(?P<one>[^\W\d_]{3,20})\s(?:and|en|[șs]i)\s(?P<two>[^\W\d_]{3,20})\s(?!of\b|for\b|voor\b)"
)
_SPELLED = re.compile(
    r"(?<![\w.'’-])[A-Za-z](?:(?P<by>[ .*-])[A-Za-z])(?:(?P=by)[A-Za-z]){1,10}(?![\w'’-])"
)
_SHOUTED = re.compile(r"(?m)^[^a-zß-ÿ\n]{12,400}$")
THEN = re.compile(
    r"dan\s[^\W\d_]{2,10}\s(?:ze|zij|hij|ik|we|wij|je|jij|jullie|men|iemand|die|er|het)\b",
    re.IGNORECASE,
)
"""In Dutch the verb comes before somebody after `then`."""
SEASONS = frozenset("summer winter spring autumn zomer lente herfst vara iarna toamna".split())
_HAS = re.compile(r"\s(?:(?:mi|ne|i)-)?(?:a|e|zice|spune)\b")
"""Small letters are no reason in Dutch: dan vraagt, then asks."""
BEFORE = 60
LONG = len("maria")


def in_small_letters(text: str) -> Iterator[tuple[int, int]]:
    """Find names without their capital: known ones, and where only people stand."""
    for match in _WORD.finditer(text):
        word = match.group()
        if word.islower() and (a_name_in_small_letters(word) or _acts(text, match)):
            yield match.span()
    yield from _kin(text)
    yield from _cued(text)
    for match in _PAIR.finditer(text):
        both = match["one"], match["two"]
        names = all(only_a_name(word) or also_a_word(word) for word in both)
        if names and not {word.lower() for word in both} & SEASONS:
            yield match.span("one")
            yield match.span("two")


def _kin(text: str) -> Iterator[tuple[int, int]]:
    for match in KIN_SMALL.finditer(text):
        word = match["name"]
        if word.islower() and only_a_name(word):
            yield match.span("name")
    for match in TITLED_SMALL.finditer(text):
        word = match["name"]
        if word.islower() and _addressed(word, by_name=match["short"] is not None):
            yield match.span("name")


def _cued(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_CUED, _DUTCH, _I_AM, _SEEN):
        for match in pattern.finditer(text):
            word = match["name"]
            if word.islower() and only_a_name(word) and word not in NO_ANSWER | COMMON:
                yield match.span("name")


def spelled_and_shouted(text: str) -> Iterator[tuple[int, int]]:
    """Find names letter by letter, and those in lines that are all capitals."""
    for match in _SPELLED.finditer(text):
        if is_listed(match.group()[::2]):
            yield match.span()
    for line in _SHOUTED.finditer(text):
        for start, end in in_small_letters(line.group().lower()):
            yield line.start() + start, line.start() + end


def _is_both(word: str) -> bool:
    return also_a_word(word) and word not in ABSTRACT


def _addressed(word: str, *, by_name: bool) -> bool:
    """Tell a name after a title from what else follows it; after `mrs` little else does."""
    if only_a_name(word) or a_surname(word):
        return True
    return by_name and word not in NO_ANSWER | COMMON


def _acts(text: str, match: re.Match[str]) -> bool:
    """Tell whether a name that is a word as well does what only people do."""
    word = match.group()
    known = only_a_name(word)
    if not (known or _is_both(word)) or word in NO_ANSWER | COMMON:
        return False
    if THEN.match(text, match.start()) or (word == "dan" and not _HAS.match(text, match.end())):
        return False
    begins = _BEGINS.search(text, max(0, match.start() - BEFORE), match.start()) is not None
    if TALKS.match(text, match.end()) or _IS_SO.match(text, match.end()):
        return begins or known
    return known and begins and len(word) > LONG and AFTER.match(text, match.end()) is not None
