"""Names of people, working names too, where the words around say that it is one."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.no_names import COMMON, GIVEN, NO_ANSWER, PLACES

_QUOTE = r"['\"“”„‘’«»]"
_WORD = r"[^\W\d_][^\W\d_'’-]{0,30}(?:['’-][^\W\d_]{1,30})?"
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞĂÂÎȘȚŞŢ][^\W\d_]{1,30}(?:['’-][^\W\d_]{1,30})?|[A-Z]\.)"
_TITLE = r"(?:(?:Miss|Mistress|Mrs|Ms|Mr|Lady|Madame|Sir|Master|Mevrouw|Meneer|Doamna|Domnul|Domnișoara)\.?\s)"

_SAID = re.compile(
    rf"""\b(?:
      (?:my|her|his|their|the)\s(?:(?:real|full|first|last|working|work|stage|escort|trade|online|chat|other
        |legal|birth|actual|advert|profile)\s){{0,2}}names?(?:['’]s|\s(?:is|was|are|=|:))
      | (?:working|work|stage|escort|real|full|screen)[ -]name\s?(?:is|was|:|=)
      | (?:mijn|haar|zijn|hun|m'n)\s(?:(?:echte|volledige|voor|achter)\s?)?(?:naam|werknaam|voornaam
        |achternaam|artiestennaam|schuilnaam)\s(?:is|was|:)
      | (?:werknaam|artiestennaam|schuilnaam|echte\snaam)\s?(?:is|was|:|=)
      | (?:ik|ze|zij|hij)\sheet(?:te)?(?:\s(?:eigenlijk|echt))?
      | (?:m[ăa]|te|o|[îi]l)\s(?:nume[sșş]c|nume[sșş]te|cheam[ăa])
      | numele\s(?:meu|ei|lui|lor|real|de\s(?:scen[ăa]|lucru|familie|botez))(?:\s(?:real|adev[ăa]rat
        |de\sscen[ăa]|de\slucru))?\s?(?:este|e|era|:)?
    )\s{{0,2}}(?P<quote>{_QUOTE})?""",
    re.VERBOSE | re.IGNORECASE,
)
"""After these a name follows, whatever its letters."""
_SHOWN = re.compile(
    rf"""\b(?:
      (?:please\s)?calls?\s(?:me|her|him|them|herself|himself|themselves|myself)
      | (?:working|work|stage|escort|real|full|screen)[ -]names?,?
      | werknaam | artiestennaam | schuilnaam | echte\snaam
      | (?:called|named) | knows?\s(?:me|her|him|them)\sas
      | (?:known|advertis(?:es|ing|e|ed)|work(?:s|ing|ed)?|post(?:s|ing)|listed|signed|introduced\s(?:her|him)self)
        \s(?:\w{{1,10}}\s){{0,2}}?(?:as|under\sthe\sname(?:\sof)?)
      | (?:goes|go|going|went)\sby(?:\sthe\sname(?:\sof)?)?
      | under\sthe\sname(?:\sof)? | by\sthe\sname\sof
      | (?:die|heet(?:\s(?:ik|ze|zij|hij))?|klant|vrouw|man|meisje)\sheet(?:te)? | heet
      | noem(?:t|en|de|den)?\s(?:me|mij|zich(?:zelf)?|haar|hem|ze)
      | (?:bekend|werkt|werk|adverteert|staat)\s(?:\w{{1,10}}\s){{0,2}}?(?:als|onder\sde\snaam)
      | onder\sde\snaam | genaamd | luistert\snaar\sde\snaam
      | se\snume[sșş]te | (?:[îi]mi|[îi]i|[îi][sșş]i)\s(?:zice|spune|zic) | zis[ăa] | pe\snume
      | sub\snumele(?:\sde)? | cunoscut[ăa]?\s(?:ca|drept|sub\snumele(?:\sde)?)
      | (?:lucrez|lucreaz[ăa])\s(?:ca|sub\snumele(?:\sde)?)
    )\s{{0,2}}(?P<quote>{_QUOTE})?""",
    re.VERBOSE | re.IGNORECASE,
)
"""After these it is one if it is written as one."""
BEFORE = 60
"""How far back a word may stand that says what follows."""
_THING = re.compile(
    r"\b(?:project|service|site|tool|page|form|app|pool|channel|campaign|scheme|organi[sz]ation|charity|group|forum"
    r"|clinic|centre|centrum|dienst|proiectul?|serviciul?|website|platform|text|session|answer|it|this|that|what"
    r"|which|dit|dat|het|hoe|wat|ce)\W{1,3}(?:\w{1,8}\s){0,2}\Z",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"\s?(?P<name>{_TITLE}?{_WORD}(?:\s(?:(?:de|van|der|den|la|le|O')\s){{0,2}}{_CAPITAL}){{0,3}})"
)
_NEXT_QUOTED = re.compile(rf"\s?(?P<name>[^'\"“”„‘’«»\n]{{1,40}}){_QUOTE}")
_MAYBE = re.compile(
    rf"\b(?:I\s?am|I['’]?m|[Tt]his\sis|[Ii]t['’]?s|[Hh]i,?|[Hh]ello,?|[Hh]ey,?|[Ll]ove,?|[Rr]egards,?|[Tt]hanks,?"
    rf"|[Mm]et|[Ww]ith|[Aa]sk(?:ed)?\sfor|[Ii]k\sben|[Hh]oi,?|[Hh]allo,?|[Gg]roet(?:jes)?,?|[Dd]it\sis|[Mm]et"
    rf"|[Ss]unt|[Bb]un[ăa],?|[Ss]alut,?|[Aa]ici|[Ee]u\ssunt|[Vv]orbit\scu|[Tt]old|[Tt]o|[Vv]an|[Ll]ui|[Cc]u)"
    rf"\s(?P<name>{_TITLE}?{_CAPITAL}(?:\s{_CAPITAL}){{0,2}})"
)
_IS = re.compile(r"(?:I\s?am|I['’]?m|[Ii]k\sben|[Ss]unt|[Tt]his\sis|[Dd]it\sis)\s")
_PERSON = re.compile(r"(?<![\w'’.@/-])[A-ZÀ-ÖØ-ÞĂÂÎȘȚŞŢ][^\W\d_]{1,30}(?![\w@/])")
_SURNAME = re.compile(
    rf"(?:-[A-Z][^\W\d_]{{1,30}})?(?:\s(?:(?:de|van|der|den|ten|ter|la|O')\s){{0,2}}{_CAPITAL}){{0,2}}(?![\w@])"
)
_SAINT = re.compile(
    r"\b(?:St|Saint|Queen|King|Sint|Sf|Sfânt[au]?|Prince|Princess|Lord|Pope|Koning|Koningin)\.?\s\Z"
)
_NO_PERSON = re.compile(
    r"(?:['’]s)?\s(?:\w{1,20}\s)?(?:street|road|avenue|lane|house|hospital|clinic|centre|center|trust|foundation|university"
    r"|college|school|station|square|park|project|council|act|law|award|day|institute|church|straat|laan|plein|ziekenhuis"
    r"|huis|stichting|spital|strada|universitate\w*)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    r"\b(?:initials?|initialen|ini[tțţ]ialele|voorletters?)\b\s?(?:are|is|were|zijn|sunt|:|,)?\s?(?:only\s)?"
    r"(?P<name>(?:[A-Z]\.?\s?){2,4})(?![a-z])"
)


def names(text: str) -> Iterator[tuple[int, int]]:
    """Find names of people by what stands before them, and given names that are nothing else."""
    yield from _said(text)
    yield from _greeted(text)
    yield from _given(text)
    for match in _INITIALS.finditer(text):
        yield match.start("name"), match.start("name") + len(match["name"].rstrip())


def _said(text: str) -> Iterator[tuple[int, int]]:
    for cues in (_SAID, _SHOWN):
        for cue in cues.finditer(text):
            before = max(0, cue.start() - BEFORE)
            if cues is _SHOWN and _THING.search(text, before, cue.start()):
                continue
            found = (_NEXT_QUOTED if cue["quote"] else _NEXT).match(text, cue.end())
            any_letters = cues is _SAID or cue["quote"] is not None
            if found and _follows(found["name"], any_letters=any_letters):
                yield found.span("name")


def _greeted(text: str) -> Iterator[tuple[int, int]]:
    for match in _MAYBE.finditer(text):
        first = _first(match["name"])
        known = first in GIVEN and not _NO_PERSON.match(text, match.end("name"))
        if known or (_IS.match(match.group()) and _may_be(first)):
            yield match.span("name")


def _given(text: str) -> Iterator[tuple[int, int]]:
    for match in _PERSON.finditer(text):
        before = max(0, match.start() - BEFORE)
        if match.group().lower() not in GIVEN or _SAINT.search(text, before, match.start()):
            continue
        rest = _SURNAME.match(text, match.end())
        if not _NO_PERSON.match(text, match.end()):
            yield match.start(), rest.end() if rest else match.end()


def _first(name: str) -> str:
    words = re.sub(rf"^{_TITLE}", "", name).split()
    return words[0].lower() if words else ""


def _follows(name: str, *, any_letters: bool) -> bool:
    """Tell a name from what else may follow: a word of its own, not one of every sentence."""
    first = _first(name).strip(".")
    if not first or first in NO_ANSWER:
        return False
    if any_letters:
        return name[0].isupper() or first not in COMMON
    return (
        name[0].isupper()
        and not name.split(maxsplit=1)[0].isupper()
        and first not in COMMON | PLACES
    )


def _may_be(first: str) -> bool:
    return first.strip(".") not in NO_ANSWER | COMMON | PLACES
