"""What an organisation calls itself on platforms and where its site is: that identifies nobody."""

import re

from federation.screen.words.heard_of import heard_of
from federation.screen.words.known_names import is_listed
from federation.screen.words.platforms import PLATFORM

_WORDS = (
    r"(?:netreach|project|proiect|clinic|kliniek|clinica|council|gemeente|primaria|police|politie|politia|hospital"
    r"|ziekenhuis|spital|charity|foundation|stichting|fundatia|asociatia|association|vereniging|institut|university"
    r"|universiteit|ministry|ministerie|helpline|hulplijn|shelter|refuge|outreach|health(?!y)|gezondheid|sanatate"
    r"|decrim|uglymugs|ugly-mugs|sexwork(?:er)?s?|sekswerk|soaaids|redcross|rodekruis|crucearosie|union|vakbond|library|buurtteam)"
)
_BEGINS = re.compile(
    rf"(?:ggd|nhs|hse|aras|proud|(?:uk)?swarm|num)(?![a-z]?\d)|\w*{_WORDS}", re.IGNORECASE
)
_ABOUT = (
    rf"(?:{PLATFORM}|account|acc|page|pagina|handle|name|naam|channel|kanaal|profile|profiel|user(?:name)?|own|new|nieuwe"
    r"|nume(?:le)?|cont(?:ul)?|profil(?:ul)?|canalul?|eigen|noul|noua)"
)
_IS = r"(?:\s?(?:is|was|heet|called|now|nu|este|e|:|=|at)){0,2}\s?['\"“„‘]?@?\Z"
_OURS = re.compile(
    rf"\b(?:our|ons|onze|the\s(?:project|team|clinic|service|pool)['’]s)(?:[\s-]{_ABOUT}){{1,4}}(?:\s(?:on|op)\s{PLATFORM})?{_IS}"
    rf"|\b(?:the|de|het)(?:[\s-]{_ABOUT}){{1,3}}\s(?:of|van)\s(?:(?:the|our|het|de|ons|onze)\s)?(?:project|team|clinic|service|pool|kliniek|dienst|ggd){_IS}"
    rf"|\b{_ABOUT}(?:-?ul|a)?\s(?:nostru|noastr[ăa]|proiectului|echipei|clinicii|asocia[țt]iei)(?:\s(?:de|pe)\s{PLATFORM})?{_IS}",
    re.IGNORECASE,
)
REACH = 90
_SITE = re.compile(
    r"(?:https?://)?(?:www\.)?(?P<host>[\w.-]+?)\.(?P<end>[a-z]{2,12}(?:\.uk)?)/?(?P<path>[^?#]*)",
    re.IGNORECASE,
)
_OF_ALL = re.compile(rf"(?:{PLATFORM})", re.IGNORECASE)
_ENDS = frozenset("org org.uk ngo charity foundation".split())
_DESKS = frozenset(
    "info contact hello help support office admin mail post welcome advice enquiries reception team balie vragen".split()
)
_PAGES = frozenset(
    "help terms rules privacy about legal support safety settings login signup accounts explore contact policies"
    " community guidelines blog faq pricing accounts".split()
)


def an_organisations(text: str, start: int, end: int) -> bool:
    """Tell whether an account is named as an office is, or is said to be ours."""
    name = text[start:end].lstrip("@")
    if _BEGINS.match(name) and not re.search(r"\d", name):
        return True
    return _OURS.search(text, max(0, start - REACH), start) is not None


def an_organisations_mail(written: str) -> bool:
    """Tell the address of an office, where nobody is named."""
    local, _, host = written.partition("@")
    return local.lower() in _DESKS and an_organisations_site(host)


def an_organisations_site(written: str) -> bool:
    """Tell the front page or a leaflet of an organisation, or of a platform, from somebody's page."""
    site = _SITE.fullmatch(written)
    if not site:
        return False
    parts = [part for part in re.split(r"[/._-]", site["path"].lower()) if part]
    if _OF_ALL.fullmatch(site["host"]):
        return all(part in _PAGES for part in parts)
    host = site["host"].lower()
    named = _BEGINS.match(host) or (
        site["end"].lower() in _ENDS and all(map(_is_a_page, host.split("-")))
    )
    return bool(named) and all(map(_is_a_page, parts))


def _is_a_page(part: str) -> bool:
    return part.isalpha() and not is_listed(part) and (heard_of(part) or part in _PAGES)
