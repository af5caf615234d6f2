"""E-mail and web addresses and user names, also where somebody spelled them to get past a filter."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email

TLD = (
    r"(?:com|org|net|info|biz|co\.uk|org\.uk|co|uk|nl|ro|ie|de|be|eu|fr|es|it|pl|bg|hu|pt|se|at|ch|me"
    r"|io|tv|link|app|chat|xxx|xyz|online|site|club|live|page|bio|cc|gg|ly|ee|to|fm|ai|dev|shop|blog"
    r"|example|test|invalid)"
)
MAILERS = (
    r"(?:gmail|googlemail|hotmail|outlook|yahoo|ymail|icloud|proton|protonmail|tutanota|live|aol|gmx"
    r"|ziggo|kpnmail|planet|xs4all|rambler|btinternet|sky|msn)"
)
AT = r"(?:@|\(\s?(?:at|a|@)\s?\)|\[\s?(?:at|a|@)\s?\]|\{\s?(?:at|a|@)\s?\}|<at>|_at_|-at-|\*at\*)"
AT_WORD = (
    r"(?:at|apenstaartje|aapenstaart|apestaartje|arond|arong|aron|a\s?rond|coadă\s?de\s?maimuță"
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
    rf"(?:\s?(?:{DOT}|\b{DOT_WORD}\b)\s?[\w-]{{1,63}}){{0,2}}"
    rf"\s?(?:{DOT}|\b{DOT_WORD}\b)\s?{TLD}(?![\w-])",
    re.IGNORECASE,
)
_MAILER = re.compile(
    rf"(?<![\w.+-]){LOCAL}\s{{1,2}}(?:{AT}|{AT_WORD})\s{{1,2}}{MAILERS}(?![\w-])", re.IGNORECASE
)
_GLUED = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}AT[a-z0-9-]{1,63}DOT[a-z]{2,10}\b")

PUBLIC_SITE = re.compile(
    r"(?:[\w-]+\.){0,4}(?:gov\.uk|nhs\.uk|police\.uk|ac\.uk|gov\.ie|hse\.ie|gov\.ro|politiaromana\.ro"
    r"|gov\.scot|nhs\.scot|overheid\.nl|rijksoverheid\.nl|politie\.nl|belastingdienst\.nl|thuisarts\.nl"
    r"|ggd\.nl|uwv\.nl|kvk\.nl|europa\.eu|who\.int|samaritans\.org|uglymugs\.org|uglymugs\.ie"
    r"|citizensadvice\.org\.uk|shelter\.org\.uk)\Z",
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
_SPELLED_SITE = re.compile(
    rf"(?<![\w.-])(?:www\s?{DOT_WORD}\s)?[\w-]{{2,63}}\s?(?:{DOT_WORD}|\(\s?{DOT_WORD}\s?\)|\[\s?{DOT_WORD}\s?\])"
    rf"\s?{TLD}(?![\w-])(?:\s?(?:/|slash|schuine\sstreep)\s?[\w.-]{{1,64}})?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?([^/?#:]+)", re.IGNORECASE)
TRAILING = ".,;:!?)]}'\"»”"

PLATFORM = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|telegram|tele|tg|twitter|tiktok|tik\stok|only\s?fans|kik"
    r"|whats\s?app|skype|discord|facebook|fb|viber|adultwork|aw|vivastreet|fansly|linktree|reddit|bluesky"
    r"|mastodon|switter|signal|wechat|youtube|twitch|sexjobs|kinky|publi24|fetlife|grindr|x)"
)
_AT_NAME = re.compile(r"(?<![\w@./])@[^\W\d_][\w.]{1,63}|(?<![\w/])/?u/[\w-]{3,30}")
_NAME_SIGN = r"(?=[\w.-]{0,30}[\d_.])[^\W_][\w.-]{2,30}[\w]"
_ON_PLATFORM = re.compile(
    rf"\b{PLATFORM}\b\s?(?:(?:user\s?name|username|name|handle|id|account|profile|profiel|naam|cont"
    rf"|contul|user|gebruikersnaam|nume)\s?)?(?:is|:|=|-|e|este|heet|,)?\s?@?(?P<name>{_NAME_SIGN})",
    re.IGNORECASE,
)
_OWNED = re.compile(
    rf"\b(?:my|her|his|their|mijn|m'n|haar|zijn|hun)\s{PLATFORM}\b\s?(?:name|handle|id|account|profile"
    rf"|naam|profiel|user\s?name)?\s?(?:is|heet|:|=)\s?@?(?P<name>[^\W\d_][\w.-]{{2,30}})"
    rf"|\b{PLATFORM}(?:-?ul|-?u)?\s(?:meu|mea|ei|lui|lor)\s?(?:e|este|:|=)\s?@?(?P<ro>[^\W\d_][\w.-]{{2,30}})",
    re.IGNORECASE,
)
_AS_USER = re.compile(
    rf"\b(?:user\s?name|username|handle|screen\s?name|nickname|profile\sname|gebruikersnaam|profielnaam"
    rf"|nume\sde\sutilizator|userul)\s?(?:is|was|:|=|e|este)\s?['\"“„‘]?(?P<name>[^\W_][\w.-]{{2,30}})"
    rf"|(?P<signed>{_NAME_SIGN})\s(?:on|op|pe)\s(?:insta(?:gram)?|snap(?:chat)?|telegram|only\s?fans"
    rf"|twitter|tiktok|adultwork|fansly|kik|reddit|vivastreet)\b"
    rf"|(?:(?:i'm|i\sam|me|as|follow|she's|he's|ik\sben|als|sunt|ca)\s)(?P<first>[^\W\d_][\w.]{{2,30}})\s(?:on|op|pe)\s(?:insta(?:gram)?|snap(?:chat)?|telegram"
    rf"|only\s?fans|twitter|tiktok|adultwork|fansly|kik|reddit|vivastreet)\b",
    re.IGNORECASE,
)
NO_NAME = frozenset(
    "and or the is not now here there open closed down private public full new old best fine good gone"
    " banned blocked deleted hacked only also too very still just live account page post posts message"
    " messages us me you them him her it en of niet dicht open weg vol nieuw ook nog si și nu este deja"
    " sau pe la in on op at for with from about active present us all people them one team project"
    " someone anybody workers escorts posted advert adverts advertising working talking chat chats"
    " services service link links group groups profile profiles app apps message iemand mensen"
    " profiel berichten mesaj mesaje oameni grup grupuri contul cont blocat blocată închis sters șters"
    " shut locked offline online safe unsafe popular useful busy quiet free slow suspended being used"
    " great okay important allowed".split()
)


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Find e-mail addresses, as they are or with their signs put into words."""
    for match in _PLAIN.finditer(text):
        written = match.group().rstrip(".!?-")
        try:
            validate_email(written, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
        yield match.start(), match.start() + len(written)
    for pattern in (_SPACED, _SPELLED, _MAILER, _GLUED):
        for match in pattern.finditer(text):
            if pattern is not _SPACED or _is_address(match.group()):
                yield match.start(), match.end()


def _is_address(found: str) -> bool:
    """Tell `ann (at) example.org` from a price or a time after `@`."""
    _, _, host = re.split(rf"({AT})", found, maxsplit=1, flags=re.IGNORECASE)[:3]
    host = re.sub(r"\s", "", host)
    dotted = re.search(r"(?:\.|dot|punt|punct)\W?[a-z]{2,}", host, re.IGNORECASE) is not None
    named = re.fullmatch(MAILERS, host, re.IGNORECASE) is not None
    bracket = re.search(r"[\[({<_*-]\s?(?:at|a|@)\s?[\])}>_*-]", found, re.IGNORECASE) is not None
    return (dotted or named or bracket) and not host[:1].isdigit()


def urls(text: str) -> Iterator[tuple[int, int]]:
    """Find addresses of pages and sites, except those of authorities and national services."""
    for pattern in (_SCHEME, _BARE, _SPELLED_SITE):
        for match in pattern.finditer(text):
            written = match.group().rstrip(TRAILING)
            host = _HOST.match(written)
            if host and PUBLIC_SITE.fullmatch(host[1].removeprefix("www.")):
                continue
            yield match.start(), match.start() + len(written)


def handles(text: str) -> Iterator[tuple[int, int]]:
    """Find user names: after an at sign, or beside the name of a platform."""
    for match in _AT_NAME.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip("."))
    for pattern in (_ON_PLATFORM, _OWNED, _AS_USER):
        for match in pattern.finditer(text):
            name = next(group for group in match.groupdict() if match[group])
            if match[name].lower().strip(".-") not in NO_NAME:
                yield match.start(name), match.end(name)
