"""Numbers beside the word for a paper, however they are divided and on whichever side it stands."""

import re
from collections.abc import Iterator
from itertools import pairwise

from federation.screen.looks_like.told_numbers import NOT_ONE

_PAPER = (
    r"(?:pas+port\w*|ni(?=:)|pp(?=\s(?:no|nr|number)\b)|travel\sdocument|n\.?i\.?(?=\s(?:number|no|nr)\b)|nino|nat(?:ional|\.)?\s?ins(?:urance|\.)?|insurance\s(?:number|no)\.?(?:\son\s\w+\s\w+)?"
    r"|nhs\s(?:number|no)|nhs(?=\s(?:is|letter|card)\b)|hospital\s(?:number|no)|brp|uan|biometric\s\w+|residence\s(?:permit|card)|e-?visa|visa|utr|id\s(?:card|number|no)|identity\scard"
    r"|driv\w+\slicen[cs]e|bank\saccount|account|acc(?:t|\sno)?|a/c|sort(?:\scode)?|s/c"
    r"|paspoort\w*|pas-?(?:nr|nummer)|id-?kaart\w*|identiteits\w+|document-?(?:nr|nummer)|rijbewijs\w*|bsn\w*|b\.s\.n\.?|burgerservice\w*|sofi-?\w*|v-?(?:nr|nummer)|vreemdelingen\w+|verblijfs\w+|w-document|ind-?(?:nr|nummer)"
    r"|polis-?(?:nr|nummer)|zorg(?:pas|nummer|verzekering)|(?:pati[eë]nt|cli[eë]nt|klant|dossier)-?(?:nr|nummer)|(?:bank|giro|spaar)?rekening\w*|(?:haar|zijn|mijn)\skvk|kvk\W?n\w+\svan\s(?:haar|hem|mij)"
    r"|pa[sșş]apor\w+|buletin\w*|carte\w*(?:\s(?:ei|lui))?\sde\sidentitate|act\w*\sde\sidentitate|c\.?i\.?(?:\sseria)?|seria|cnp(?:\W?ul)?|c\.n\.p\.?|cod\w*\snumeric\w*|permis\w*(?:\sde\s(?:[sșş]edere|munc[ăa]|conducere))?|viz[ăa]|viza"
    r"|card\w*\sde\ss[ăa]n[ăa]tate|cod\w*\sasigurat|nr\.?\sasigurat|dosar\s\w{2,4}|cont(?:ul)?)"
)
_THINGS = (
    r"(?:order|invoice|ticket|track\w*|version|model|serial|isbn|issn|ean|bar|part|item|product|batch|lot|charity|company|registered|help|office|room|page|line|bus|train|flight|phone|telephone|mobile|meeting|zoom|event|session|device|asset"
    r"|vat|po|fixed|landline|public|act|law|art|section|si|reg\w*|grant|funding|project|report|catalogue|leaflet|poster|parcel|total|the|this|that|a|an|large|big|high|small|right|wrong|same|any|of|in|is|are|has|have|had|was|were|with|on|by|said|says|and|or|to|we|there|error|build|port|switchboard|clinic\Ws"
    r"|vaste?|publiek|wet|stb|factuur|bestel|artikel|pakket|kvk|serie|kamer|huis|lijn|blad|pagina|volg|rang|telefoon|mobiel|tele|06-?|subsidie|partij|lot|product|onderdeel|fout|poort|versie|order|zaal|spoor|vlucht|hulp|een|het|dit|dat|groot|hoog|totaal|en|van|op|bij|met"
    r"|comand\w*|factur\w*|colet\w*|serie|lot|versiune\w*|eroare|eror\w*|camer\w*|pagin\w*|lini\w*|autobuz\w*|telefon\w*|mobil\w*|de|mare|acest|acel|un|o|e|este|po[sșş]tal|acces|articol\w*|produs\w*|proiect\w*|pliant\w*|afi[sșş]\w*|qr|pin|sms|wifi|licita\w*|tichet\w*|inventar|meteo|hg|og|oug|decizi\w*|lege\w*|ordin\w*|hot\w*|oficial)"
)
"""What has a number of its own and is nobody's, and words that stand before any number."""
_NUMBERED = (
    rf"(?!{_THINGS}(?:[\s-]|num|nr|no\b|id\b))(?:[^\W\d_]{{2,18}}[\s-]?(?:number|nummer|nr|kenmerk)|[^\W\d_]{{2,18}}[\s-](?:ref(?:erence)?|id|no))\b\.?"
    rf"|(?:num[ăa]r(?:ul)?|nr\.?|cod(?:ul)?|id(?:-ul)?|serie)\s(?:de\s)?(?!{_THINGS}\b)[^\W\d_]{{3,16}}(?:\spenal)?"
    r"|fi[sșş][aăe]\w*(?:\spacient\w*)?|crn|poli[tțţ][aăe]\w*|contract(?:ul)?\s\w{2,10}|mrn|caz(?:ul)?\snr\.?|dosar\w*\snr\.?|pl[âa]nger\w+(?:\snr\.?)?|sesiz\w+(?:\snr\.?)?"
)
"""A number of somebody's as any language names it: by what it is of, unless that is a thing."""
_PART = r"(?:[A-Z]{0,4}[0-9][A-Z0-9]*)"
_SPLIT = r"(?: ?[-./,] ?| )"
_NUMBER = rf"(?P<id>(?:(?-i:[A-Z]{{1,2}}){_SPLIT}){{0,2}}(?:(?-i:[A-Z]{{2,4}})[ -])?{_PART}(?:{_SPLIT}{_PART}){{0,12}}(?:{_SPLIT}?[A-Z](?![A-Za-z]))?)(?!\w)"
_BEFORE = re.compile(
    rf"(?<![\w./-])(?:{_PAPER}|{_NUMBERED})(?!\w)(?!\s(?:office|helpline|helpdesk|line|unit|team|kantoor|balie|lijn)\b)[^.!?0-9;]{{0,30}}?(?<![\w+£€$.-]){_NUMBER}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?<![\w+£€$./-]){_NUMBER}\W{{1,2}}(?:(?:is|was|as|e|este|are|for|van|on|op|pe|in|[îi]n|the|her|his|my|de|het|haar|zijn|mijn|num[ăa]rul|nr)\W{{1,2}}){{0,3}}(?:new\s|nieuwe?\s|old\s|oude?\s|noul?\s)?(?:[^\W\d_]{{2,12}}\s)?(?:{_PAPER}|{_NUMBERED})(?!\w)",
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
_ENOUGH = re.compile(r"(?:[0-9][^0-9]{0,9}){5}")
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
    if found.startswith(LINES) or figures.endswith(ROUND) or (not letters and _in_steps(found)):
        return False
    if not letters and COUNTED.match(match.string, match.end("id")):
        return False
    mixed = found.isupper() and letters > 1 and len(figures) + letters >= MIXED
    return len(figures) >= (LETTERED - mixed if letters else FEWEST)


def _in_steps(found: str) -> bool:
    """Tell rooms or days one after the other: 101, 102, 103."""
    parts = [int(part) for part in re.findall(r"[0-9]+", found)]
    steps = {two - one for one, two in pairwise(parts)}
    return len(parts) > len(("101", "102")) and len(steps) == 1
