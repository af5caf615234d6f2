"""Numbers by which a state, a court or a bank knows one person."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from federation.screen.numbers.days import MONTHS
from federation.screen.numbers.papers import COUNTED, LINES, papers
from federation.screen.numbers.told import NOT_ONE, Run

_NINO = re.compile(
    r"(?<![A-Za-z0-9])[A-CEGHJ-TW-Z] ?[A-CEGHJ-NP-TW-Z][ .-]?(?:[0-9][ .-]?){6}[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CNP = re.compile(
    r"(?<![0-9])[1-8][ -]?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[ -]?[0-9]{6}(?![0-9])"
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MD|MT|NL|NO|PL|PT|RO|SE|SI|SK|TR|UA)"
    r"[ .-]?[0-9]{2}(?:[ .-]{0,2}[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PPS = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9][ -])[0-9]{7}(?: ?[A-W][A-IW]?|[a-w][a-iw]?)(?![A-Za-z0-9])"
)
_SORTED = re.compile(
    r"(?<![0-9-])[0-9]{2}(?P<by>[-./ ])[0-9]{2}(?P=by)[0-9]{2}\W{1,3}(?:\w{1,8}\W{1,2}){0,2}?"
    r"(?:[0-9]{4} ?[0-9]{4}|[0-9]{3} [0-9]{3} [0-9]{2})(?![0-9])"
)
_LICENCE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z9]{5} ?[0-9]{6} ?[A-Z9]{2}[A-Z0-9]{3}|[a-z9]{5}[0-9]{6}[a-z9]{2}[a-z0-9]{3})(?![A-Za-z0-9])"
)
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ .-]?[0-9]{4}){3}(?![0-9])")
_TAX = re.compile(r"(?<![A-Za-z0-9])NL ?[0-9]{9} ?B ?[0-9]{2}(?![A-Za-z0-9])", re.IGNORECASE)
_CODED = re.compile(r"(?<![\w./#-])(?=[0-9]*[A-Z])(?=(?:[A-Z]*[0-9]){6})[A-Z0-9]{8,16}(?![\w/-])")
"""Capitals and many figures in one word."""
_OF_A_THING = re.compile(
    r"\b(?:order|invoice|ticket|track\w*|version|model|serial|isbn|issn|ean|barcode|part|item|product|batch|lot|charity|company|registered|rsin|cui|cif|factuur\w*|bestel\w*|artikel\w*|pakket\w*|kvk\w*|serie\w*nummer"
    r"|comand[ăa]\w*|factur[ăa]\w*|colet\w*|awb|build|error|fout\w*|eroare|meeting|zoom|webinar|teams|grant|funding|subsidie\w*|licitat\w*|proiect\w*)\b[^.!?\n]{0,20}\Z",
    re.IGNORECASE,
)
"""Things and organisations have long numbers, too."""
_DUTCH_PAPER = re.compile(
    r"(?<![\w./#-])(?=(?:[A-Z]*[0-9]){3})[A-NP-Z]{2}[A-NP-Z0-9]{6}[0-9](?![\w/-])"
)
_CASE = re.compile(
    r"\b(?:case|incident|zaak|cauz[aăe]|sesiz[aă]r\w*|pl[âa]nger\w*)(?:\W{1,2}(?:nr|no|number))?\W{1,2}(?P<id>(?=(?:[A-Z]*[0-9]){5})[A-Z0-9]{7,12}|[A-Z]{1,4}[ /-]?[0-9]{3,8}(?:[/-][A-Z0-9]{1,8}){0,2}|[0-9]{2,8}(?:[/-][A-Z0-9]{2,8}){1,3})(?![\w/-])"
)
"""By which a court or the police keeps what is about somebody; in figures with a line between."""
_PLATE = re.compile(
    r"(?<![\w./-])(?:[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[1-7][0-9]) ?[A-HJ-PR-Z]{3}|(?:B|A[BGR]|B[CHNRTVZ]|C[JLSTV]|D[BJ]|G[JLR]|H[DR]|I[FLS]|M[HMS]|NT|OT|P[HH]|S[BJMV]|T[LMR]|V[LNS])[ -]?[0-9]{2,3}[ -]?[A-Z]{3}"
    r"|(?=[A-Z0-9-]{8}(?![\w-]))(?=[0-9-]*[A-Z])(?=[A-Z-]*[0-9])(?:[A-Z]{1,3}|[0-9]{1,3})-(?:[A-Z]{2,3}|[0-9]{2,3})-(?:[A-Z]{1,3}|[0-9]{1,3}))(?![\w-])"
)
"""Of cars, in the three countries."""
_PLATE_SMALL = re.compile(
    r"(?<![\w./-])(?:[a-z]{2}[0-9]{2} ?[a-z]{3}|(?:b|[a-z]{2})[ -]?[0-9]{2,3}[ -]?[a-z]{3}|[a-z]{1,3}-[0-9]{1,3}-[a-z]{1,3}|[0-9]{1,3}-[a-z]{2,3}-[0-9]{1,3}|[0-9]{2}-[a-z]{2}-[a-z]{2}|[a-z]{2}[ -]?[0-9]{3}[ -]?[a-z]|[a-z][ -]?[0-9]{3}[ -]?[a-z]{2}|[0-9]{1,2}(?P<line>-?)[a-z]{3}(?P=line)[0-9]{1,2})(?![\w-])",
    re.IGNORECASE,
)
_CAR = re.compile(
    r"\b(?:reg(?:istration)?|plates?|cars?|kenteken\w*|nummerplaat|auto|[îi]nmatricul\w*|ma[sșş]in\w*|pl[ăa]cu[țţt]\w*"
    r"|golf|polo|corsa|fiesta|focus|astra|clio|bmw|audi|mercedes|opel|ford|vw|dacia|logan|skoda|toyota|volvo|renault|peugeot|fiat|seat|citroen|tesla|kia)\b[^.!?\n0-9]{0,25}\Z",
    re.IGNORECASE,
)
_OF_A_CAR = re.compile(
    r"\W{1,2}(?:(?:is|was|e|este|\()\W{0,2})?(?:(?:his|her|the|zijn|haar|het|de)\s)?(?:plates?|reg|car|kenteken|auto|nummerplaat|num[ăa]rul\sma[sșş]inii)\b",
    re.IGNORECASE,
)
_LOGGED = re.compile(
    rf"(?<![\w/])(?!999|1[01][0-9]\b)[0-9]{{3,6}}(?:,? (?:of|van|din) |/)[0-9]{{1,2}}(?:[./-][0-9]{{1,2}}(?:[./-][0-9]{{2,4}})?|[ -]?{MONTHS}\.?(?:[ -]?(?:20)?[0-9]{{2}})?)(?![\w/])",
    re.IGNORECASE,
)
_LOG_CUE = re.compile(
    r"\b(?:logs?|logged|cad|incident|police|politie|melding|mutatie|aangifte|pv|pl[âa]nger\w+|sesiz\w+|proces[ -]verbal|dosar\w*|crime|101)\b[^.!?\n0-9]{0,25}\Z",
    re.IGNORECASE,
)
"""What the police wrote down under a number, on a day."""
_ABROAD = re.compile(
    r"(?<![\w.-])(?:[0-9]{3}[.][0-9]{3}[.][0-9]{3}-[0-9]{2}|[0-9]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9])(?![\w-])"
)
"""Numbers of persons in Brazil and Thailand."""
_FILE = re.compile(
    r"(?<![\w/])(?:[A-Z]/)?[0-9]{3,8}/(?:[A-Z0-9]{1,4}/)?(?:19|20)[0-9]{2}(?![\w/])|(?<![\w/])[0-9]{2,6} (?:of|van|din) [0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}"
)
_FILE_CUE = re.compile(
    r"\b(?:dosar\w*|cauz[aăe]\w*|proces\w*|plâng\w*|pl[âa]ngere\w*|sesiz\w*|case|court|crime|log|file|zaak\w*|dossier\w*|aangifte\w*|caz(?:ul)?)\b(?:nr\.|no\.|[^.!?]){0,25}\Z",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:lege\w*|ordin\w*|ordonan\w*|oug|hg|og|wet|act|regulation|reg)\W{1,3}(?:nr\W{1,2})?\Z",
    re.IGNORECASE,
)
"""A file of a court or of the police, by its number and year."""
_SERIES = re.compile(r"(?<![\w.])[A-Z]{2} ?(?:nr\.? ?|num[ăa]r(?:ul)? ?)?[0-9]{6}(?![\w])")
_LETTERED = re.compile(
    r"(?<![\w./#-])(?:[A-Z]{2}[0-9]{7,9}|[A-Z]{2}[A-Z0-9]{2}[0-9]{5}|[A-Z]{2}[0-9]{5}[A-Z][0-9])(?![\w-])"
)
"""Passports and permits of several countries."""
FEWEST_OF_A_BANK = 8
FEWEST = 5
"""Figures in a number that is somebody's, unless many letters are with them; a year has fewer."""
_OF = (
    r"(?:number|nummer|nr|from|council|gemeente|asisten\w+|prim[ăa]ri\w+|hostel|uwv|no|num|num[ăa]r(?:ul)?|code|cod|ref(?:erence)?|kenmerk|id|card|kaart|is|was|are|as|of|van|the|de|het|la|din|pe|on|op|in|e|este|ei|lui|her|his|my|haar|zijn|mijn|meu|mea"
    r"|seria|seri[ei]|starts|begint|ends|eindigt|with|met|cu|which|that|new|nieuw\w*|nou[ăa]?|personal|police|politie|court|at\sthe|rechtbank|tribunal|auto|bancar|zelf|haarzelf|herself|british|dutch|romanian|he|she|gave|has|it|it's|its|s|a|fi)"
)
_DOCUMENT = (
    r"(?:bsn\w*|burger\s?service\w*|sofi\w*|cnp\w*|reference|ref|kenmerk|referin[țt]\w+|c\.n\.p|idnp|cod(?:ul)?\snumeric\w*|nhs|chi|pas?s?s?port\w*|pa[sș]aport\w*|paspoort\w*|pas?nummer"
    r"|nat(?:ional|ionl|\.)?\s?ins(?:urance|\.)?|n\.?i\.?|nino|pps\w{0,2}|seria|buletin\w*|carte\w*\sde\sidentitate|acte?\sde\sidentitate(?:\s[A-Z]{2}\b)?|c\.?i|id(?:-?\w*|entit\w*)|identiteit\w*"
    r"|rijbewijs\w*|permis\w*(?:\sauto|\sde\s(?:[sș]edere|conducere|munc[ăa]))?|carnet\w*|verblijfs?\w*|v-?nummer|v-?nr|vreemdeling\w*|ind|document\w*|driv(?:ing|er\W?s)\slicen[cs]e|licen[cs]e|brp|biometric"
    r"|residence|visa|viza|utr|account|rekening\w*|cont(?:ul)?|sort\scode|iban|card(?:ul)?|kaartnummer|policy|polis\w*|poli[țt][aăe]\w*|zorgpas\w*|dossier\w*|dosar\w*|cui|urn"
    r"|ho\sref|home\soffice|share\scode|evisa|arc|aangifte\w*|pv|proces[ -]verbaal|zaak\w*|parketnummer|(?:haar|mijn|zijn)\skvk(?:\W?n\w+)?|kvk(?:\W?n\w+)?\svan\s(?:haar|hem|mij)\w*|btw\W?\w*|patient\w*|pati[eë]nt\w*|ppsn|digid|parket(?:nummer|nr)?|(?:cli[eë]nt|klant|pati[eë]nt|dossier|polis|contract|lid|personeels|kaart|zaak|huur)-?(?:nummer|nr)|reisdocument|travel\sdocument|rolnummer|rol\s?nr|huurcontract|nif|fi[șs][ăa]|marc[ăa]|custody\srecord|proces\sverbal|acct?|rek(?:nr)?|contract\s(?:chirie|de\s[îi]nchiriere)|kvk\s\w{3,15}\svan\s(?:haar|hem)|clientnummer|klantnummer|matricol[ăa]?|legitima[țt]i\w*)"
)
_PAPER = (
    r"(?:acc|acct|payroll|staff|personeels|cli[eë]nt|pati[eë]nt|uwv|case|crime|incident|log|custody|court|prison|police|tax|insurance|ind|hospital|clinic|client|membership|contract|tenancy|huur\w*|sesiz[ăa]r\w*|policy|poli[țt][aăe]|asigur[aă]r\w*|medical|claim(?:ant)?|universal\scredit|uc|card\w*\sde\ss[ăa]n[ăa]tate|politie|zorg\w*|pas|kaart)"
    r"\W{1,3}(?:\w{1,8}\W{1,3}){0,2}?(?:number|nummer|nr|no|num[ăa]r(?:ul)?|ref(?:erence)?|kenmerk|code|id)"
)
"""Words that say little, and that a number follows."""
_NO_COUNT = r"(?!\w|[ .,]?(?:[£€$%]|euro?s?\b|lei\b|ron\b|de\b|pounds?\b|hours?\b|uur\b))"
_NUMBERED = re.compile(
    rf"(?<!meeting )(?<!zoom )\b(?:{_DOCUMENT}|(?P<paper>{_PAPER}))(?:-ul|-u)?\b(?:\W{{0,3}}{_OF}\b){{0,6}}[^\w£€$+]{{0,3}}"
    r"(?P<id>\+?[A-Z]{0,6}(?:[ .-]?(?:nr|no|num[ăa]rul?))?[ ./-]{0,2}(?!(?<![A-Z])(?:080[08]|0900|116[ ]?[0-9]{3}))[0-9][0-9A-Z]*(?:[ ./:-]{1,2}[A-Z]{0,4}[0-9][0-9A-Z]*){0,7}(?:[ ./-]?[A-Z]{1,2})?)"
    rf"{_NO_COUNT}",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"\b(?:{_DOCUMENT}|{_PAPER})(?:-ul|-u)?\b(?:\W{{0,3}}{_OF}\b){{0,6}}\W{{0,3}}\Z", re.IGNORECASE
)
_DATED = re.compile(
    r"\W*(?:(?:0?[1-9]|[12][0-9]|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|(?:19|20)[0-9]{2}(?:[ /-]{1,3}(?:19|20)?[0-9]{2}){1,3})\W*\Z"
)
"""A date, or some years, after a word for a document: until when a visa is good."""
_YEARS = re.compile(r"(?:19|20)[0-9]{2}")
_OF_NO_ONE = re.compile(
    r"(?:event|session|sessie|vergadering|meeting|device|app|post|page|video|booking|job|vacan\w+|asset|item|product|order|ticket|zoom|teams|[șsş]edin[țtţ]\w*|grant|funding|project|report|study|petition|publication|leaflet|poster|course|training|subsidie|vacature|rapport|folder|cursus|proiect\w*|raport\w*|pliant\w*|curs\w*)[ -]\Z",
    re.IGNORECASE,
)
"""What has an ID or a reference and is nobody."""
SMALL = "abcdefghijklmnopqrstuvwxyz "
LONGEST_CUE = 70
_OF_A_MACHINE = re.compile(r"\b(?:error|eroare|fout\w*|build|exit)\b", re.IGNORECASE)
DICTATED = 6
COUNTING = "0123456789"
LONG, GROUP = 9, 3
"""So many figures stand in nothing but numbers of somebody, alone or in groups of three and more."""
_SERIES_CUE = re.compile(
    r"\b(?:seria|serie|buletin\w*|c\.?i\.?|carte\w*\sde\sidentitate|act\w*|identitate|id|card)\b[^.!?\n]{0,25}\Z",
    re.IGNORECASE,
)


CUED = (
    (_SERIES, _SERIES_CUE),
    (_FILE, _FILE_CUE),
    (_LOGGED, _LOG_CUE),
    (_PLATE_SMALL, _CAR),
)


def identities(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find numbers by which a state, a court or a bank knows one person."""
    for pattern in (_NINO, _CNP, _PPS, _SORTED, _LICENCE, _CARD, _LETTERED, _TAX, _PLATE, _ABROAD):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span("id") for match in _NUMBERED.finditer(text) if _numbers(match))
    yield from papers(text)
    yield from _with_figures(text)
    yield from _in_files(text)
    yield from _told(text, numbers)


def _with_figures(text: str) -> Iterator[tuple[int, int]]:
    """Find what only many figures tell from a word, and from the number of a thing."""
    for pattern, fewest in ((_IBAN, FEWEST_OF_A_BANK), (_CASE, FEWEST)):
        for match in pattern.finditer(text):
            group = "id" if pattern is _CASE else 0
            figures = sum(sign.isdigit() for sign in match[group]) >= fewest
            if figures or (pattern is _IBAN and _adds_up(match[0])):
                yield match.span(group)
    yield from (
        match.span() for match in _PLATE_SMALL.finditer(text) if _OF_A_CAR.match(text, match.end())
    )
    for pattern in (_CODED, _DUTCH_PAPER):
        for match in pattern.finditer(text):
            if not _of_a_thing(text, match.start()):
                yield match.span()


def _adds_up(iban: str) -> bool:
    """Tell an account by the sum that its first figures check."""
    signs = "".join(sign for sign in iban if sign.isalnum())
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def _in_files(text: str) -> Iterator[tuple[int, int]]:
    """Find series and files by the word before them."""
    for pattern, cue in CUED:
        for match in pattern.finditer(text):
            before = max(0, match.start() - LONGEST_CUE), match.start()
            of_a_law = pattern is _FILE and _LAW.search(text, *before)
            if cue.search(text, *before) and not of_a_law:
                yield match.span()


def _of_a_thing(text: str, start: int) -> bool:
    return _OF_A_THING.search(text, max(0, start - LONGEST_CUE), start) is not None


def _numbers(match: re.Match[str]) -> bool:
    """Tell a number of somebody from a date, a year or a count after the same words."""
    found = match["id"]
    figures = sum(sign.isdigit() for sign in found)
    letters = sum(sign.isalpha() for sign in found)
    few = figures == FEWEST - 1 and letters >= len("SPE")
    mixed = figures > 1 and letters > 1 and figures + letters > FEWEST + 1 and found.isupper()
    counted = not letters and COUNTED.match(match.string, match.end("id"))
    line = found[0] in SMALL and found.lstrip(SMALL).startswith(LINES)
    of_no_one = _OF_NO_ONE.search(match.string, max(0, match.start() - GROUP * LONG), match.start())
    if of_no_one or counted or line or _OF_A_MACHINE.search(match.group()):
        return False
    first = match.end("id") - len(found.lstrip(SMALL))
    dated = _DATED.match(found.lstrip(SMALL)) or NOT_ONE.match(match.string, first)
    return bool(figures >= FEWEST or few or mixed) and not dated


def _told(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find long numbers whatever they are, and shorter ones in words after a document's name."""
    for run in numbers:
        start, end = run[0].start, run[-1].end
        told = any(piece.spelled for piece in run) and _count(run) > FEWEST
        cued = told and _TOLD.search(text, max(0, start - LONGEST_CUE), start)
        if cued or _is_long(text, run) or _is_dictated(run):
            yield start, end


def _is_long(text: str, run: Run) -> bool:
    """Tell a long number from years, hours and counts beside one another, and from a public line."""
    if run[0].digits[0] == "0" or run[0].plus or _count(run) < LONG:
        return False
    if any(len(piece.digits) < GROUP or piece.spelled for piece in run):
        return False
    if all(_YEARS.fullmatch(piece.digits) for piece in run):
        return False
    steps = {int(two.digits) - int(one.digits) for one, two in pairwise(run)}
    rooms = len(run) > len(("101", "102")) and len(steps) == 1
    between = [text[one.end : two.start] for one, two in pairwise(run)]
    # one point alone is a version's, or an amount's: 22631.4037
    if rooms or between == ["."] or _of_a_thing(text, run[0].start):
        return False
    return all(signs in {" ", "-", "."} for signs in between)


def _is_dictated(run: Run) -> bool:
    """Tell whether somebody says one figure after the other."""
    alone = all(piece.spelled and len(piece.digits) == 1 for piece in run)
    return len(run) > DICTATED and alone and "".join(p.digits for p in run) not in COUNTING


def _count(run: Run) -> int:
    return sum(len(piece.digits) for piece in run)
