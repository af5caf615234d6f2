"""Where somebody lives, stays or works: a street and a number beside words that say so.

Where an organisation is may be told; a street without a number tells a district and passes.
"""

import re
from collections.abc import Iterable, Iterator

from federation.screen.numbers.streets import streets
from federation.screen.numbers.told import Run
from federation.screen.words.known_names import is_listed

_OFFICE = re.compile(
    r"\b(?:our|we|us|ours|ons|onze|we|wij|noi|nostru|noastr[ăa]|its"
    r"|desk|clinic\w*|kliniek\w*|poli|policlinic\w*|polikliniek\w*|office\w*|kantoor|birou\w*|cabinet\w*|sediu\w*|hospital|ziekenhuis|spital\w*|infirmary|surgery|gp|practice|praktijk|centre|center|centrum|centru\w*"
    r"|drop-?in|inloop\w*|loket\w*|balie|spreekuur\w*|opvang|outreach|team|service|dienst|project|proiect\w*|library|bibliot\w+|council|gemeente|prim[ăa]ri\w+|police|politie|poli[țt]i\w+|court\shouse|rechtbank|tribunal\w*|pharmacy|apotheek|farmaci\w+"
    r"|shop|store|winkel|magazin\w*|caf[eé]|bar|venue|meeting|session|sessie|appointment|afspraak|programar\w*|training|advice|support|wage|van|stall|bus|stand|kraam|caravan\w*|unit[ăa]\w*|nursing|care|children['’]s|church|kerk(?=\s)|biseric\w+|school|[sș]coal[ăa]\w*|university|universit\w+"
    r"|ggd|nhs|charity|stichting|funda[țt]i\w+|asocia[țt]i\w+|library|agency|bank|embassy|ambassade|ambasad\w+|hub|food\s?bank|voedselbank"
    r"|keys?|box|kit|kits|leaflets?|folders?|printer|laptop|supplies|sleutels?|cheia|cheile|cutia|pliante\w*)\b(?!['’]s\b)",
    re.IGNORECASE,
)
"""Whose address may be told, and what is kept there."""
_ELSEWHERE = re.compile(
    r"\b(?:near(?:by)?|by(?!\s(?:her|him|my)self)|beside|behind|opposite|round|around|away|from|far|touch|contact|to|way|open|but|or|so|then|who|which|that|when|because|if|can|could|will|would|comes?|came|goes|went|gets?|visits?|meets?|sees?|seen"
    r"|bij\s(?:de|het)\s|vlak|naast|achter|tegenover|buurt|hoek|maar|dus|dan|die|omdat|als|kan|wil|komt|kwam|gaat|ging|naar|er|ver|verder|contact"
    r"|l[âa]ng[ăa]|aproape|vizavi|departe|col[țt]|dar|iar|deci|care|c[âa]nd|pentru\sc[ăa]|poate|vine|merge|a\svenit|vorb[ăa]|coad[ăa]|bine|ne\svedem"
    r"|(?:and|en|[sș]i)\s(?!(?:her|his|the|a|two|three|four|haar|zijn|twee|drie|doi|dou[ăa]|trei|sister|brother|mum|dad|kids?|children|son|daughter|baby|partner|dog|works|stays|is|zus|kind(?:eren)?|copi\w+|sora|fratele|mama)\b))",
    re.IGNORECASE,
)
"""Near it, or another sentence."""
_STRONG = (
    r"lives?|lived|living(?!\s(?:room|wage|costs?))|residing|resides?|lodging|sleeps|sleeping"
    r"|woonachtig|woont|woonde|woon|gewoond|verblijft|verbleef|logeert|logeerde|slaapt|overnacht"
    r"|locuie[sș]\w+|locuia\w*|locuit|domiciliat[ăa]?|cazat[ăa]"
)
"""People do so and things hardly."""
_WEAK = (
    r"stays|(?<=\bI\s)stay|(?<=\bthey\s)stay|stayed|staying|rents|renting|huurt|huurde|moved\s(?:in\s)?(?:to|into|at)|moving\s(?:to|into)|works\s(?:at|from|in|out\sof|on)|worked\s(?:at|from|out\sof)|working\s(?:at|from|out\sof)"
    r"|(?:is|was)\s(?:now\s|still\s|back\s|currently\s)?(?:at|in|on)"
    r"|zit|zat|verhuisde?\snaar|verhuist\snaar|is\s(?:nu\s)?(?:op|in)|trekt\sin|werkt\s(?:op|vanuit|in|aan)|werkte\s(?:op|vanuit|in)"
    r"|st[ăa]|st[ăa]tea|stau|a\sstat|doarme|s-a\smutat|se\smut[ăa]|lucreaz[ăa]"
)
_THEIRS = r"(?:her|his|my|(?:the\s)?client['’]s|(?:her|his|my)\s(?:mum|mother|sister|friend|boyfriend|partner|ex)['’]s|haar|zijn|mijn|diens)"
_PLACE = r"(?:home\saddress|flat|apartment|house|home|place|room|address|studio|bedsit|hotel|hostel|huis|thuisadres|adres|woning|appartement|kamer|huisadres|woonadres)"
_AT = r"(?:\W{1,3}(?:is|was|at|on|in|to|the|now|still|no|number|op|aan|de|het|nu|nog|nr|e|este|era|pe|la|[îi]n|acum|tot|thuis)\b){0,4}\W{1,3}\Z"
_HOME = re.compile(
    rf"(?:\b{_THEIRS}\s(?:(?:new|old|own|current|temporary|nieuwe|oude|eigen|huidige|tijdelijke)\s)?{_PLACE}"
    r"|\b(?:home\saddress|thuisadres|huisadres|woonadres)|(?<!new\s)(?<!care\s)(?<!nursing\s)(?<!funeral\s)(?<!children's\s)(?<!['’]s\s)(?<!a\s)(?<!the\s)(?<!our\s)\bhome(?=\W{1,3}(?:is|to|at|on)\b)"
    r"|\bbij\s(?:haar|hem)(?=\s(?:thuis|op|aan|in)\b)"
    r"|\bla\s(?:ea|el)\sacas[ăa]|\bacas[ăa]\sla\s(?:ea|el|mine|client[ăa]|mama\sei|sora\sei|prietena\sei)|\b(?:adresa|apartamentul|casa|garsoniera|camera|locuin[țt]a|domiciliul)\s(?:nou[ăa]?\sa\s)?(?:ei|lui|mea|meu|clientei|clientului|dânsei|dansei)"
    rf"){_AT}",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"\b(?P<strong>{_STRONG})\b|(?P<weak>(?<!\w)(?:{_WEAK})|(?:(?<=\bhe)|(?<=\bshe))['’]s\s(?:now\s|still\s|back\s)?(?:at|in|on))\b",
    re.IGNORECASE,
)
_LIVED_IN = re.compile(
    r"\W{1,3}(?:(?:is|was|e|este|waar|daar|acolo|unde|that['’]s|dat\sis|is\sdat)\W{1,2})?"
    r"(?:where\s(?:she|he|they|(?:the|my|our)\sclient)\s(?:now\s|still\s|is\s)?(?:lives?|lived|stays?|staying|works?)"
    r"|(?:her|his|my|haar|zijn|mijn)\s(?:own\s|new\s)?(?:home|flat|house|address|place|adres|huis|woning)\b"
    r"|(?:(?:waar|daar)\s)?(?:woont|verblijft|logeert)\b(?!\s(?:ons|onze|de|het|niemand|geen)\b)|(?:waar|daar)\s(?:ze|zij|hij)\s(?:nu\s)?(?:woont|verblijft|logeert|zit)"
    r"|waar\s(?:ze|zij|hij)\s(?:nu\s)?(?:woont|verblijft|logeert|zit)|(?:ze|zij|hij)\s(?:nu\s)?(?:woont|verblijft|logeert|zit)\b"
    r"|(?:locuie[sș]te|st[ăa])\b(?=\W*(?:\Z|[.,;!\n]|ea\b|el\b|acum\b|clienta))|adresa\s(?:ei|lui|mea)|apartamentul\s(?:ei|lui)|casa\s(?:ei|lui))",
    re.IGNORECASE,
)
"""After the street."""
_BESIDE_THE_VERB = frozenset(
    "is was has have had been be still now currently just also recently already always used to says said apparently then so today tonight"
    " nu nog ook altijd inmiddels weer sinds kort net heeft had werd wordt tijdelijk"
    " acum încă inca și si mai tot tocmai a au fi era e este temporar deocamdată deocamdata că ca".split()
)
_PERSONS = frozenset(
    "she he i who they someone somebody client caller woman man girl guy lad lady boy mum mam mother dad father sister brother friend partner boyfriend girlfriend husband wife ex son daughter she's he's i'm"
    " ze zij hij ik die iemand cliënt client cliënte vrouw man meisje jongen zus broer moeder mama vader vriend vriendin partner dochter zoon beller"
    " ea el eu cineva clienta client clientul femeia fata băiatul baiatul bărbatul barbatul mama tata sora fratele prietena prietenul iubitul partenerul soțul sotul fiica fiul".split()
)
_AT_WORK = re.compile("work|werk", re.IGNORECASE)
_WHO_IT_IS = re.compile(
    r"\b(?:she|he|client|cliënte?|ze|zij|hij)(?:['’]s)?\s(?:\w+\s){0,2}\Z", re.IGNORECASE
)
"""So do workers of the desk themselves."""
_JOINING = frozenset("and but en maar dar iar și si because omdat want that dat că".split())
_CLAUSE = re.compile(r"[.,;:!?\n()]\s?|\s-\s")
_ABBREVIATED = re.compile(r"[.!?;\n:]")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_HOSTED = re.compile(
    r"\b(?:above|over|upstairs\sfrom|hostel|hotel|shelter|refuge|opvang|boven|deasupra|ad[ăa]post\w*)\b",
    re.IGNORECASE,
)
BEFORE, GAP, AFTER = 90, 50, 60


def homes(text: str, _: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find where somebody lives, stays or works, from the number of the street to its end."""
    for start, end in streets(text):
        before = text[max(0, start - BEFORE) : start]
        after = text[end : end + AFTER]
        if _HOME.search(before) or _is_lived_in(before, after) or _lives(before, after):
            yield start, end


def _is_lived_in(before: str, after: str) -> bool:
    """Tell whether what stands after a street says that somebody lives there."""
    return _LIVED_IN.match(after) is not None and not _OFFICE.search(_CLAUSE.split(before)[-1])


def _lives(before: str, after: str) -> bool:
    """Tell whether what stands before a street says that somebody lives or stays there."""
    verbs = list(_LIVES.finditer(before))
    return any(_is_there(before, verb, after) for verb in verbs)


def _is_there(before: str, verb: re.Match[str], after: str) -> bool:
    gap = before[verb.end() :]
    if len(gap) > GAP or _ABBREVIATED.search(gap.strip(" :")) or _ELSEWHERE.search(gap):
        return False
    if _OFFICE.search(gap) and not _HOSTED.search(gap):
        return False
    if verb[0][0].isupper() and _words(before[: verb.start()]):
        return False
    subject = before[: verb.start()]
    if _AT_WORK.match(verb[0]) and not _WHO_IT_IS.search(subject):
        return False
    return _somebody(subject, gap, after, strong=verb["strong"] is not None)


def _somebody(subject: str, gap: str, after: str, *, strong: bool) -> bool:
    """Tell a person from an office or a thing that is there."""
    words = _words(subject)
    clause = _CLAUSE.split(subject)[-1]
    rest = [word for word in words if word.lower() not in _BESIDE_THE_VERB]
    if rest and (rest[-1].lower() in _PERSONS or is_listed(rest[-1])):
        return True
    inverted = _words(gap)[:1]
    if inverted and inverted[0].lower() in _PERSONS:
        return True
    if _OFFICE.search(clause):
        return False
    if strong or not rest:
        return strong or not _OFFICE.search(subject + after)
    return rest[-1].lower() in _JOINING and not _OFFICE.search(subject)


def _words(subject: str) -> list[str]:
    return _WORD.findall(_CLAUSE.split(subject)[-1])
