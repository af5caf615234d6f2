"""Somebody by the frame of a sentence that nothing but a person fits, whatever the word is."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import ABSTRACT, may_be
from federation.screen.names.cues import CAPITAL, PERSON, QUOTE
from federation.screen.words.called_after import SAINT
from federation.screen.words.heard_of import heard_of
from federation.screen.words.known_names import (
    CAPITALS,
    a_surname,
    is_listed,
    only_a_name,
    rarely_a_name,
)
from federation.screen.words.no_names import COMMON, NO_ANSWER, OFFICES, PLACES

_ONE = rf"(?P<name>(?:(?:[Dd]e|[Vv]an|[Vv]an\sde[rn]?|v\.\s?d\.)\s)?{CAPITAL}(?:\s{CAPITAL})?)"
_STARTS = r"(?:\A|(?<=[.!?:\n]\s)|(?<=\n)|(?<=[-–(\"“„,]\s)|(?<=\b[Mm]et\s)|(?<=\b[Cc]u\s))"
_SMALL_NOUN = r"(?:the|de|het|our|ons|onze)\s[a-z]{3,20}|housing|security|nights|work"
_ENDS = r"(?=\s?(?:[,.;!?)]|\Z))"
SURE = (
    re.compile(rf"(?:\A|[.!?\n]\s)(?i:for|voor|aan|pentru|fao|t\.a\.v\.|attn|cc|to)\s{_ONE}\s?:"),
    re.compile(rf"\b(?i:cc|fao|attn|t\.?a\.?v\.?|[îi]n\saten[țt]ia)[:.]?\s{_ONE}{_ENDS}"),
    re.compile(rf"\b(?:I|ik|eu|[Ii]k|[Ee]u)\s\({_ONE}\)"),
    re.compile(rf"\b(?:me|ik|eu|mij)\s(?:and|en|[șs]i|&|\+)\s{_ONE}(?!\s?&)"),
    re.compile(rf"\b(?i:with|met|cu|from|van|de\sla|by|door)\s{_ONE}\s\([a-zăâîșț]{{3,20}}\)"),
    re.compile(
        rf"\b(?i:dossier|file|case|dosar(?:ul)?|zaak|intake|afspraak|appointment|programare[a]?)\s(?:(?:for|of|van|voor|pentru|lui)\s)?{_ONE}(?=\s(?:is|ligt|staat|e|was|has|moved|verzet)\b)"
    ),
    re.compile(
        rf"\b(?i:watch\sout\sfor|look\sout\sfor|beware\sof|pas\sop\svoor|pas\sop\smet|kijk\suit\svoor|aten[țt]ie\sla|feri[țt]i-v[ăa]\sde)\s{_ONE}(?=,|\s\()"
    ),
    re.compile(
        rf"\b(?i:client|punter|klant|customer|caller|beller|worker|werker|apelant[ăa]?)\s?:\s{QUOTE}{_ONE}{QUOTE}"
    ),
    re.compile(rf"\b(?i:echtpaar|gezin|so[țt]ii|the\sfamily)\s{_ONE}\b"),
    re.compile(rf"\b(?i:let)\s{_ONE}\sknow\b"),
    re.compile(
        rf"\b(?i:dank\s?je\s?wel|dankjewel|thanks|thank\syou|cheers|ta|bedankt|merci|mersi|mul[țt]umesc|mul[țt]am)\s{_ONE}(?=\s?[,!.]|\Z)"
    ),
    re.compile(
        rf"\b(?i:addressed|be\scalled|aangesproken(?:\swil\sworden)?|genoemd(?:\swil\sworden)?|s[ăa]-i\s(?:spunem|zicem)|[îi]i\s(?:spunem|zicem))\s?:\s{_ONE}{_ENDS}"
    ),
    re.compile(
        rf"\b(?i:the)\s(?P<name>{CAPITAL})\s(?:case|hearing|trial)\b|\b(?i:de\szaak|cazul|procesul)\s(?P<zaak>{CAPITAL})(?=\s[a-zăâîșț])"
    ),
    re.compile(
        rf"\b(?i:she|he|ze|zij|hij|ea|el)\s(?:and|en|[șs]i)\s{_ONE}(?=\s(?:have|had|are|were|hebben|hadden|zijn|waren|gaan|wonen|au|sunt|stau|erau|share|live|work|went)\b)"
    ),
    re.compile(
        rf"\b(?i:it\swas|was\sit|it['’]?s|het\swas|was\shet|het\sis|a\sfost)\s{_ONE}\s(?:who|die|care)\b"
    ),
    re.compile(
        rf"\b(?i:mul[țt]umiri|s[ăa]rut[ăa]ri|urări|felicit[ăa]ri)\s(?:lui\s)?{_ONE}(?=\s(?:pentru|c[ăa]|de)\b|{_ENDS})"
    ),
    re.compile(
        rf"(?:\A|[.!?\n]\s){_ONE},\s(?:can|could|will|would|are|do|please|kun|kan|wil|heb|ben|zou|bel|po[țt]i|vrei|ai|te\srog|sun[ăa])\s(?:you|je|jij|u|me|tu|s[ăa]|aduce|veni|suna)\b"
    ),
    re.compile(
        rf"\b(?i:nicknamed|bijgenaamd|met\sbijnaam|bijnaam|poreclit[ăa]?|zis[ăa]?)\s(?P<name>(?:the|de|het)\s{CAPITAL})"
    ),
    re.compile(
        rf"\b\w{{2,12}}-(?:o|l)\s(?:\w{{1,8}}\s){{0,3}}?pe\s{_ONE}(?=\s(?:s[ăa]|c[ăa]|cu|acas[ăa]|pl[âa]ng[âa]nd)\b)"
    ),
    re.compile(
        rf"\b(?i:slept|stayed|slaapt|sliep|geslapen|logeert|blijft|doarme|dormit|st[ăa]|stat)\s(?:bij|la|at|with)\s{_ONE}(?=\s(?:op\sde\sbank|pe\scanapea|acas[ăa]|thuis|[îi]n\sgazd[ăa])\b)"
        rf"|\bbij\s(?P<bij>{CAPITAL})\s(?:op\sde\sbank|thuis)\b"
    ),
    re.compile(
        r"\b(?i:statement|letter|email|message|getuigenis|brief|mail|bericht|declara[țt]ia|scrisoare|mesaj)\s(?:from|of|van|de\sla|lui)\s(?P<name>[A-Z]\.)(?=\s[a-zăâîșț]|\Z)"
    ),
)
"""Whoever stands there is somebody, unless it is an office or a place."""
LISTED = (
    re.compile(
        rf"\b(?i:now|nu|acum|formerly|vroeger|eerst|[îi]nainte|previously|before\sthat|daarvoor|voorheen)\s{_ONE}{_ENDS}"
    ),
    re.compile(
        rf"\b(?i:she|ze|zij|ea|he|hij)\s(?i:was|is|e|era)\s(?:nog\s|still\s|toen\s|then\s)?{_ONE}(?=\s(?:at|bij|la|on|op|there|daar|hier|here|in\s(?:the|de))\b|{_ENDS})"
    ),
    re.compile(rf"(?:\A|[.!?\n]\s)Era\s{_ONE}(?=\s(?:la|[îi]n|pe)\b)"),
    re.compile(rf"(?<![\w]){QUOTE}{_ONE}{QUOTE}(?=\s[a-zăâîșț])"),
    re.compile(rf"{_ONE}\s\((?i:not|niet|nu)\b"),
    re.compile(
        rf"{_ONE}\s(?:and|en|[șs]i)\s(?:(?:her|his|haar|zijn)\s(?i:{PERSON}|maatje)|(?i:{PERSON})\s(?:ei|lui))\b"
    ),
    re.compile(
        rf"(?:\A|[.!?\n]\s){_ONE}\s(?:found|safe|veilig|off\ssick|sick|ziek|ziek\sgemeld|afgelost|terecht|getest|bedankt|uitgezwaaid|bolnav[ăa]?|g[ăa]sit[ăa]|plecat[ăa]|testat[ăa]|missing|vermist|disp[ăa]rut[ăa])(?=\s?(?:[.!,;]|\Z))"
    ),
    re.compile(rf"\b(?:cu\s(?:o|un)|met\seen|with\sa)\s{_ONE}\s(?:din|uit|from)\s[{CAPITALS}]"),
    re.compile(
        rf"\b(?i:baby|little|wee|kleine|bebelu[șs]ul|micu[țt](?:ul|a)|cea\smic[ăa]|cel\smic)\s{_ONE}(?=\s(?:is|has|was|weighs|weegt|heeft|e|are|era|a)\b)"
    ),
    re.compile(rf"(?:\A|[.!?\n]\s){_ONE}\s(?:en\sik|and\sI|and\sme|[șs]i\s(?:cu\smine|eu))\b"),
    re.compile(
        rf"(?P<named>{CAPITAL})\s(?:[îi]i\szic(?:e)?|[îi]i\sspun(?:e)?|noemen\sze\shaar|zo\sheet\sze|they\scall\sher)\b"
    ),
)
"""There it is somebody if a list knows the word, or nobody knows it."""
CALLED = LISTED[:3]
"""There even a word like Hope or Luna is how somebody is called."""
KNOWN = (
    re.compile(
        rf"{_STARTS}{_ONE}\s(?:from|van|de\sla|din)\s(?:{_SMALL_NOUN})(?=\s[a-zăâîșț]|{_ENDS})"
    ),
    re.compile(rf"(?:\A|[.!?\n]\s)(?P<name>{CAPITAL})\?"),
    re.compile(rf"(?:\A|\n)(?P<name>{CAPITAL}):\s(?=[a-zăâîșț0-9])"),
)
"""There, if a list knows the word."""
_SMALL = r"(?P<name>[^\W\d_]{2,20})"
_FOLLOWED = r"(?=\s?(?:[,.;!?)]|\Z)|\s(?:again|today|tonight|yesterday|this|about|over|in|on|at|for|weer|vandaag|gisteren|vanavond|op|azi|ieri|iar|la|despre|pe)\b)"
SMALL = (
    re.compile(
        rf"\b(?i:worked|work|working|paired|on\sshift|on|shift|chatted|chat|spoke|speaking|talked|sat|flyered|outreach|coffee|tea|lunch)\swith\s{_SMALL}{_FOLLOWED}"
    ),
    re.compile(
        rf"\b(?i:met)\s{_SMALL}\s(?:gewerkt|gedraaid|gesproken|gelopen|gepraat|gebeld|geappt|gechat|gegeten|gewacht|op\s(?:pad|stap|straat|de\sbus)|in\sgesprek|mee|naar\sde)\b"
    ),
    re.compile(
        rf"\b(?i:heb|hebben|had)\s{_SMALL}\s(?:nog\s|even\s|net\s|al\s|vandaag\s|gisteren\s|weer\s){{0,2}}(?:gesproken|gebeld|geappt|gezien|geholpen|gevraagd|gebracht|opgehaald|verteld|uitgelegd)\b"
    ),
    re.compile(
        rf"\b(?i:aan)\s{_SMALL}\s(?:gegeven|gevraagd|verteld|uitgelegd|doorgegeven|meegegeven|beloofd)\b"
    ),
    re.compile(rf"\b(?i:let)\s{_SMALL}\sknow\b"),
    re.compile(
        rf"\b(?i:ring|call|text|phone|bel|app|mail|sun[ăa]|de\ssunat|scrie-i)\s{_SMALL}(?=\s(?:about|with|re|over|voor|cu|despre|pentru)\b|\Z)"
    ),
    re.compile(
        rf"\b(?i:lucrat|vorbit|tura|stat|mers|discutat|ie[șs]it|teren)\scu\s{_SMALL}{_FOLLOWED}"
    ),
    re.compile(rf"\blui\s{_SMALL}\s(?:c[ăa]|s[ăa]|despre|la)\b"),
    re.compile(
        rf"\b\w{{2,12}}-(?:o|l)\spe\s{_SMALL}(?=\s(?:la|[îi]n|pl[âa]ng[âa]nd|acas[ăa]|azi|ieri|iar)\b|{_ENDS})"
    ),
    re.compile(
        rf"\b(?i:it['’]?s\s|not|things\sare|goes|gaat|gaat\shet|het\sgaat)\s(?i:good|well|better|badly|bad|goed|slecht|beter)\s(?:with|met)\s{_SMALL}{_ENDS}"
    ),
    re.compile(
        rf"\b(?i:her|his|my|haar|zijn|mijn|our|onze)\s(?:\w{{3,8}}\s)?(?i:{PERSON})\s{_SMALL}(?=\s(?:is|was|came|has|said|kwam|heeft|zei|belde|rang|called)\b)"
    ),
    re.compile(
        rf"\b(?P<kin>[^\W\d_]{{2,20}})\s(?:ei|lui|mea|meu)\s{_SMALL}(?=\s(?:e|era|a|are|vrea|nu|vine)\b)"
    ),
    re.compile(
        rf"\b(?i:prietena|prietenul|colega|fata|sora|verișoara|iubitul)\s{_SMALL}(?=\s(?:e|era|a|are|vrea|nu|vine)\b)"
    ),
    re.compile(
        rf"\b(?P<kin>[^\W\d_]{{2,20}})\s(?:of\s(?:hers|his|mine)|van\s(?:haar|hem|mij)|ei|lui|mea|meu),?\s{_SMALL},\s[a-zăâîșț]"
    ),
    re.compile(
        rf"\b(?i:some|ene|zekere|one|un\soarecare|o\soarecare|unul|una)\s{_SMALL}(?=\s(?:is|valt|bothers|keeps|wants|loopt|belt|[îi]l|o|le|[îi]i)\b)"
    ),
)
"""Without its capital, too, if a list knows the word."""
_KIN = re.compile(PERSON, re.IGNORECASE)
_APPOSED = re.compile(
    r"\b(?i:the\s(?:one|new\sone|girl|woman|other)|die|ăla|[ac]ea|cel|fata|(?:die|de)\snieuwe|the\snew\sgirl)(?:\s[\w'’-]{1,12}){0,3},\s(?P<name>[^\W\d_]{2,20}),\s[a-zăâîșț]"
)
_INITIAL = re.compile(
    rf"(?<![\w.])(?P<name>[A-Z]\.\s?{CAPITAL})(?=\s(?:from|van|de\sla)\s(?:the\s|de\s|het\s)?[a-zăâîșț]|,)"
)
NO_SMALL = frozenset(
    "will wil may mai mei art ana are sue drew chance promise hope joke spike chase grant gift rich happy lucky lovely pretty"
    " naughty curvy smiley sandy dusty rusty stormy sunny tiny foxy lief lieve mark bill may van den sam zus will winter"
    " summer spring autumn zomer lente herfst joy love mercy patience peace harmony dawn june april august victoria"
    " zon som star's dan ion an do vi da la sara vara iarna toamna lumina dulce draga dragă mama sora oli nur nok ine bas"
    " floare flori luna stea raza perla dor mira bob mos".split()
)
"""Words of every day that stand in such a frame as themselves."""
BEFORE = 60


def by_frame(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody by what is around, in any letters."""
    yield from _with_a_capital(text)
    for pattern in SMALL:
        for match in pattern.finditer(text):
            kin = match.groupdict().get("kin")
            if _is_small(match["name"]) and (kin is None or _KIN.fullmatch(kin)):
                yield match.span("name")
    for match in _APPOSED.finditer(text):
        if _is_apposed(match["name"]):
            yield match.span("name")
    yield from (match.span("name") for match in _INITIAL.finditer(text))


def _with_a_capital(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (*SURE, *LISTED):
        for match in pattern.finditer(text):
            group = next(group for group in match.groupdict() if match[group])
            if _fits(text, match, group, listed=pattern in LISTED):
                yield match.span(group)
    for pattern in KNOWN:
        for match in pattern.finditer(text):
            word = match["name"].split()[-1]
            known = (is_listed(word) and not rarely_a_name(word)) or a_surname(word)
            if known and "'" not in word and _fits(text, match, "name"):
                yield match.span("name")


def _fits(text: str, match: re.Match[str], group: str, *, listed: bool = False) -> bool:
    name = match[group]
    first = next((word for word in name.split() if word[0].isupper()), name)
    if sum(sign.isupper() for sign in first.split("-")[0]) > len("Mc"):
        return False
    saint = SAINT.search(text, max(0, match.start() - BEFORE), match.start(group))
    if len(name) == len("R."):
        return not listed
    if (
        saint
        or (first.lower() in ABSTRACT and match.re not in CALLED)
        or not may_be(name.removeprefix("the "), surely=True)
    ):
        return False
    return not listed or is_listed(first) or a_surname(first) or not heard_of(first)


def _is_small(word: str) -> bool:
    return word.islower() and is_listed(word) and word not in NO_SMALL | NO_ANSWER | COMMON


def _is_apposed(word: str) -> bool:
    lower = word.lower()
    if lower in NO_ANSWER | COMMON | OFFICES | PLACES:
        return False
    if word.islower():
        return only_a_name(word) or (is_listed(word) and word not in NO_SMALL)
    return is_listed(word) or word[0] in CAPITALS or word[0].isupper()
