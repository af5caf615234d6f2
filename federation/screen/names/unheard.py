"""Somebody whom no list knows: a word of no language where a person stands."""

import re
from collections.abc import Iterator

from federation.screen.names.small_letters import TALKS
from federation.screen.words.called_after import SAINT
from federation.screen.words.doing import does_what_people_do
from federation.screen.words.known_names import CAPITALS
from federation.screen.words.no_word import is_no_word

_WORD = r"(?P<name>[^\W\d_]{3,20})(?![\w@/'’-])"
_CUED = re.compile(
    rf"""\b(?i:
      (?:(?:spoke|spoken|speaking|talked|talking|speak|talk|chat|chatted|chatting|sat|waited|stayed)\s(?:to|with|for)|met|saw|seen|told|tell|texted|text|rang|phoned|messaged|reminded|remind
        |hugged|drove|called|named|thanked|heard\sfrom|note\sfrom|message\sfrom|text\sfrom|handed\sover\sto|handover\sto)
      | (?:gesproken|gebeld|gepraat|gechat|geappt|afgesproken|gezeten)\smet | (?:sprak|zag|zagen|belde|bel|app|appte|vroeg|vraag(?:\saan)?|heet|heette|genaamd|gezegd\stegen|zeg\stegen|zei\stegen|geholpen|overgedragen\saan|bericht\svan|briefje\svan|appje\svan)
      | (?:vorbit|discutat|v[ăa]zut|[îi]nt[âa]lnit|stat|vorbi)\scu | (?:\b(?:o|[îi]l)\s|-[ol]\s?)(?:\w{{2,12}}\s)?pe | v[ăa]zut-[ol]\spe|sunat-[ol]\spe | cheam[ăa] | nume[șs]te | lui | mesaj\sde\sla | predat\slui | despre\sfata | grij[ăa]\sde | dor\sde | fric[ăa]\sde | [îi]ntreb(?:at|e)?\sde | acas[ăa]\sla | (?:ceva|nimic|ve[șs]ti|[șs]tiri)\s(?:de|despre)
    )\s{_WORD}""",
    re.VERBOSE,
)
_DUTCH = re.compile(
    r"\b(?i:met|aan)\s(?P<name>[^\W\d_]{3,20})\s(?:over|gesproken|gebeld|gepraat|gechat|geappt|gegeven|gevraagd|verteld|uitgelegd|doorgegeven|meegegeven|mee|de\s\w{4,12}\sgegeven|de\s\w{3,12}\s\w{4,12}\sgegeven)\b"
)
_AMID = re.compile(
    rf"(?P<before>[^\W\d_]{{1,12}})\s(?P<name>[{CAPITALS}][a-zß-ÿăâîșțşţ]{{2,19}}(?:-[{CAPITALS}][a-zß-ÿăâîșțşţ]{{1,19}})?)(?:['’]s)?(?![\w@/’-]|\s[{CAPITALS}&]|['’](?!s))"
)
_PLACED = frozenset(
    """
    in at from to near via of through outside around on by into under the a an this our their your no not or and new old
    naar uit bij te rond op de het een in door langs over om onder richting aan dit die deze geen en of via ten
    din la în in spre pe prin de lângă langa un o sau și si către spre despre prin fără fara sub peste
    brand app site called named app pub hotel bar club street road town village straat dorp stad hotel bar club
    oraș oras strada satul comuna barul clubul hotelul zona cartierul platform platforma
    """.split()
)
"""After these stands a place as often as somebody, or a thing."""
_TOWN = re.compile(
    r"(?:straat|weg|laan|plein|kade|gracht|dijk|brug|markt|huis|burg|dam|dorp|stad|veen|wijk|buurt|oord|recht|meer|ziekenhuis|kliniek|school|kerk|berg|beek|broek|horst|haven|poort|singel|hof|park|ton|ham|ford|bury|ley|wick|field|mouth|pool|borough|chester|shire|worth|gate|stone|bridge|thorpe|by|ești|esti|eni|ova|iș|oara|grad)\Z"
)
_OFFICE = re.compile(
    r"(?:net|works?|hub|link|line|lijn|aid|care|bank|pay|apps?|fonds|zorg|huis|punt|plein|team|groep|tech|hulp|steun|watch|wise|med|ro|nl|uk|org|info|[A-Z])\Z"
)
_ONWARD = re.compile(r"\s(?:naar|to|la|spre)\s")
_START = re.compile(
    rf"(?:\A|[.!?:\n•*]\s?|[-–(\"“„]\s?|\b(?i:think|thinks|said|that|because|when|if|and|but|then|denk|dat|omdat|toen|als|want|en|maar|cred|c[ăa]|fiindc[ăa]|dac[ăa]|c[âa]nd|[șs]i|dar|apoi|time|since|until|once|als|sinds|wanneer)\s|,\s)(?={_WORD})"
)
NEAR = 50
_HUMAN = re.compile(
    r"\s(?:came|cried|popped|arrived|forgot|slept|moved|thanked|turned\sup|got\s(?:back|home|hurt|beaten|robbed)|thinks|knows|feels|felt|kwam|huilde|vergat|sliep|bedankte|kreeg|verhuist|bleef|denkt|voelt|draait(?:de)?\smee|neemt\shet\sover|(?:has|heeft|are)\s(?:covid|corona|flu|griep|koorts|grip[ăa]|febr[ăa])|preia|zice\smersi|zegt\sdank|says\s(?:ta|hi)"
    r"|a\s(?:venit|trecut|plecat|pl[âa]ns|uitat|dormit|n[ăa]scut|mul[țt]umit|[îi]ntrebat)|s-a\s(?:mutat|speriat|[îi]ntors|sim[țt]it)|doarme|vine|pleac[ăa]|vrea\s\w+|se\s(?:simte|teme|mut[ăa])|lost\s(?:her|his)\s\w+|has\sthe\s(?:spare\s)?keys?|made\s(?:us\s)?(?:soup|tea|dinner|lunch)|is\sout\sof\shospital|is\s(?:haar|zijn)\s\w+\skwijt|heeft\sde\s(?:reserve)?sleutels?|heeft\s(?:soep|eten|thee|koffie)\s(?:gemaakt|gekookt|gezet)|is\suit\shet\sziekenhuis|[șs]i-a\s(?:pierdut|uitat|spart|rupt|g[ăa]sit)|o\s(?:doare|cheam[ăa])|are\scheia|a\sf[ăa]cut\s(?:ciorb[ăa]|m[âa]ncare|cafea|ceai|sup[ăa])|a\sie[șs]it\sdin\sspital)\b"
    r"|\s\((?:room|kamer|camera|flat|ap)\.?\s?[0-9]"
)
_SOMEBODY = re.compile(r"\b(?:i|we|he|she|they|just|and)\s\Z", re.IGNORECASE)


def unheard_names(text: str) -> Iterator[tuple[int, int]]:
    """Find a word that is none where somebody stands."""
    for pattern in (_CUED, _DUTCH):
        for match in pattern.finditer(text):
            if not _goes_with_a_thing(text, match) and is_no_word(match["name"]):
                yield match.span("name")
    for match in _AMID.finditer(text):
        before = match["before"]
        moved = before.lower() in {"van", "de"} and _ONWARD.match(text, match.end())
        placed = (
            moved or before.lower() in _PLACED or before[0].isupper() or _TOWN.search(match["name"])
        )
        thing = SAINT.search(text, max(0, match.start() - NEAR), match.start("name"))
        if not (placed or thing) and is_no_word(match["name"]):
            yield match.span("name")
    for match in _START.finditer(text):
        # an office rings and asks as well, but is not written in small letters
        small = match["name"].islower()
        end = match.end("name")
        human = (
            _HUMAN.match(text, end)
            or does_what_people_do(text, end, offices=not _OFFICE.search(match["name"]))
            or (small and TALKS.match(text, end))
        )
        if human and is_no_word(match["name"]):
            yield match.span("name")


def _goes_with_a_thing(text: str, match: re.Match[str]) -> bool:
    """Tell what in Dutch goes with something from whom somebody met: met witruimte, she met roisin."""
    dutch = match.group().lower().startswith("met ") and match["name"].islower()
    return dutch and not _SOMEBODY.search(text, max(0, match.start() - len("they ")), match.start())
