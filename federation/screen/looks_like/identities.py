"""Numbers by which a state or a bank knows one person."""

import re
from collections.abc import Iterator

_NINO = re.compile(
    r"(?<![A-Za-z0-9])[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z][ -]?(?:[0-9][ -]?){6}[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CNP = re.compile(
    r"(?<![0-9])[1-8][0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{6}(?![0-9])"
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MD|MT|NL|NO|PL|PT|RO|SE|SI|SK|TR|UA)"
    r"[ .-]?[0-9]{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PPS = re.compile(r"(?<![A-Za-z0-9])[0-9]{7} ?[A-W][A-IW]?(?![A-Za-z0-9])", re.IGNORECASE)
_SORTED = re.compile(
    r"(?<![0-9-])[0-9]{2}-[0-9]{2}-[0-9]{2}\W{1,3}(?:\w{1,8}\W{1,2}){0,2}?[0-9]{8}(?![0-9])"
)
_LICENCE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z9]{5} ?[0-9]{6} ?[A-Z9]{2}[A-Z0-9]{3}(?![A-Za-z0-9])", re.IGNORECASE
)
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){3}(?![0-9])")
_SERIES = re.compile(r"(?<![\w.])[A-Z]{2} ?(?:nr\.? ?|num[ăa]r(?:ul)? ?)?[0-9]{6}(?![\w])")
_LETTERED = re.compile(
    r"(?<![\w./#-])(?:[A-Z]{2}[0-9]{7,9}|[A-Z]{2}[A-Z0-9]{2}[0-9]{5}|[A-Z]{2}[0-9]{5}[A-Z][0-9])(?![\w-])"
)
"""Passports and permits of several countries."""
FEWEST = 5
"""Figures in a number that is somebody's, unless many letters are with them; a year has fewer."""
_NUMBERED = re.compile(
    r"\b(?:bsn|burgerservicenummer|sofi(?:-?nummer)?|cnp|cod(?:ul)? numeric(?: personal)?|nhs(?: number| no| nr)?|pp|pass?port(?:ul|nummer)?(?: number| no)?|pa[sș]aport(?:ul)?|paspoort(?:nummer)?"
    r"|national insurance(?: number| no)?|ni(?:no)?(?: number| no)?|pps(?:n)?(?: number| no)?|seria|buletin(?:ul)?|carte(?:a)? de identitate|c\.?i\.?|id(?:-?kaart| card| number| no|nummer)?|identiteitskaart|rijbewijs(?:nummer)?|permis(?:ul)?(?: de (?:[sș]edere|conducere|munc[ăa]))?|carnet(?:ul)?(?: de conducere)?"
    r"|verblijfs(?:vergunning|document)(?:nummer)?|v-?nummer|document(?:nummer| number| no)?|driving licen[cs]e|licen[cs]e(?: number| no)?|brp|biometric(?: residence)?(?: permit)?|visa(?: number| no)?|utr|account(?: number| no)?"
    r"|acc(?:ount)? (?:nr|no)|rekening(?:nummer)?|cont(?:ul)?|sort code|iban|card(?:ul| number| no)?|kaartnummer|polis(?:nummer)?|dossier(?:nummer)?|cui|urn|ho ref(?:erence)?|home office ref(?:erence)?)(?:-ul|-u)?\b"
    r"\W{0,3}(?:(?:is|nr|no|num|number|nummer|num[ăa]rul?|e|este|ei|lui|her|haar|of|van|the|seria|serie|in|on|are|as|starts|with|was|ends)\b\W{0,2}){0,4}"
    r"(?P<id>[A-Z]{0,5}(?:[ .-]?(?:nr|num[ăa]rul?))?[ .-]?[0-9][0-9A-Z]*(?:[ .-]{1,2}[A-Z]{0,4}[0-9][0-9A-Z]*){0,7}(?:[ .-]?[A-Z]{1,2})?)(?!\w)",
    re.IGNORECASE,
)
_SERIES_CUE = re.compile(
    r"\b(?:seria|serie|buletin\w*|c\.?i\.?|carte\w*\sde\sidentitate|act\w*|identitate|id|card)\b[^.!?\n]{0,25}\Z",
    re.IGNORECASE,
)


def identities(text: str) -> Iterator[tuple[int, int]]:
    """Find numbers by which a state or a bank knows one person."""
    for pattern in (_NINO, _CNP, _IBAN, _PPS, _SORTED, _LICENCE, _CARD, _LETTERED):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _NUMBERED.finditer(text):
        figures = sum(sign.isdigit() for sign in match["id"])
        letters = sum(sign.isalpha() for sign in match["id"])
        if figures >= FEWEST or (figures == FEWEST - 1 and letters >= len("SPE")):
            yield match.span("id")
    for match in _SERIES.finditer(text):
        if _SERIES_CUE.search(
            text, max(0, match.start() - len("carte de identitate cu seria ")), match.start()
        ):
            yield match.span()
