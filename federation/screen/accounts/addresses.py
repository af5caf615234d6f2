"""E-mail and web addresses, also where somebody spelled them to get past a filter."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email

from federation.screen.accounts.organisations import (
    an_organisations_mail,
    an_organisations_site,
)

TLD = (
    r"(?:com|org|net|info|biz|co\.uk|org\.uk|co|uk|nl|ro|ie|de|be|eu|fr|es|it|pl|bg|hu|pt|se|at|ch|me"
    r"|io|tv|link|app|chat|xxx|xyz|online|site|club|live|page|bio|cc|gg|ly|ee|to|fm|ai|dev|shop|blog"
    r"|fans|cam|sex|porn|adult|webcam|dating|vip|social|gay|video|pics|photo|photos|studio|website|massage|nu|sk|cz|hr|gr|fi|dk|lt|lv|ua|ru|md|com\.\w\w"
    r"|fun|store|space|top|today|love|sexy|girls|pink|red|me\.uk|agency|lgbt|world|beauty|com\.au|amsterdam|london|scot|wales|brussels|escort"
    r"|example|test|invalid)"
)
MAILERS = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|proton|protonmail|tutanota|live|aol|gmx"
    r"|ziggo|kpnmail|kpn|planet|xs4all|rambler|btinternet|sky|msn|hetnet|casema|upcmail|chello|tele2|telfort|virginmedia|virgin|talktalk|ntlworld|yandex|zoho|fastmail|hushmail|mailbox|posteo|onet|interia"
    r"|abv|freemail|citromail|eircom|rocketmail|clicknet|romtelecom|mailinator|tuta|telenet|skynet|proximus|web\.de|mail\.ru|mail\.com)"
)
AT = r"(?:@|\(\s?(?:at|a|@)\s?\)|\[\s?(?:at|a|@)\s?\]|\{\s?(?:at|a|@)\s?\}|<at>|_at_|-at-|\*at\*)"
AT_WORD = (
    r"(?:at|at[ -]?(?:sign|teken)|apenstaartje|aapenstaart(?:je)?|apestaart(?:je)?|slingeraap|arond|aronda|arong|aron|aroond|a[ -]?rond|semnul\s?arond|coadă\s?de\s?maimuță"
    r"|coada\s?de\s?maimuta|bij|la)"
)
DOT = r"(?:\.|\(\s?(?:dot|punt|punct|\.)\s?\)|\[\s?(?:dot|punt|punct|\.)\s?\]|\{\s?(?:dot|punt|punct)\s?\}|-dot-|_dot_)"
DOT_WORD = r"(?:dot|punt|punct)"
LOCAL = r"[\w+][\w.+'-]{0,63}"

_PLAIN = re.compile(rf"(?<![\w.+-]){LOCAL}@[^\s<>()\[\],;:\"'@]{{1,255}}")
_SPACED = re.compile(
    rf"(?<![\w.+-]){LOCAL}(?:\s?{AT}\s?)[\w-]{{1,63}}(?:\s?(?:{DOT}|\s{DOT_WORD})\s?[\w-]{{1,63}}){{0,3}}",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"(?<![\w.+-])(?:[\w+-]{{1,64}}(?:\s(?:{DOT_WORD}|underscore|liggend streepje|minus|streepje|dash)"
    rf"\s[\w+-]{{1,64}}){{0,3}}|{LOCAL})\s{{1,2}}{AT_WORD}\s{{1,2}}[\w-]{{1,63}}"
    rf"(?:\s?(?:{DOT}|\b{DOT_WORD}\b|\s(?:dash|hyphen|minus|streepje|koppelteken|liniu[țt][ăa]|cratim[ăa]))\s?[\w-]{{1,63}}){{0,3}}"
    rf"\s?(?:{DOT}|\b{DOT_WORD}\b)\s?(?:{TLD}|c\so\sm|n\sl|r\so|u\sk)(?![\w-])",
    re.IGNORECASE,
)
_MAILER = re.compile(
    rf"(?<![\w.+-]){LOCAL}\s{{1,2}}(?:{AT}|{AT_WORD})\s{{1,2}}{MAILERS}(?![\w-])", re.IGNORECASE
)
_NO_AT = re.compile(
    rf"(?<![\w.+-]){LOCAL}(?:\s|\s?[#*%&]\s?){MAILERS}\s?(?:{DOT}|{DOT_WORD}|\s)\s?(?:com|net|co\.?\s?uk|nl|ro|ie|be|me|fr|de|eu|bg|hu|pl)(?![\w-])",
    re.IGNORECASE,
)
"""With the sign left out, or another in its place."""
_AT_MAILER = re.compile(
    r"\b(?:gmail|hotmail|yahoo|outlook|icloud|proton(?:mail)?)(?:-?ul)?\b[^.!?@\n]{0,15}?(?:\sis|:|\se|\seste|\sheet|\sas|\sals|\sca)\s(?P<name>(?=[\w.-]{0,30}(?:[\d_]|\.\w))[^\W_][\w.-]{2,30}\w)",
    re.IGNORECASE,
)
_LETTER_BY_LETTER = re.compile(
    r"(?<![\w.+-])(?:[\w.] ){2,40}@(?: ?[\w-]){1,40}(?: ?\. ?(?:[\w-] ?){2,12}){1,3}(?![\w-])"
)
_GLUED = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}AT[a-z0-9-]{1,63}DOT[a-z]{2,10}\b")

PUBLIC_SITE = re.compile(
    r"(?:[\w-]+\.){0,4}(?:gov\.uk|nhs\.uk|police\.uk|ac\.uk|gov\.ie|hse\.ie|gov\.ro|politiaromana\.ro"
    r"|gov\.scot|nhs\.scot|overheid\.nl|rijksoverheid\.nl|politie\.nl|belastingdienst\.nl|thuisarts\.nl"
    r"|ggd\.nl|uwv\.nl|kvk\.nl|europa\.eu|who\.int|samaritans\.org|uglymugs\.org|uglymugs\.ie"
    r"|bol\.com|booking\.com|amazon\.(?:com|co\.uk|nl|de)|ns\.nl|emag\.ro|gmail\.com|citizensadvice\.org\.uk|shelter\.org\.uk)\Z",
    re.IGNORECASE,
)
"""Where nobody has a profile: authorities and national services."""
_SCHEME = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"']{1,2000}|\bwww\.[^\s<>\"']{1,2000}", re.IGNORECASE
)
_BARE = re.compile(
    rf"(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,5}}{TLD}(?![\w-])(?:/[^\s<>\"']{{0,2000}})?",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,3}[a-z]{2,12}(?:/|\\| slash | (?:schuine )?streep | backslash | bar[ăa] )[\w?=@.-]{2,200}",
    re.IGNORECASE,
)
"""A site with a page is one, whatever its ending."""
_CALLED_SITE = re.compile(
    r"\b(?:web)?(?:site|pagina|page|website)(?:-?ul)?\b\W{0,2}(?:(?:is|ei|lui|e|este|heet|called|now|nu)\b\W{0,2}){0,3}(?P<site>[a-z0-9][a-z0-9-]{1,62}\.[a-z]{3,12})(?![\w-])",
    re.IGNORECASE,
)
_SLASH = r"(?:/|(?:forward\s)?slash|schuine\sstreep|bar[ăa](?:\soblic[ăa])?)"
_SPELLED_SITE = re.compile(
    rf"(?<![\w.-])(?:www\s?{DOT_WORD}\s)?[\w-]{{2,63}}\s?(?:{DOT_WORD}|\(\s?{DOT_WORD}\s?\)|\[\s?{DOT_WORD}\s?\])"
    rf"\s?{TLD}(?![\w-])(?:\s?{_SLASH}\s?[\w.-]{{1,64}})?"
    rf"|(?<![\w.-])\w\s?{DOT_WORD}\s(?:com|me)\s?{_SLASH}\s?[\w.-]{{2,64}}|\bt\sme/[\w.-]{{3,64}}",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?([^/?#:]+)", re.IGNORECASE)
_SPACED_SITE = re.compile(
    r"\bwww[ .]{1,3}[a-z0-9-]{2,63}(?:[ .]{1,3}[a-z0-9-]{2,63}){1,3}"
    r"|(?<![\w.-])[a-z0-9-]{3,63}(?: \. (?:co \. uk|com|nl|ro|ie|net|org)(?![\w.-])|(?: \.|\. )(?:co(?: \.|\. ?)uk|com|nl|ro|ie|net|org)(?![\w.-]| [a-z]))",
    re.IGNORECASE,
)
"""With blanks about its dots, or instead of them."""
_FROM = re.compile(
    r"(?:de\sla|(?:en|of|ook|nu|nog|is|kijk|zoek|werk|werkt|schuld|account|rekening)\sbij|(?:and|is|are|was|look|looked|works?|working|account|posted|advert)\sat|(?:[șs]i|sau|e|este|anun[țt]\w*|cont\w*|lucreaz[ăa])\sla)\s",
    re.IGNORECASE,
)
"""Where someone is from, or with whom: an account at Sky, camera de la Imobiliare.ro."""
_SEEN_AT = re.compile(
    rf"(?:rules?|terms|ads?|adverts?|leaflets?|forms?|page|site|folders?|regels|advertenties?|formulier|pliant(?:ul)?|reguli|anun[țt]uri|formular(?:ul)?|look|lies|kijk)\s(?:at|op|bij|la)\s(?:www\.)?[\w.-]+\.{TLD}",
    re.IGNORECASE,
)
"""Where a leaflet or a rule is to be read."""
_NEXT_SENTENCE = re.compile(r"(?:at|bij|la)\s[^\W\d_]+\.\s[A-ZȘȚĂÎ][a-z]\Z")
"""Point at you. It can be named."""
TRAILING = ".,;:!?)]}'\"»”"


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Find e-mail addresses, as they are or with their signs put into words."""
    for match in _PLAIN.finditer(text):
        written = match.group().rstrip(".!?-")
        try:
            validate_email(written, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        if not an_organisations_mail(written):
            yield match.start(), match.start() + len(written)
    yield from (match.span("name") for match in _AT_MAILER.finditer(text))
    for pattern in (_SPACED, _SPELLED, _MAILER, _NO_AT, _GLUED, _LETTER_BY_LETTER):
        for match in pattern.finditer(text):
            in_a_sentence = (
                an_organisations_mail(match.group())
                or _FROM.match(match.group())
                or _NEXT_SENTENCE.search(match.group())
                or _SEEN_AT.fullmatch(match.group())
            )
            if not in_a_sentence and (pattern is not _SPACED or _is_address(match.group())):
                yield match.start(), match.end()


def _is_address(found: str) -> bool:
    """Tell `ann (at) example.org` from a price or a time after `@`."""
    _, _, host = re.split(rf"({AT})", found, maxsplit=1, flags=re.IGNORECASE)[:3]
    host = re.sub(r"\s", "", host)
    dotted = re.search(r"(?:\.|dot|punt|punct)\W?[a-z]{2,}", host, re.IGNORECASE) is not None
    named = re.fullmatch(MAILERS, host, re.IGNORECASE) is not None
    bracket = re.search(r"[\[({<_*-]\s?(?:at|@)\s?[\])}>_*-]", found, re.IGNORECASE) is not None
    return (dotted or named or bracket) and not host[:1].isdigit()


def urls(text: str) -> Iterator[tuple[int, int]]:
    """Find addresses of pages and sites, except those of authorities and national services."""
    for pattern in (_SCHEME, _BARE, _PATH, _SPELLED_SITE, _SPACED_SITE):
        for match in pattern.finditer(text):
            written = match.group().rstrip(TRAILING)
            host = _HOST.match(written)
            public = host and PUBLIC_SITE.fullmatch(host[1].removeprefix("www."))
            if public or an_organisations_site(written):
                continue
            yield match.start(), match.start() + len(written)
    for match in _CALLED_SITE.finditer(text):
        if not an_organisations_site(match["site"]):
            yield match.span("site")
