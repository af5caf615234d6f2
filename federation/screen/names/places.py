"""Where in a note somebody stands: signed, in quotes, beside somebody, the one for whom one does."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import may_be
from federation.screen.names.cues import CAPITAL, PERSON, QUOTE
from federation.screen.names.small_letters import THEN
from federation.screen.words.called_after import OF_PUBLIC_LIFE, SAINT
from federation.screen.words.heard_of import heard_of
from federation.screen.words.known_names import (
    CAPITALS,
    a_surname,
    also_a_place,
    is_listed,
    only_a_name,
)

_CALLED = rf"(?P<name>{CAPITAL}(?:\s{CAPITAL})?)"
_PEOPLE = r"(?:they|we|people|everyone|everybody|girls|lads|neighbours|men|clients|locals)"
_ALONE = rf"(?!\s[{CAPITALS}&]|[’'-])"
SURE = (
    re.compile(rf"(?:\A|\n)\s?-{{1,2}}\s?{_CALLED}\s?(?:x{{1,4}})?\s?(?=\n|\Z)"),
    re.compile(rf"[.!?\n]\s?{_CALLED}\s?(?:x{{1,4}}|:\)|<3|❤)\W{{0,3}}\Z"),
    re.compile(rf"\b{_PEOPLE}\s(?:all\s|just\s|always\s)?calls?\s{_CALLED}"),
    re.compile(
        rf"\b(?i:the|de|familia|familie)\s{_CALLED}\s(?i:family|sisters|brothers|twins|familie|zussen|broers)\b"
    ),
    re.compile(
        rf"\b(?:noem(?:t|en|de|den)?|calls?|called)\s(?:haar|hem|her|him|me|mij|zich|herself)\s(?:de|the|het)\s{_CALLED}"
    ),
    re.compile(rf"\b(?:uses?|gebruikt|folose[șs]te)\s{_CALLED}\s(?:as|als|ca)\b"),
    re.compile(rf"\b(?:signs?\swith|tekent\smet|semneaz[ăa](?:\scu)?)\s{_CALLED}"),
    re.compile(rf"\b(?:signed|ondertekend|getekend|semnat)\s?:\s{_CALLED}"),
    re.compile(
        rf"\bdie\s(?:ze|zij|we|wij|iedereen|mensen|klanten)\s(?:altijd\s|hier\s)?{_CALLED}\snoem"
    ),
    re.compile(
        rf"\b(?:with|met|cu|from|van|de\sla|for|voor|pentru|saw|told|zag|sprak|and|en|[șs]i|by|door|pe|lui)\s{QUOTE}{_CALLED}{QUOTE}"
    ),
    re.compile(
        rf"\b(?i:sat|stayed|waited|walked|sitting|waiting|staying|tea|coffee|lunch|cigarette|zat|zitten|gewacht|gezeten|koffie|thee|gedronken|stat|stau|a[șs]teptat|cafea)\s(?:\w{{2,4}}\s)?(?:with|met|bij|cu)\s{_CALLED}{_ALONE}"
    ),
    re.compile(
        rf"\b(?i:heard|word|message|text|note|gehoord|bericht|appje|briefje|auzit|ve[șs]ti|mesaj|bilet|semn)\s(?:\w{{2,6}}\s){{0,2}}?(?:from|van|de\sla)\s{_CALLED}{_ALONE}"
    ),
    re.compile(
        rf"\b(?i:drove|hugged|calmed|comforted|woke|reassured|accompanied|cuddled|lent)\s{_CALLED}{_ALONE}"
    ),
    re.compile(
        rf"\b(?i:gave|give|handed|lent|showed|brought|bought|sent|owes?|gaf|geef|bracht|leende)\s{_CALLED}\s(?=the\b|a\b|an\b|her\b|his\b|two\b|three\b|some\b|[0-9]|our\b|my\b|de\b|het\b|een\b|twee\b|haar\b|wat\b)"
    ),
    re.compile(
        rf"\baan\s{_CALLED}\s(?:\w{{1,12}}\s){{0,3}}?(?:gegeven|gevraagd|doorgegeven|beloofd|verteld|uitgelegd|meegegeven)\b"
    ),
    re.compile(
        rf"\b(?i:with|met|cu|saw|zag|for|told|about|over|despre|named|pe)\s{_CALLED}[.?!]\s(?:She|He|Ze|Zij|Hij|Ea|El)\b"
    ),
)
_HERS = r"(?:room|flat|number|nr|no|kamer|nummer|huis|house|club|camera|apartament\w*|salon\w*|parlour|sauna|upstairs|next\sdoor|boven|beneden|reception|receptie|recep[țt]ie|beveiliging|security|gate|desk|bar|hek|poort|balie|poart[ăa]|paz[ăa]|u[șs][ăa]|garage|door|etaj\w*|vorige|last)"
"""Whoever stands there is somebody, unless it is an office or a place."""
LISTED = (
    re.compile(
        rf"{_CALLED}\s(?:(?:net\s|nog\s|even\s|niet\s|weer\s|kort\s)?(?:gezien|gesproken|gebeld|geappt|gebracht|opgehaald|gerustgesteld|geholpen|getroost|herinnerd|herinneren|appen|bellen|mailen|bedanken|terugbellen)|naar\s(?:de\s|het\s)?\w{{2,12}}\s(?:gebracht|gereden))\b"
    ),
    re.compile(
        rf"{_CALLED}\s(?:has|heeft|are)\s(?:the|her|a|an|no|two|three|de|een|geen|cheile|dou[ăa]|trei|un|o|nevoie|programare|febr[ăa])\b"
    ),
    re.compile(
        rf"{_CALLED}\s(?:from|in|at|on|uit|van|op|bij|de\sla|din|la)\s(?:the\s|de\s|het\s)?{_HERS}\b"
    ),
    re.compile(
        rf"{_CALLED},?\s(?:de|the|her|his|my|our|haar|zijn|mijn|onze)\s(?:nieuwe\s|new\s)?(?i:{PERSON})\b"
    ),
    re.compile(
        rf"\b(?i:text|ring|call|phone|message|email|remind|warn|tell|ask|visit|thank|knows?|knew|ken|kent|kennen|check\son|look\safter|worried\sabout|ne[îi]ngrijorat[ăa]?\spentru|zorgen\sover|bel|app|mail|waarschuw|vraag|sun[ăa]|anun[țt][ăa])\s{_CALLED}{_ALONE}"
    ),
)
_WITH_PARTICLE = re.compile(
    rf"(?P<before>[^\W\d_]{{1,12}})[,:]?\s(?P<name>(?:Van(?:\s(?:de|der|den|het|'t))?|Ter|Ten|El)\s(?!Apel|Aar|Heijde){CAPITAL}|De\s(?:Vries|Jong|Jonge|Boer|Groot|Wit|Bruin|Bruijn|Haan|Graaf|Lange|Koning|Ruiter|Leeuw|Rooij|Rooi|Waal|Haas|Wilde|Winter|Vos|Klerk|Smet|Smit|Backer|Clercq|Wolf|Lang|Kok|Kort|Bie|Goede|Geus|Heer|Regt|Raad))\b"
)
_SHORT = re.compile(
    r"\b(?:with|met|cu|lui|pe|for|voor|aan|called|named|heet|heette|cheam[ăa]|(?:friend|vriend|vriendin|prieten[ăa])\s(?:is|e)|ik\sheb|spoke\sto|told)\s(?P<name>(?!Dr|Mr|Ms|Mx|Nr|No|St|Ok|Tv|Id|Pc|Hi|Oh|Ik|We|Ze|Je|Is|In|On|At|To|Of|Or|Ja|Om|Op|Te|Uw|Eu|El|Ea|Nu|Da|Ce|Un|Am|Ai|Au|Ig|Tg|Fb|De|Al|Bd)[A-Z][a-zăâîșț])(?![\w.-])"
)
_TITLED = re.compile(rf"{_CALLED}\s\((?:the\s|de\s|her\s|haar\s)?(?i:{PERSON})\)")
NO_PERSON_AT = frozenset(
    "in bij naar uit te op hotel café cafe club bar near at from straat via restaurant".split()
)
"""There it is somebody if a list knows the word as a name as well."""
_PAIR = re.compile(rf"(?P<one>{CAPITAL})\s(?:and|&|\+|en|[șs]i)\s(?:pe\s|cu\s)?(?P<two>{CAPITAL})")
OFFICE = re.compile(
    r"House|Huis|Centre|Center|Project|Trust|Foundation|Street|Road|Lane|Lodge|Hall|Clinic|Hospital|Dock|Palace|Park|Court|Hotel|Bar|Club|Café|Cafe|Hostel|Team|Group|Kliniek|Centrum|Fonds"
)
_PRESENT = re.compile(
    r"\b(?:present|seen|visited|met|worked|apologies|on\sshift|on\sduty|staff|crew|team|gezien|bezocht|gesproken|gewerkt|v[ăa]zute?|vizitate|aanwezig|afwezig|afgemeld|dienst|bezetting|prezen[țt][iă]|absen[țt][iă]?|de\sserviciu|tura|echipa)\s?:\s",
    re.IGNORECASE,
)
_EACH = re.compile(rf"(?<=[:,&+]\s){CAPITAL}(?=\s?(?:[,.(;+&]|\Z|\n|\s(?:and|en|[șs]i)\b))")
_WILL = re.compile(
    r"(?:\A|[.!?\n]\s?)(?P<name>Will|Wil)\s(?=(?:has|had|is|was|said|says|told|came|rang|wants|heeft|was|zei|zegt|komt|kwam|belde|belt|vroeg|wilde)\b|(?:on|from|van|at)\s(?:the\s|de\s)?(?:security|door|gate|beveiliging|deur|garage|desk|reception|receptie)\b)"
)

BEFORE = 60


def by_place(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody by where a word stands in a note."""
    for pattern in (*SURE, *LISTED):
        for match in pattern.finditer(text):
            name = match["name"]
            first = name.split()[0]
            listed = pattern not in LISTED or is_listed(first) or not heard_of(first)
            town = pattern is LISTED[1] and also_a_place(first)
            then = THEN.match(text, match.start("name"))
            office = OFFICE.fullmatch(name.split()[-1])
            if (
                listed
                and not (town or office or then)
                and not _is_public(text, match)
                and may_be(name, surely=True)
            ):
                yield match.span("name")
    yield from (match.span("name") for match in _WILL.finditer(text))
    yield from _beside_somebody(text)
    yield from _present(text)
    yield from (match.span("name") for match in (*_SHORT.finditer(text), *_TITLED.finditer(text)))
    for match in _WITH_PARTICLE.finditer(text):
        if match["before"].lower() not in NO_PERSON_AT and not _is_public(text, match):
            yield match.span("name")


def _present(text: str) -> Iterator[tuple[int, int]]:
    """Find everybody whom a list of those who were there names."""
    for label in _PRESENT.finditer(text):
        for match in _EACH.finditer(text, label.end(), label.end() + BEFORE):
            if may_be(match.group(), surely=True):
                yield match.span()


def _is_public(text: str, match: re.Match[str]) -> bool:
    """Tell a clinic or a street that is called after somebody."""
    start, end = match.span("name")
    before = max(0, start - BEFORE)
    public = OF_PUBLIC_LIFE.search(text, before, end + len(" Centrum"))
    return bool(SAINT.search(text, before, start) or (public and public.end() > start))


def _beside_somebody(text: str) -> Iterator[tuple[int, int]]:
    """Find the other of two, where one is somebody and nothing else."""
    for match in _PAIR.finditer(text):
        for known, other in (("one", "two"), ("two", "one")):
            saint = SAINT.search(text, max(0, match.start() - BEFORE), match.start())
            if only_a_name(match[known]) and not saint and _goes_with(match[other]):
                yield match.span(other)


def _goes_with(word: str) -> bool:
    return (
        is_listed(word)
        or a_surname(word)
        or (may_be(word, surely=True) and (len(word) <= len("Ly") or not heard_of(word)))
    )
