"""Numbers beside the word for a paper, however they are divided and on whichever side it stands."""

import re
from collections.abc import Iterator
from itertools import pairwise

from federation.screen.numbers.told import NOT_ONE

_PAPER = (
    r"(?:pas+port\w*|ni(?=:)|pp(?=\s(?:no|nr|number)\b)|travel\sdocument|n\.?i\.?(?=\s(?:number|no|nr)\b)|nino|nat(?:ional|\.)?\s?ins(?:urance|\.)?|insurance\s(?:number|no)\.?(?:\son\s\w+\s\w+)?"
    r"|nhs\s(?:number|no)|nhs(?=\s(?:is|letter|card)\b)|hospital\s(?:number|no)|brp|uan|biometric\s\w+|residence\s(?:permit|card)|e-?visa|visa|utr|id\s(?:card|number|no)|identity\scard"
    r"|driv\w+\slicen[cs]e|bank\saccount|account|acc(?:t|\sno)?|a/c|sort(?:\scode)?|s/c"
    r"|paspoort\w*|pas-?(?:nr|nummer)|id-?kaart\w*|identiteits\w+|document-?(?:nr|nummer)|rijbewijs\w*|bsn\w*|b\.s\.n\.?|burgerservice\w*|sofi-?\w*|v-?(?:nr|nummer)|vreemdelingen\w+|verblijfs\w+|w-document|ind-?(?:nr|nummer)"
    r"|polis-?(?:nr|nummer)|zorg(?:pas|nummer|verzekering)|(?:pati[eë]nt|cli[eë]nt|klant|dossier)-?(?:nr|nummer)|(?:bank|giro|spaar)?rekening\w*|(?:haar|zijn|mijn)\skvk|kvk\W?n\w+\svan\s(?:haar|hem|mij)"
    r"|pa[sșş]apor\w+|buletin\w*|carte\w*(?:\s(?:ei|lui))?\sde\sidentitate|act\w*\sde\sidentitate|c\.?i\.?(?:\sseria)?|seria|cnp(?:\W?ul)?|c\.n\.p\.?|cod\w*\snumeric\w*|permis\w*(?:\sde\s(?:[sșş]edere|munc[ăa]|conducere))?|viz[ăa]|viza"
    r"|card\w*\sde\ss[ăa]n[ăa]tate|cod\w*\sasigurat|nr\.?\sasigurat|dosar\s\w{2,4}|cont(?:ul)?)"
)
_PERSONAL = (
    r"(?:client|customer|case|patient|claim(?:ant)?|tenan\w+|housing|prison\w*|inmate|student|pupil|member\w*|policy|incident|crime|police|hospital|clinic|medical|health|file|staff|employee|payroll|personal|application"
    r"|asylum|immigration|tax(?:payer)?|benefits?|insurance|security|card|licen[cs]e|permit|court|custody|arrest|probation|resident|driver|home\soffice|ho|account|acc|passport|nhs|ni|complaint|pension|certificate|document|dvla|gwf|ppt|bank|loan|rent"
    r"|cli[eë]nt|klant|pati[eë]nt|dossier|zaaks?|polis|verzeker\w*|lid(?:maatschaps?)?|leerling|personeels?|werknemers?|burger\w*|vreemdelingen|ind|paspoort|pas|kaart|rijbewijs|aangiftes?|verbaal|pv|mutatie|meldings?|parket|rol|zorg\w*|huur\w*|contract"
    r"|uitkerings?|uwv|bijstands?|inschrijf|aanvraag|visum|reis\w*|pensioen|inwoner|gevangenis|detentie|bvh|coa|nota-?)"
)
_PERSONALE = (
    r"(?:client\w*|pacient\w*|asigurat\w*|beneficiar\w*|abonat\w*|membru\w*|elev\w*|student\w*|matricol\w*|fi[sșş]\w*|caz\w*|dosar\w*|pl[âa]nger\w*|sesiz\w*|poli[tțţ]\w*|contract\w*|legitima\w*|permis\w*|viz[ăae]\w*|pa[sșş]apor\w*|buletin\w*"
    r"|act\w*|card\w*|cont\w*|marc[ăa]\w*|angajat\w*|de[tțţ]inut\w*|azil\w*|cerer\w*|pensi\w*|persona\w*|identi\w*|certificat\w*|[îi]nregistrare)"
)
_NUMBERED = (
    rf"(?:{_PERSONAL}[\s-]?(?:number|nummer|nr|kenmerk)|{_PERSONAL}[\s-](?:ref(?:erence)?|id|no))(?![^\W_])\.?"
    rf"|(?:num[ăa]r(?:ul)?|nr\.?|cod(?:ul)?|id(?:-ul)?|serie)\s(?:de\s)?{_PERSONALE}(?:\spenal)?"
    r"|fi[sșş][aăe]\w*\spacient\w*|poli[tțţ]a(?:\s(?:ei|lui|de\sasigurare))?|contract(?:ul)?\s\w{2,10}|mrn|crn|caz(?:ul)?\snr\.?|dosar\w*\snr\.?|pl[âa]nger\w+(?:\snr\.?)?|sesiz\w+(?:\snr\.?)?"
)
"""A number of somebody's, by what it is of."""
_PART = r"(?:[A-Z]{0,4}[0-9][A-Z0-9]*)"
_SPLIT = r"(?: ?[-./,] ?| )"
_NUMBER = rf"(?P<id>(?:(?-i:[A-Z]{{1,2}}){_SPLIT}){{0,2}}(?:(?-i:[A-Z]{{2,4}})[ -])?{_PART}(?:{_SPLIT}{_PART}){{0,12}}(?:{_SPLIT}?[A-Z](?![A-Za-z]))?)(?!\w)"
_BEFORE = re.compile(
    rf"(?<![\w./-])(?:(?P<of>{_NUMBERED})|{_PAPER})(?!\w)\.?(?!\s(?:office|helpline|helpdesk|line|unit|team|kantoor|balie|lijn)\b)[^.!?0-9;]{{0,30}}?(?<![\w+£€$.-]){_NUMBER}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?<![\w+£€$./-]){_NUMBER}\W{{1,2}}(?:(?:is|was|as|e|este|are|for|van|on|op|pe|in|[îi]n|the|her|his|my|de|het|haar|zijn|mijn|num[ăa]rul|nr)\W{{1,2}}){{0,3}}(?:new\s|nieuwe?\s|old\s|oude?\s|noul?\s)?(?:[^\W\d_]{{2,12}}\s)?(?:(?P<of>{_NUMBERED})|{_PAPER})(?!\w)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])[./ -]{1,3}(?:0?[1-9]|1[0-2])[./ -]{1,3}(?:(?:19|20)?[0-9]{2})|(?:19|20)[0-9]{2}(?:[-./ ,]{1,3}(?:19|20)?[0-9]{2}){0,3}"
)
"""Until when a paper is good, or the years of it."""
FEWEST = 6
LETTERED = 5
MIXED = 8
"""So many figures, or one fewer among capitals in what is as long as a paper's number."""
LINES = ("080", "090", "030", "088", "0345", "116", "14 0")
"""By these begin lines of offices, which stand beside the same words."""
ROUND = "000"
SHORTEST = len("4471")
"""Figures of a client's number, where it is called one."""
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_OF_A_TOWN = re.compile("0[1-5][0-9]{8,9}")
"""A fixed line, which is somebody's or not by what the rules of telephones say."""
_ENOUGH = re.compile(r"(?:[0-9][^0-9]{0,9}){4}")
COUNTED = re.compile(
    r" (?:de )?(?:calls|texts|times|people|messages|visits|chats|e-?mails|leaflets|condoms|minutes|hours|contacts|views|mensen|berichten|keer|bezoek\w*|stuks|folders|contacten"
    r"|weergaven|inwoners|condooms|apeluri|mesaje|ori|persoane|oameni|vizite|vizualiz\w*|pliante|minute|ore|contacte|locuitori|prezervative)\b",
    re.IGNORECASE,
)
"""How many there were."""


def papers(text: str) -> Iterator[tuple[int, int]]:
    """Find what has figures enough for somebody's paper, right before or after what it is."""
    if not _ENOUGH.search(text):
        return
    for pattern in (_BEFORE, _AFTER):
        for match in pattern.finditer(text):
            if _is_one(match):
                yield match.span("id")


def _is_one(match: re.Match[str]) -> bool:
    found = match["id"]
    figures = "".join(sign for sign in found if sign.isdigit())
    letters = sum(sign.isalpha() for sign in found)
    if _WHEN.fullmatch(found) or NOT_ONE.match(match.string, match.start("id")):
        return False
    if _OF_A_TOWN.fullmatch(figures) and not letters:
        return False
    if found.startswith(LINES) or figures.endswith(ROUND) or (not letters and _in_steps(found)):
        return False
    if not letters and COUNTED.match(match.string, match.end("id")):
        return False
    if match["of"] and len(figures) == SHORTEST and not _YEAR.fullmatch(figures):
        return match["of"][-1:].lower() in "rnsod." and len(found) == SHORTEST
    mixed = found.isupper() and letters > 1 and len(figures) + letters >= MIXED
    return len(figures) >= (LETTERED - mixed if letters else FEWEST)


def _in_steps(found: str) -> bool:
    """Tell rooms or days one after the other: 101, 102, 103."""
    parts = [int(part) for part in re.findall(r"[0-9]+", found)]
    steps = {two - one for one, two in pairwise(parts)}
    return len(parts) > len(("101", "102")) and len(steps) == 1
