"""What only people do, so that whatever does it is somebody, though it be a word or a town as well."""

import re
from collections.abc import Iterator

from federation.screen.names.contexts import ABSTRACT
from federation.screen.names.cues import PERSON
from federation.screen.names.small_letters import THEN
from federation.screen.words.doing import does_what_people_do
from federation.screen.words.heard_of import of_every_day
from federation.screen.words.known_names import (
    also_a_place,
    also_a_word,
    is_listed,
    listed,
    only_a_name,
)
from federation.screen.words.no_names import NO_ANSWER, PARTNERS

_BE = r"(?:very\s|really\s|so\s|still\s|a\sbit\s|heel\s|erg\s|zo\s|nog\s|weer\s|foarte\s|cam\s|tot\s|iar\s)?"
_SO = (
    r"(?:high|drunk|stoned|sober|asleep|upset|scared|frightened|worried|crying|pregnant|homeless|anxious|nervous|shaken|hungry|bruised|exhausted|angry|rude|chatty|sick|ill|off\ssick"
    r"|in\s(?:tears|hospital|bed|prison|custody|labour|pain)|robbed|beaten|raped|assaulted|attacked|arrested|evicted|deported|sectioned|trafficked"
    r"|bang|boos|moe|ziek|zwanger|verdrietig|overstuur|dronken|dakloos|zenuwachtig|grof|in\stranen|beroofd|mishandeld|aangerand|opgepakt|uitgezet|geslagen"
    r"|drogat[ăa]|beat[ăa]|speriat[ăa]|sup[ăa]rat[ăa]|obosit[ăa]|[îi]ns[ăa]rcinat[ăa]|gravid[ăa]|nervoas[ăa]|trist[ăa]|bolnav[ăa]|am[ăa]r[âa]t[ăa]|b[ăa]tut[ăa]|arestat[ăa]|la\sspital|[îi]n\slacrimi)"
)
_EN = (
    r"is\s(?:1[6-9]|[2-5][0-9])\b(?!\s?(?:%|euro|pound|min|km|lei))|(?:has|hasn['’]?t|had|hadn['’]?t)\s(?:not\s)?(?:been\spaid|moved\s(?:in|out|to)|a\snew\s(?:flat|boyfriend|baby|job|phone|partner)|a\s(?:baby|cold|scan|black\seye)|(?:got|lost)\s(?:her|his)\b|covid|flu|two\skids)"
    r"|needs\s(?:a\s(?:dentist|doctor|gp|lift|bed|hug|coat|solicitor|nurse|test|lawyer|scan)|her\b|his\b|condoms|money\sfor)|moved\sto|lives\s(?:in|at|with|alone)|works\s(?:nights|late|alone|upstairs)"
    r"|got\sher|lost\sher|gave\sbirth|let\sus\sin|runs\sthe\s(?:place|flat|house|parlour|club)|(?:wants|wanted)\s(?:to\s(?:see|leave|move|talk|go|stop)|condoms|prep|a\stest|tests)|said\s(?:she|he|they)|says\s(?:she|he|they|hi|ta|thanks|that\sshe|the)"
    r"|told\s(?:us|me)|asked\s(?:us|me|if\swe)|came\s(?:for\scondoms|soaked|crying|in\s(?:soaked|crying|with))|cried|popped\s(?:in|by)|fell\sasleep"
    r"|lost\s(?:her|his)\s\w+|has\sthe\s(?:spare\s)?keys?|made\s(?:us\s)?(?:soup|tea|dinner|lunch)|is\sout\sof\shospital|has\sstopped\s(?:using|working|drinking)|was\ssick\sin"
)
_NL = (
    r"(?:heeft|had)\s(?:een\snieuwe?\s(?:flat|vriend|baan|telefoon|woning)|een\s(?:baby|blauw\soog)|corona|griep|koorts|haar\b|zijn\b|ruzie)|moet\snaar\sde\s(?:tandarts|dokter|huisarts|arts)|is\snaar\s[^\W\d_]{3,15}\sverhuisd|is\sniet\sbetaald|woont\s(?:in|bij|alleen)"
    r"|werkt\s(?:alleen|boven|nachten)|zei\sdat\s(?:ze|zij|hij)|zegt\s(?:dat|dank|hallo)|vertelde\s(?:dat|ons|me)|vroeg\s(?:ons|me|of\swe)|wil(?:de)?\s(?:prep|condooms|een\stest|weg|stoppen|naar\sde|de\sverpleegkundige)|kwam\s(?:voor\scondooms|huilend|even\s(?:langs|binnen))"
    r"|huilde|runt\sde\szaak|draait\smee|neemt\shet\sover"
    r"|is\s(?:haar|zijn)\s\w+\skwijt|heeft\sde\s(?:reserve)?sleutels?|heeft\s(?:soep|eten|thee|koffie)\s(?:gemaakt|gekookt|gezet)|is\suit\shet\sziekenhuis|is\sgestopt|heeft\sovergegeven"
)
_RO = (
    r"(?:are|avea)\s(?:apartament\snou|iubit\snou|nevoie\sde\s(?:dentist|medic|pat|haine|avocat|bani)|covid|grip[ăa]|febr[ăa]|programare|un\sochi|cheile|(?:1[6-9]|[2-5][0-9])\s(?:de\s)?ani)|s-a\s(?:mutat\sla|[îi]ntors|speriat|[îi]mboln[ăa]vit)|n-a\s(?:fost\spl[ăa]tit[ăa]|mai\s(?:venit|ap[ăa]rut|sunat))"
    r"|(?:vrea|voia)\s(?:s[ăa]\s(?:plece|vorbeasc[ăa]|renun[țt]e)|la\s(?:asistent[ăa]|medic)|prep|test)|(?:ne-|mi-|i-)?a\s(?:zis\sc[ăa]|spus\sc[ăa]|n[ăa]scut|pl[âa]ns|venit\sdup[ăa]|trecut\s(?:pu[țt]in|pe\sla)|cerut\s(?:adeverin[țt][ăa]|un\stest|prezervative))|pl[âa]nge(?:a)?|na[șs]te|zice\s(?:c[ăa]|mersi)|preia"
    r"|[șs]i-a\s(?:pierdut|uitat|spart|rupt|g[ăa]sit)|o\s(?:doare|cheam[ăa])|are\scheia|a\sf[ăa]cut\s(?:ciorb[ăa]|m[âa]ncare|cafea|ceai|sup[ăa])|a\sie[șs]it\sdin\sspital|a\svomitat|nu\smai\s(?:consum[ăa]|bea|lucreaz[ăa])"
)
HUMAN = rf"(?:(?:is|was|seems|looked|felt|lijkt|leek|e|era|este|p[ăa]rea)\s{_BE}{_SO}|{_EN}|{_NL}|{_RO})\b"
_BEGINS = (
    r"(?:\A|(?<=[.!?:;\n]\s)|(?<=[.!?:;\n])|(?<=[-–(\"“„,]\s)|(?<=[(\"“„])|(?<=\bso\s)|(?<=\bdus\s)|(?<=\bdeci\s)|(?<=\bthat\s)|(?<=\bdat\s)|(?<=\bcă\s)|(?<=\band\s)|(?<=\ben\s)"
    r"|(?<=\bși\s)|(?<=\bbut\s)|(?<=\bmaar\s)|(?<=\bdar\s)|(?<=\bthink\s)|(?<=\bcred\s)"
    r"|(?<=\btime\s)|(?<=\bsince\s)|(?<=\bonce\s)|(?<=\buntil\s)|(?<=\btoen\s)|(?<=\bals\s)|(?<=\bsinds\s)|(?<=\bwanneer\s)"
    r"|(?<=\bwhen\s)|(?<=\bbecause\s)|(?<=\bif\s)|(?<=\bwhile\s)|(?<=\bwant\s)|(?<=\bomdat\s)|(?<=\bcând\s)|(?<=\bdacă\s)|(?<=\bfiindcă\s))"
)
_SUBJECT = re.compile(rf"{_BEGINS}(?P<name>[^\W\d_]{{2,20}})(?=\s)", re.IGNORECASE)
_WHERE = re.compile(
    r"\s(?:from|van|uit|de\sla|din|bij|at|in)(?:\s(?:the|de|het|'t))?(?:\s[^\W\d_]{2,20}){1,3}?(?=\s)"
)
_HUMAN = re.compile(rf"\s{HUMAN}", re.IGNORECASE)
_KIN = re.compile(PERSON, re.IGNORECASE)
_PAIR = re.compile(
    rf"{_BEGINS}(?P<one>[^\W\d_]{{3,20}})\s(?:and|&|en|[șs]i)\s(?P<two>[^\W\d_]{{3,20}})\s(?=(?:work|share|want|were|fell\sout|live|delen|draaien|werken|willen|wonen|hebben\sruzie|maakten|stau|fac|lucreaz[ăa]|vor|s-au|[îi]mpart|locuiesc|both|allebei|am[âa]nd)\b)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:(?:i|we)\s(?:gave|give|lent|showed)|(?:ik|we)\s(?:gaf|gaven)|chat(?:ted)?\swith|talk(?:ed)?\s(?:to|with)|spoke\s(?:to|with)|gesprek\s(?:gehad\s)?met|discu[țt]ie\scu|vorbit\scu|visited|bezocht)\s(?P<name>[^\W\d_]{3,20})\s(?=(?:the|a|an|two|some|her|de|het|een|re|about|over|despre|in\shospital|again|today|vandaag|azi)\b)"
    r"|\b(?:girl|lady|worker|meisje|meid|vrouw|fata(?:\snou[ăa])?|femeia)\s(?P<kin>[^\W\d_]{4,20})(?=\s(?:on|at|from|who|op|uit|die|la|din|de\sla|care)\b|[,.]|\Z)"
    r"|\b(?:who\sis|who['’]s|wie\sis|cine\se)\s(?P<who>[^\W\d_]{3,20})\?",
    re.IGNORECASE,
)
_WITH_INITIAL = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][a-z]{2,15}\s[B-HJ-Z])(?=\.?\s(?:is|has|was|wants|heeft|wil|wilde|e|are|vrea|a|na[șs]te|said|zei|needs|came|rang)\b)"
)
_MONTH = re.compile(
    r"(?:\A|[.!?\n]\s?)(?P<name>Mei|Mai(?!\s(?:zice|spune|vrea)\b)|May|June|April|August)\s(?=(?:said|says|told|rang|texted|cried|popped|zei|zegt|vertelde|huilde|appte|a\s(?:zis|spus|pl[âa]ns|sunat)|zice|spune|wants|vrea|asked\s(?:us|me|for\sa)|came\s(?:in|by|for))\b)"
)
SEASONS = frozenset("summer winter autumn spring dawn crystal storm lumina".split())
MONTHS = frozenset("may june april august mei mai".split())
NO_SUBJECT = frozenset(
    "will wil ben dan toon max door wie mari frank jade smiley rob drew pat sue sky rich van bob zo nu vos lux som storm valentijn".split()
)
"""They begin a sentence as something else: an order, a question, a brand."""
_FINITE = re.compile(
    rf"\s(?:(?:ne|mi|i|[îi][șs]i|o|nu|n|s|[șs]i)[\s-])?(?:{'|'.join(sorted(listed('finite_verbs')))}|(?:e|au?)(?=\s[^\W\d_]+[tsă]\b))(?![\w'’-])",
    re.IGNORECASE,
)
NO_OBJECT = frozenset(
    "hope star may june april august will wil mai mei art bill crystal rain snow storm stormy".split()
)


def human(text: str) -> Iterator[tuple[int, int]]:
    """Find names that are words or towns as well, by what they do and what is done for them."""
    for match in _SUBJECT.finditer(text):
        small = match["name"].islower()
        seasons = MONTHS | SEASONS | (ABSTRACT if small else frozenset())
        season = match["name"].lower() in seasons and not _HUMAN.match(text, match.end())
        acts = not season and _may_do(match["name"]) and _does(text, match)
        if THEN.match(text, match.start()):
            continue
        if acts or _bare_subject(text, match):
            yield match.span("name")
    for match in _PAIR.finditer(text):
        both = match["one"], match["two"]
        if all(map(is_listed, both)) and not all(map(also_a_place, both)):
            yield match.span("one")
            yield match.span("two")
    for match in _GIVEN.finditer(text):
        group = next(group for group in match.groupdict() if match[group])
        if _may_do(match[group]) and match[group].lower() not in NO_OBJECT:
            yield match.span(group)
    for match in _WITH_INITIAL.finditer(text):
        if is_listed(match["name"].split()[0]):
            yield match.span("name")
    yield from (match.span("name") for match in _MONTH.finditer(text))


def _bare_subject(text: str, match: re.Match[str]) -> bool:
    """Tell somebody from a thing, which has its article: Fleur komt, but the flower comes."""
    word = match["name"]
    lower = word.lower()
    if not word[0].isupper() or not also_a_word(word) or _KIN.fullmatch(word):
        return False
    if lower in ABSTRACT | MONTHS | NO_SUBJECT | NO_ANSWER or of_every_day(lower, "ro"):
        return False
    return _FINITE.match(text, match.end()) is not None


def _does(text: str, match: re.Match[str]) -> bool:
    at = match.end()
    where = _WHERE.match(text, at)
    ends = (at, where.end()) if where else (at,)
    # of a town that has a partner its name alone does a lot
    town = match["name"].lower() in PARTNERS
    return any(
        _HUMAN.match(text, end) or (not town and does_what_people_do(text, end)) for end in ends
    )


def _may_do(word: str) -> bool:
    if only_a_name(word):
        return True
    lower = word.lower()
    return is_listed(word) and not (lower in NO_ANSWER or _KIN.fullmatch(word))
