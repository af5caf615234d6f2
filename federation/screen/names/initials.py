"""Somebody by one or two letters: M. asked, spoke to JB, mevrouw K."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import AFTER_MORE
from federation.screen.names.cues import AFTER, PERSON

_LETTERS = r"(?P<letters>[A-Z]\.?\s?[A-Z]\.?(?:\s?[A-Z]\.)?|[A-Z]\.?)(?![\w&/'’+]|-[A-Za-z0-9])"
_DOTTED = r"(?P<dotted>[A-Za-z]\.(?:\s?-?[A-Za-z]\.){0,2})(?!\w)"
_AFTER_SOMEBODY = (
    re.compile(
        rf"\b(?i:mr|mrs|ms|mx|miss|dr|mevr|mevrouw|mw|dhr|meneer|dl|dna|d-na|domnul|doamna|domnului|doamnei|zuster|nurse|sgt|agent|tante|oom|tanti|nea)\.?\s(?:(?:van|de|der|den)\s){{0,2}}{_LETTERS}"
    ),
    re.compile(
        r"\b(?i:initials|initial(?=:|\s(?:is|was)\s)|initialen|ini[tțţ]ial[ae](?:le)?|voorletters?|init\.)(?:\s(?:only|here|ei|lui|zijn|are|is|sunt|e|were|van|of|alleen|doar|her|haar|:)){0,3}:?\s(?!(?:or|of|en|if|in|on|at|to|by|as|is|it|we|no|so|do|he|ze|op|om|te|ja|nu|cu|de|pe|ce|[șs]i|s[ăa])\b)(?P<letters>[A-Za-z]\.?\s?(?:(?:and|en|[șs]i)\s)?[A-Za-z]\.?(?:\s?[A-Za-z]\.?)?)(?!\w)"
    ),
    re.compile(
        r"\b(?:spoke\s(?:to|with)|talked\s(?:to|with)|chat(?:ted)?\swith|met|saw|told|asked\sfor|called|texted|rang|reminded|heard\sfrom|handed\sover\sto|handover\sto|gesproken\smet|gebeld\smet|sprak|zag|belde|appte|gezegd\stegen|overgedragen\saan|vorbit\scu|discutat\scu|[îi]nt[âa]lnit\scu|predat\slui|lui|v[ăa]zut-o\spe|sunat-o\spe|pe)"
        rf"\s(?:{_DOTTED}|(?P<letters>[A-Z]{{2}}|[A-Z]\.\s?[A-Z]\.?|[A-Z](?=\s(?:about|again|today|who|re|over|weer|vandaag|die|despre|iar|azi|care)\b)))(?![\w&/'’+-])"
    ),
    re.compile(
        rf"\b(?:met|aan|with|for|from|voor|van|cu|pentru|de\sla)\s{_DOTTED}\s(?:over|gesproken|gebeld|gechat|geappt|gegeven|about|re|who|die|care|despre|uit|from|din|op|on)\b"
    ),
    re.compile(
        rf"\b(?i:{PERSON})(?:\s(?:called|named|genaamd|zekere|numit[ăa]?|ei|lui|lor|mea|meu|mijn|van\shaar))?,?\s(?P<letters>[A-Z]\.\s?[A-Z]?\.?|[A-Z]{{2}})(?=[\s,;:)])(?!\s?[0-9])"
    ),
)
_ALONE = re.compile(
    r"(?:\A|[.!?\n]\s)(?P<letters>[B-HJ-WYZ])(?=\s(?:said|says|told|texted|phoned|rang|cried|wants|needs|asked|vertelde|zei|zegt|wil|belde|appte|vroeg|huilde|mi-a|ne-a|a\s(?:zis|spus|sunat|pl[âa]ns)|vrea|zice|spune)\b)"
)
_BEFORE = re.compile(r"(?<![\w.&/+-])(?P<letters>[A-Z]\.?\s?[A-Z]\.|[A-Z]\.|[A-Z]{2})(?=\s|,|\s\()")
_NAMED_SO = re.compile(r"[A-Z]\w{2,20}\s\Z")
"""Erasmus MC."""
_ACTS = re.compile(
    r"\s(?:said|says|told|texted|phoned|rang|cried|complained|is\s(?:scared|pregnant|upset|worried|afraid|homeless|moving|crying)|was\s(?:scared|upset|crying|beaten|robbed|assaulted|tired)"
    r"|zei|zegt|vertelde|vertelt|appte|huilde|klaagde|belde|woont|is\s(?:bang|zwanger|moe|ziek)|was\s(?:bang|moe|boos|overstuur)|a\s(?:spus|zis|pl[âa]ns|povestit)|zice|spune|locuie[șs]te|pl[âa]nge|e\s(?:speriat[ăa]|obosit[ăa]|bolnav[ăa]|[îi]ns[ăa]rcinat[ăa]|gravid[ăa]))\b|\s\([1-6][0-9]\b|,\s[1-6][0-9]\b|\s(?:in|from|on|uit|op|din|van|de\sla)\s(?:the\s|de\s)?(?:room|flat|kamer|camera|nummer|number|apartament\w*)\b"
)
"""Only people do this, and offices that are known by two letters do not."""
_SIGNED = re.compile(
    r"(?:\A|\n|[.!?]\s)\s?(?:-{1,2}|/|x{1,3}|xo|love,?|groetjes,?|groet,?|gr\.?,?|liefs,?|cu\sdrag,?|pup,?|thanks,?|mersi,?)(?![^\W\d_])\s?(?P<letters>(?-i:[A-Z]\.?[A-Z]?\.?|[a-z]))\s?(?:x{1,3})?\Z",
    re.IGNORECASE,
)
NO_INITIALS = frozenset(
    "UK US USA UN EU PS NB AM PM BV NV DOB GP NI ID SOS NHS SA OK QA TV HIV CV SRL PFA CNP BSN DC FAQ SL VOF CIO PR HR IT AD BC STD STI RIP VIP CEO DJ NL RO IE GB NT OS"
    "".split()
)
_OFFICES = frozenset(
    "AW OF FB IG TG DM PB CI BT VA HB HO MP LA NA AN EN DE LE PO AA CA BR ING CP SW SE NE NW EC WC II IV VI IX XI PC DS DI WA AB BG PL TR RU UA BE FR ES CH AT HU SC XL XS XX XO"
    " PV IC CT MR GI UV EK WK GZ GG TB HS ST RD NR NO GV PX KM KG MG ML MB TB EX".split()
)

_INITIALS = re.compile(
    r"\b(?:initials|initialen|ini[tțţ]ialele|voorletters?)\b\s?(?:are|is|were|zijn|sunt|:|,)?\s?(?:only\s)?"
    r"(?P<name>(?:[A-Z]\.?\s?){2,4})(?![a-z])"
    r"|(?<![\w.])(?P<dotted>(?:[A-Z]\.\s?){2,3})(?![\w])"
)


def dotted_initials(text: str) -> Iterator[tuple[int, int]]:
    """Find letters with dots, whatever is around them, and those that are said to be initials."""
    for match in _INITIALS.finditer(text):
        name = "name" if match["name"] else "dotted"
        if _are_initials(match[name]):
            yield match.start(name), match.start(name) + len(match[name].rstrip())


def initials(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody of whom one or two letters stand."""
    for pattern in _AFTER_SOMEBODY:
        for match in pattern.finditer(text):
            group = next(group for group in match.groupdict() if match[group])
            if _are_initials(match[group]):
                yield match.span(group)
    for match in _BEFORE.finditer(text):
        if _NAMED_SO.search(text, max(0, match.start() - len("Erasmus ") * 3), match.start()):
            continue
        acts = _ACTS.match(text, match.end())
        dotted = "." in match["letters"] and (
            AFTER.match(text, match.end()) or AFTER_MORE.match(text, match.end())
        )
        if (acts or dotted) and _are_initials(match["letters"]):
            yield match.span("letters")
    yield from (match.span("letters") for match in _ALONE.finditer(text))
    for match in _SIGNED.finditer(text):
        if _are_initials(match["letters"]):
            yield match.span("letters")


def _are_initials(letters: str) -> bool:
    bare = re.sub(r"[^A-Z]", "", letters.upper())
    return bare not in NO_INITIALS and ("." in letters or bare not in _OFFICES)
