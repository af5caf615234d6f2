"""Somebody whom no list knows, or whose name is a word as well, by what a sentence does with them."""

import re
from collections.abc import Iterator

from federation.screen.names.cues import CAPITAL, FULL, PERSON
from federation.screen.words.called_after import SAINT
from federation.screen.words.heard_of import heard_of
from federation.screen.words.known_names import (
    CAPITALS,
    a_surname,
    also_a_place,
    also_a_word,
    is_listed,
    only_a_name,
)
from federation.screen.words.no_names import COMMON, NO_ANSWER, OFFICES, PARTNERS, PLACES
from federation.screen.words.platforms import PLATFORM

AFTER_MORE = re.compile(
    r"\s(?:(?:got|had\sher|had\shis|has\sgot|has\slost|has\smoved|has\sleft|has\sbeen|hasn['’]?t|didn['’]?t|doesn['’]?t|don['’]?t|couldn['’]?t|won['’]?t|can['’]?t|wasn['’]?t|isn['’]?t|came|left|took|went|cancelled|canceled|forgot|turned\sup|moved|cried|thanked|booked|refused"
    r"|arrived|stayed|missed|paid|owes|heard|saw|thinks|thought|knows|knew|speaks|shares|drives|popped|picked\sup|dropped|fell\sasleep|used\sto|is\s(?:moving|coming|leaving|staying|asking|looking|going|sleeping|crying|waiting|off\ssick|sick|ill|due|safe)|was\s(?:here|told|given|off|waiting|asking))"
    r"|kreeg|krijgt|kwam|komt|ging|nam|bracht|deed|zegde|verhuist|bleef|moest|kon|zag|hoorde|dacht|denkt|weet|wist|haalde|vergat|miste|betaalde|slaapt|sliep|rijdt|reed|spreekt|sprak|verloor|stopt|bedankt|bedankte|heeft\s(?:een|geen|haar|nog|weer|het)|van\s(?:de|het)\s\w{3,20}\s(?:viel|kwam|belde|zei|nam|ging)"
    r"|(?:nu\s|n-|nu-)?(?:ne-|mi-|i-|le-|[șs]i-|s-|ne\s|mi\s|[îi][șs]i\s)?(?:a|au)\s[^\W\d_]{2,14}[ts]|n-a\s(?:mai\s)?[^\W\d_]{2,12}[ts]|nu\s(?:vrea|poate|are|a|mai|[șs]tie|vine)|vine|pleac[ăa]|pl[âa]nge|doarme|cere|are\snevoie|(?:se|s-a)\s(?:mut[ăa]|teme|simte|mutat|speriat)|vorbe[șs]te)\b"
)
"""People do this, and few things."""
ABSTRACT = frozenset(
    "crystal hope faith love luck grace joy mercy patience summer winter autumn spring dawn luna speranța speranta lumina aurora dacia roman victoria freedom"
    " harmony heaven may june april will august max mark bill sol stella eden vita art jan regina steaua star sun grant stella".split()
)
_THINGS = rf"(?:{PERSON}|flat|phone|baby|visa|passport|case|bag|room|mum|mother|shift|boss|huis|kamer|telefoon|paspoort|zaak|tas|appointment|afspraak|letter|brief|dienst)"
_NOT_THE = r"(?<!\bthe\s)(?<!\bThe\s)(?<!\ba\s)(?<!\bde\s)(?<!\bhet\s)(?<!\ban\s)"
UNLISTED = re.compile(
    rf"(?<=[a-zăâîșț,;]\s)(?P<owner>{CAPITAL})['’]s\s(?:new\s|old\s)?(?i:{_THINGS})\b"
    rf"|\blui\s(?P<lui>{FULL})"
    rf"|(?:\b(?:o|[îi]l)\s[^\W\d_]{{2,14}}|-(?:o|l))\spe\s(?!(?i:{PLATFORM})\b)(?P<pe>{FULL})"
    rf"|\bi-(?:am|a|ai|au|a[țt]i)\s[^\W\d_]{{2,14}}\s(?P<dative>[{CAPITALS}][^\W\d_]{{2,20}}(?:ei|ii|ului|c[ăa]i))(?!\w)"
    rf"|\b(?i:tell|told|remind(?:ed)?|thank(?:ed)?|zeg\stegen|zei\stegen|gezegd\stegen|vertel(?:de|d)?|doorgeven\saan|overgedragen\saan|overdragen\saan|handover\sto|handed\s(?:over|it)\sto|predat|note\sfrom|message\sfrom|bericht\svan|briefje\svan|bilet\sde\sla|mesaj\sde\sla|signed|zag|saw)\s(?P<told>{CAPITAL})(?!\s[{CAPITALS}&])"
    rf"|\b(?i:booked|reserved|registered|geboekt|gereserveerd|ingeschreven|rezervat|programat[ăa]?|[îi]nregistrat[ăa]?)\s(?:[^\W\d_]{{2,8}}\s){{0,2}}?(?:under|in\sthe\sname\sof|for|as|onder|op\snaam\svan|als|voor|pe\snumele|pe|ca)\s(?P<booked>{FULL})"
    rf"|\b(?:op\snaam\svan|in\sthe\sname\sof|under\sthe\sname)\s(?P<called>{FULL})"
    rf"|\b(?i:ene|zekere|a\scertain|(?:un|o)\s(?:anume|oarecare)|fam\.?|familie|family|familia)\s(?P<certain>{FULL})"
    rf"|\b(?i:wie|who|cine|worker|werker|staff|vrijwilliger|volunteer|contact|contactpersoon|tolk|interpreter|chauffeur|driver|ingevuld\sdoor|(?:written|completed|filled\sin)\sby|completat\sde|lucr[ăa]toare|voluntar[ăa]?|(?:name|naam|nume)\s\w{{3,12}})\s?:\s(?P<label>{FULL})"
    rf"|\b(?i:closed|opened|signed|handled|taken|booked|covered|reported|left|paid|brought|written)\sby\s(?P<by>{CAPITAL})(?=\s?(?:[,.;)]|\Z|\s(?:at|before|after)\s[0-9]))"
    rf"|\b(?i:gesloten|geopend|getekend|geschreven|afgehandeld|overgenomen|geboekt|gemeld|gebracht|betaald|gestuurd|opgehaald)\sdoor\s(?P<door>{CAPITAL})(?=\s?(?:[,.;)]|\Z))"
    rf"|\b(?i:[îi]nchis|deschis|semnat|scris|preluat|f[ăa]cut|raportat|adus|pl[ăa]tit|trimis)[ăa]?\sde\s(?P<de>{CAPITAL})(?=\s?(?:[,.;)]|\Z))"
    rf"|\ba\s(?:semnat|deschis|r[ăa]spuns)\s(?P<verb>{CAPITAL})(?=\s?(?:[,.;)]|\Z))"
    rf"|\bdie\s(?P<die>{CAPITAL})\svan\s(?:de|het|boven|beneden|hiernaast)\b|\bthat\s(?P<that>{CAPITAL})\sfrom\sthe\b"
    rf"|\bbij\s(?P<bij>{CAPITAL})\s(?:kijken|langs|geweest|binnen|op\sbezoek)\b"
    rf"|\b[Pp]e\s(?P<whom>{CAPITAL})\s(?:(?:am|ai|au|a[țt]i)\s[^\W\d_]{{2,14}}-[ol]\b|(?:o|[îi]l)\s(?:doare|caut[ăa]|cunosc|[șs]tiu|ajut[ăa]?|a[șs]tept[ăa]?|am|a|sun[ăa]?)\b)"
    rf"|(?P<half>{CAPITAL})\s&\s{CAPITAL}\s(?:share|live|work|stau|lucreaz[ăa]|locuiesc|delen|wonen|werken)\b|(?<=\s&\s)(?P<other>{CAPITAL})\s(?:share|live|work|stau|lucreaz[ăa]|locuiesc|delen|wonen|werken)\b"
    rf"|\b(?:met|aan)\s(?P<met>{CAPITAL})\s(?:over|gesproken|gebeld|gepraat|gechat|geappt|gegeven|verteld|uitgelegd|doorgegeven|meegegeven|gelopen|gewacht|gezeten)\b"
    rf"|\b(?:dat|omdat|of|als|toen|hoe)\s(?P<dat>{CAPITAL})\s(?:haar|hem|zich|mij|me|ons)\b"
    rf"|(?:\A|\n)(?P<heading>{CAPITAL}):\s(?:needs|wants|has|is|was|asked|heeft|wil|moet|was|are|vrea|trebuie|(?:\w{{3,12}}\s)nodig|sti|soa\w*|its|test\b)"
    rf"|\bsigns?\s(?:her|his|the|every|all)\s\w{{3,10}}\s(?P<signs>{FULL})"
    rf"|(?P<joined>{CAPITAL})\s(?:and|&|\+|en|[șs]i|with|met|cu)\s(?:(?:a\s|her\s|his\s|een\s|haar\s|o\s|un\s)?(?i:{PERSON})|I|me|ik|mij|eu|cu\smine)\b"
    rf"|(?P<pair>[{CAPITALS}][a-z]{{1,5}}\s[{CAPITALS}][a-z]{{1,5}})(?=\s(?:needs|wants|said|asked|told|came|is\s(?:scared|pregnant|back)|heeft|wil|zei|vroeg|kwam|belde|are\snevoie|vrea|a\s(?:spus|zis|[îi]ntrebat|venit|sunat)))"
)
"""Where somebody stands and nothing else, except offices and where people are from."""
_SOMEBODYS = re.compile(PERSON, re.IGNORECASE)
_INITIAL = re.compile(
    rf"(?<![\w.])[A-Z]\.\s?(?:[A-Z]\.\s?)?(?:(?:van|de|der|den|ten|ter|la|di)\s){{0,3}}(?P<surname>[{CAPITALS}][^\W\d_]{{2,30}})(?![\w.])"
)
_LETTERED = re.compile(
    r"\b(?:hepatit\w*|vitamin\w*|section|sectie|plan\w*|part|group|groep|category|categorie|kamer|room|blok|block|blocul?|sector\w*|punct\w*|anexa|annex|class\w*|clasa|grade|level|unit|form|schedule|type|tip|tipul|step|lijn|line|optie|option|answer|team|zone|zona|gate|hall|hal|zaal|sala|corp|scara|etapa|grupa)\s\Z",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"(?:ian|ese|ish|ean|ani|isch|ische|aans|aanse|ees|nse|lse|rse|dse|kse|tse|rks|esc|ească|enii|encele|ția|ției|ului|ilor|elor|ile|ele|ul|ării|ății)\Z"
)
"""As words for where somebody is from end, and Romanian nouns with their article."""

BEFORE = 60

PARTS = frozenset("van de der den ten ter el al von ben bin da di la".split())


def by_context(text: str) -> Iterator[tuple[int, int]]:
    """Find somebody whom the sentence alone shows."""
    for match in UNLISTED.finditer(text):
        group = next(group for group in match.groupdict() if match[group])
        # an argument with the landlord begins like somebody with a friend
        listed = group not in {"joined", "that", "die", "heading", "met"} or is_listed(match[group])
        before = max(0, match.start(group) - BEFORE)
        first = match[group].split()[0]
        place = group == "pair" and not (is_listed(first) or not heard_of(first))
        public = place or SAINT.search(text, before, match.start(group)) is not None
        if listed and not public and may_be(match[group], surely=group != "told"):
            yield match.span(group)
    for match in _INITIAL.finditer(text):
        lettered = _LETTERED.search(text, max(0, match.start() - len("plan ") * 4), match.start())
        if not lettered and match["surname"].lower() not in NO_ANSWER | COMMON | PLACES | OFFICES:
            yield match.span()


def may_be(name: str, *, surely: bool) -> bool:
    """Tell whether a word can be somebody; without a list it must not look like anything else."""
    words = [part for part in name.split() if part[0].isupper() and part.lower() not in PARTS]
    word = words[0] if words else name.split(maxsplit=1)[0]
    lower = word.lower()
    if only_a_name(word) or a_surname(word):
        return True
    parts = word.split("-")
    compound = len(parts) > 1 and (parts[0].isupper() or parts[1].islower())
    if (
        word.isupper()
        or compound
        or _SOMEBODYS.fullmatch(lower)
        or lower in NO_ANSWER | COMMON | PLACES | OFFICES
        or (lower in ABSTRACT and len(name.split()) == 1)
    ):
        return False
    if also_a_word(word) or also_a_place(word):
        return surely or lower not in PARTNERS
    return (surely or len(lower) > len("Ann")) and not _ORIGIN.search(lower)
