"""Streets with a number, and rooms of a named house, in English, Dutch and Romanian."""

import re
from collections.abc import Iterator

_NO_STREET = (
    r"(?:the|a|an|of|at|on|in|to|from|by|for|per|and|or|off|down|up|with|till|until|is|are|was|her|his|my|our|their|this|that|no"
    r"|very|too|so|quite|pretty|really|one|same|other|different|own|any|every|each|more|most|half"
    r"|min(?:ute)?s?|hours?|days?|nights?|weeks?|months?|years?|miles?|km|metres?|streets?|roads?|doors?|houses?|blocks?|stops?"
    r"|bed(?:room)?|people|women|men|girls?|kids?|children|times?|noon|am|pm)"
)
"""What stands between a count and a road: 5 minutes down the road."""
_FLAT = r"(?:(?:flat|apartment|apt\.?|unit|room|no\.?|number)\s(?:no\.?\s)?[0-9]{1,4}(?:/[0-9]{1,2})?[a-z]?,?\s|[0-9]{1,3}[a-z]?,\s)"
_HOUSE = r"(?<![\w.,:/£€$-])[0-9]{1,4}(?:\s?[a-z])?(?:[-/][0-9]{1,4}[a-z]?)?,?\s"
_PLAIN = r"street|str?|road|rd|lane|ln|avenue|ave|terrace|crescent|gardens|grove|mews|close|drive|court|place|square|way"
_MORE = r"Row|Hill|Walk|View|Parade|Park|Bank|Rise|Gate|Quay|Wharf"
"""Also words of every day: roads only where they have a capital."""
_ENGLISH = rf"(?<![\w.,:/£€$-]){_FLAT}?{_HOUSE}(?:(?!{_NO_STREET}\b)[^\W\d_][\w.'’-]{{0,20}}\s){{1,3}}(?:{_PLAIN}|(?-i:{_MORE}))(?![\w'’-])"
_TURNED = rf"(?<!\w)(?-i:(?:[A-Z][\w.'’-]{{1,20}}\s){{1,3}})(?:{_PLAIN}),?\s(?:at\s)?(?:number|no\.?|flat)\s[0-9]{{1,4}}[a-z]?(?!\w)"
"""Grey Street at number 14."""
_AFTER_A_COUNT = (
    r"(?!\s?(?:[:.,][0-9]|%|€|x\b|uur|uren|min|dag|nacht|we+k|ma+nd|jaar|jaren|keer|km|meter|euro|kamer|vrouw|men[ns]|huiz|stra|deur"
    r"|de\b|luni?\b|ani?\b|zile?|ore\b|or[ăa]\b|nop[țt]|s[ăa]pt|persoan|fete|oameni|metri|lei\b|ron\b|ori\b))"
)
_NO_NAME = r"(?:pe|de|la|cu|[sș]i|sau|unde|care|e|este|sunt|are|au|era|asta|aceea|ei|lui|mea|noastr\w+|[îi]n|din|cam|vreo|doar|nu|c[ăa]tre|spre|dup[ăa]|p[âa]n[ăa]|nr|num[ăa]rul)"
_DUTCH = (
    r"(?<![\w-])(?:(?-i:(?!(?:Op|Aan|In|Naar|Bij|Vanaf|Vanuit|De|Het|Ze|Zij|Hij|Haar|Zijn|Mijn|Woont|Adres|Thuisadres)\s)[A-Z][\w.'’]{1,20}\s)(?:van\s(?:de[nr]?\s)?)?){0,3}"
    r"(?!(?:onder|snel|uit|om|heen|terug|half|vaar|spoor|school|gerechts)(?:weg|plein|hof)\b)"
    r"(?:[^\W\d_][\w'’-]{1,30}(?:straat|str\.|weg|laan|plein|gracht|kade|singel|dijk|hof|steeg|dreef|plantsoen)"
    r"|(?-i:Singel|Gracht|Dijk|Kade|Laan|Hof|Plein|Markt))"
    rf",?\s(?:(?:nr|no)\.?\s|nummer\s|huisnummer\s)?[0-9]{{1,4}}(?![0-9]){_AFTER_A_COUNT}(?:\s?[a-z](?!\w)|\s?[-/]\s?[0-9a-z]{{1,4}})?(?!\w)"
)
_STAIRS = r"(?:,?\s(?:bl|bloc(?:ul)?|sc|scara|et|etaj(?:ul)?|ap|apt|apartament(?:ul)?)\b\.?\s?[0-9a-z]{1,4}(?!\w))"
_ROMANIAN = (
    r"(?<!\w)(?:strada|str\.?|bulevardul|bd\.?|b-dul|aleea|calea|[sș]oseaua|[sș]os\.|splaiul|intrarea|fund[ăa]tura)\s"
    rf"(?:(?!{_NO_NAME}\b)[\w'’-]{{1,20}}(?:[.,]\s?|\s,?\s?)){{1,4}}?(?:(?:la\s)?(?:nr\b\.?|num[ăa]rul|num[ăa]r|no\.)\s?)?"
    rf"[0-9]{{1,4}}(?!\w?\w){_AFTER_A_COUNT}(?:\s?[a-z](?!\w))?{_STAIRS}{{0,4}}"
)
_ROMANIAN_BLOCK = (
    rf"(?<!\w)bl(?:oc(?:ul)?)?\b\.?\s?[a-z]?-?[0-9]{{1,3}}[a-z]?(?!\w){_STAIRS}{{1,3}}"
)
STREET = re.compile(
    f"{_ENGLISH}|{_TURNED}|{_DUTCH}|{_ROMANIAN}|{_ROMANIAN_BLOCK}",
    re.IGNORECASE,
)
_HOUSES = r"hotel|hotelul|hostel|pensiunea|motel|inn|lodge|travelodge|malmaison|ibis|hilton|novotel|campanile"
_NO_HOUSE = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|mei|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\w*\b"
ROOM = re.compile(
    r"(?<!\w)(?:room|flat|apartment|apt\.?|suite|kamer|appartement|camera|apartamentul|ap\.)\s(?:(?:no|nr)\.?\s|number\s|nummer\s)?[0-9]{1,4}[a-z]?"
    rf"(?:,?\s(?:(?:at|in|of|van|bij|la|de\sla|din)\s)(?:(?:the|het|de|hotel(?:ul)?)\s){{0,2}}(?!{_NO_HOUSE})(?:(?-i:[A-Z][^\W\d_A-Z]+)(?:\s(?-i:[A-Z][^\W\d_A-Z]+)){{0,2}}|(?:[^\W\d_]+\s)?(?:{_HOUSES})(?!\w))"
    rf"|,\s(?:[^\W\d_]+\s){{1,2}}(?-i:House|Court|Hotel|Lodge|Inn|Tower|Towers|Mansions)(?!\w))"
    r"|(?<!\w)hotel(?:ul)?\s(?-i:[A-Z][^\W\d_]+(?:\s[A-Z][^\W\d_]+)?),?\s(?:room|kamer|camera)\s(?:nr\.?\s)?[0-9]{1,4}(?!\w)",
    re.IGNORECASE,
)


def streets(text: str) -> Iterator[tuple[int, int]]:
    """Give where a street and its number stand, or a room and the name of its house."""
    for shape in (STREET, ROOM):
        yield from (match.span() for match in shape.finditer(text))
