"""User names by their shape, and what stands near the name of a platform or the word for an account."""

import re
from collections.abc import Iterator

from federation.screen.looks_like.addresses import TLD
from federation.screen.looks_like.platforms import BRANDS, PLATFORM

SITE_ENDS = re.compile(rf"\.{TLD}\Z", re.IGNORECASE)

_HERE = re.compile(
    rf"(?<![\w@./-]){PLATFORM}(?:[- ]?(?:ul|u|ului|na(?:am|me)|profiel|profile|account))?(?![\w@])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?<![\w@./-])(?:user(?:\s?name)?|user-?ul|handle|nick(?:name)?|screen\s?name|(?:forum|chat|login|board)[\s-]?(?:name|naam|handle)|inlognaam|gebruikersnaam|profielnaam|accountnaam|schermnaam|utilizator(?:ul)?"
    r"|account|profile|profiel|cont(?:ul)?|profil(?:ul)?|pagina\sei|appt|dms?|forum(?:lid|ul)?)(?![\w@])",
    re.IGNORECASE,
)
_MAY = re.compile(
    rf"\b{PLATFORM}|{_ACCOUNT.pattern}|\b(?:gebruiker|pm|page|pagina|ad|advert|anun[țţt]|listing)|\b(?:of|x|line|session|ig)\s?(?:user|account|handle|name|naam|cont|:|=)",
    re.IGNORECASE,
)
NEAR = 60
_SENTENCE = re.compile(r"[!?\n]|\.(?:\s|\Z)")
_SIGNED = re.compile(
    r"(?<![\w@./:#+{\[-])(?=[\w.]{4,40}(?![\w@/}\]]))(?=[^\W\d_]*[\d_]|[\w]*\.[^\W\d_])[^\W\d_][\w.]*\w"
)
"""With a figure, a low line or a dot in it."""
_CAMEL = re.compile(r"(?<![\w@./#-])[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{1,}){1,3}(?![\w@/])")
_XED = re.compile(
    r"(?<![\w@./{\[-])(?=\w{5,})(?:x{1,3}[^\W\d_]{3,}|[^\W\d_]{3,}x{2,3}|[^\W\d_]{3,}xo(?:xo)?|[^\W\d_]{2,}(?:_|\.)?official)(?![\w@/])",
    re.IGNORECASE,
)
"""Kisses on a name: xmiax, jadexo."""
_TAG = re.compile(
    r"(?<![\w@./-])[^\W_][\w.]{2,31}#[0-9]{4}(?![\w])|(?<![\w$])\$[a-z][a-z0-9_-]{3,20}(?![\w])",
    re.IGNORECASE,
)
"""As Discord and Cash App write them."""
_LOW_LINE = re.compile(
    r"(?<![\w@.-])[\w.]{2,30}\s(?:underscore|under\sscore|liggend\sstreepje|laag\sstreepje|(?:linie|liniu[țt][ăa]|bar[ăa])\s(?:de\s)?jos)\s[\w.]{2,30}",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"(?<![\w@./:#-])(?=[a-z]{0,8}[0-9]{1,3}[a-z])(?=(?:[0-9]*[a-z]){4})[a-z][a-z0-9]{5,24}(?![\w@/%]|[.,:-][0-9])"
)
"""Figures in the middle of a word: sw33tlana, lexi4you."""
_DOTTED = re.compile(
    r"(?<![\w@./:#{\[-])(?!www\.)(?=[a-z0-9_.]{8,40}(?![\w@/}\]]))(?=(?:[a-z0-9_]{1,12}\.)*[a-z]{3})[a-z][a-z0-9_]{0,14}(?:\.[a-z0-9_]{1,14}){2,4}(?![\w@/])"
)
"""With two dots and no blank, as no sentence is."""
_YEARED = re.compile(r"(?<![\w@./:#-])[A-Z][a-z]{2,15}[0-9]{2,4}[A-Z][a-z]{2,15}(?![\w@/])")
_AT_SIGN = re.compile(
    r"\b(?:at[ -]?sign|at-teken|apenstaartje|aapenstaart(?:je)?|apestaartje|semnul\sarond|arond)\s(?P<name>[^\W\d_][\w.-]{3,30})(?=\s?(?:[.,;!?)]|\Z|\s(?:on|op|pe)\s))",
    re.IGNORECASE,
)
_FIND = (
    r"(?:find|finds|found|know|knows|see|seen|add|follow|search|look|message|dm|goes|listed|advertises|posts|uses|staat|sta|vind\w*|kent|kennen|zoek\w*|volg\w*|adverteert|heet|bekend|g[ăa]se\w*|caut[ăa]\w*|apare|apar|figur\w*"
    r"|trecut[ăa]?|cunosc\w*|cunoa\w*|cunoscut[ăa]?|[sșş]ti[ue]|urm[ăa]r\w*|intr[ăa]|scrie|posteaz[ăa])"
)
_AS = r"(?:as|als|ca|drept|onder|under|sub|by|with|met|cu|dup[ăa])(?:\s(?:the|de|her|haar|name|naam|numele|username|user|contul|account|gebruikersnaam|of|utilizator)){0,4}"
_ANY = r"[^\W_][\w.-]{2,30}"
_ENDS = r"(?=['\"”“’]?\s?(?:[.,;!?)\n]|\Z|\s(?:and|en|și|si|but|maar|dar|now|nu|acum|there|daar|acolo)\b))"
_FOUND = re.compile(
    rf"\b{_FIND}\b[^.!?\n]{{0,25}}?\s{_AS}\s['\"“„‘]?(?P<on>{_ANY})['\"”“’]?\s(?:on|op|pe|de\spe|van)\s{PLATFORM}\b"
    rf"|\b{_FIND}\b[^.!?\n]{{0,20}}?\s(?:on|op|pe)\s{PLATFORM}\s{_AS}\s['\"“„‘]?(?P<under>{_ANY}){_ENDS}"
    rf"|\b(?:add|follow|volg|urm[ăa]re[sș]te|adaug[ăa])\s(?P<added>{_ANY})\s(?:on|op|pe|toe\sop)\s{PLATFORM}\b"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\b[^.!?\n]{{0,12}}\b{_FIND}\b[^.!?\n]{{0,20}}?\s{_AS}\s['\"“„‘]?(?P<after>{_ANY}){_ENDS}"
    rf"|\b(?:user\s?name|username|user-?ul|handle|nickname|screen\s?name|(?:forum|chat|login|board)[\s-]?(?:name|naam|handle)|inlognaam|gebruikersnaam|profielnaam|accountnaam|nume(?:le)?\sde\s(?:utilizator|forum|cont))(?:\s(?:there|daar|acolo|now|nu|acum|ei|lui|meu|mea)|\s(?:on|op|pe)\s\w{{2,12}}){{0,2}}"
    rf"(?:\s(?:is|was|e|este|era)\s|\s?[:=]\s?|\s)['\"“„‘]?(?P<user>{_ANY}){_ENDS}"
    rf"|\b{PLATFORM}(?:-?ul|-?u)?\b[^.!?\n]{{0,20}}\b(?:changed?|renamed|switched|goes|went|veranderd?|gewijzigd|schimbat\w*)\s(?:\w{{2,6}}\s){{0,2}}?(?:to|by|in|naar|[îi]n|to)\s(?P<changed>{_ANY})(?=\s?(?:[.,;!?)]|\Z|\s(?:last|now|this|nu|vorige|acum)\b))"
    rf"|\b(?:name|naam|numele|naamwoord)(?:\s\w{{2,5}}){{0,2}}?\s(?:on|op|de\spe|pe)\s{PLATFORM}\s(?:is|was|e|este)\s['\"“„‘]?(?P<named>{_ANY}){_ENDS}"
    rf"|\b(?:uses?|using|gebruikt|folose[sș]te|has|heeft|are)\s(?:the\sname|de\snaam|numele)\s['\"“„‘]?(?P<uses>{_ANY})['\"“„‘]?\s(?:on|op|pe)\s{PLATFORM}\b"
    rf"|\b(?:on|op|pe)\s{PLATFORM}\s(?:uses?|gebruikt|folose[sș]te)\s(?:she|ze|zij|ea)?\s?(?:the\sname|de\snaam|numele)\s['\"“„‘]?(?P<there>{_ANY})"
    rf"|(?P<first>{_ANY}),?\s(?:is|e|este|zo\sheet\sze|zo\sheet\szij)\s(?:her|his|my|haar|zijn|mijn|numele\sei\sde|contul\sei\sde|op|on|pe)\s(?:name\son\s|naam\sop\s|pe\s)?{PLATFORM}(?:\s?(?:name|naam|account|handle|username|user))?{_ENDS}"
    rf"|\b{PLATFORM}\s?-?(?:account|profile|profiel|handle|name|naam)\s(?P<whose>{_ANY})\s(?:was|is)\s(?:hers|his|mine|ours|theirs|fake|nep|van\s(?:haar|hem|mij))\b"
    rf"|\b(?:her|his|my|haar|zijn|mijn)\s[\w-]{{1,12}}[\s-](?:page|pagina|account|profile|channel|kanaal|profiel)\s(?:is\s)?(?:now\s|nu\s)?(?:called|heet|genaamd)\s['\"“„‘]?(?P<called>{_ANY})"
    rf"|\bvoeg\s(?P<toe>{_ANY})\stoe\s(?:op|aan)\s{PLATFORM}\b|\b(?:adaug|caut|urm[ăa]re)\w*(?:-[ol])?\spe\s(?P<pe>{_ANY})\spe\s{PLATFORM}\b"
    rf"|\b(?:dm|pm)\s@?(?P<dm>{_ANY})(?=\s?(?:[.,;!?)]|\Z|\s(?:for|voor|pentru|on|op|pe)\b))"
    rf"|\b(?:user|gebruiker|utilizator(?:ul)?)\s(?P<shown>(?-i:[A-Z])[\w.-]{{2,30}})"
    rf"|\b(?:changed?|renamed|switched|veranderd\w*|gewijzigd|schimb\w*)\s(?:\w{{2,6}}\s){{0,3}}?{PLATFORM}(?:-?ul|-?u)?\s(?:\w{{3,5}}\s)?(?:to|in|naar)\s(?P<renamed>{_ANY})"
    rf"|\b{PLATFORM}(?:-?ul|-?u)?\s?(?:/|\\|slash|schuine\sstreep|backslash)\s?(?P<page>{_ANY})",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\b(?:as|als|ca|drept|under|onder|sub|called|heet|name|naam|numele?|nume|profiel|profile|profil(?:ul)?|cont(?:ul)?|account|user(?:name)?|is|e|este|:)(?:\s(?:ei|lui|her|his|haar|meu|mea))?\s?['\"“„‘](?P<name>[^'\"“”„‘’\n]{3,30})['\"”“’]",
    re.IGNORECASE,
)
_NO_SIGN = re.compile(
    r"[a-z]{1,2}[0-9]{1,4}|(?:covid|windows|office|room|week|versi\w*|v|ios|android|iphone|galaxy|kamer|level|sars|mp|hiv|nr|art|pag|pct|tel|ext|no|pos)[._-]?[0-9.]+\w?|(?:e\.g|i\.e|d\.w\.z|o\.a|b\.v|m\.a\.v|n\.v\.t|a\.m|p\.m|s\.a|[a-z]\.[a-z])\.?|[0-9._]+",
    re.IGNORECASE,
)


def shaped(text: str) -> Iterator[tuple[int, int]]:
    """Find what is written as only user names are, wherever it stands."""
    for pattern in (_TAG, _LOW_LINE, _MIXED, _YEARED):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _DOTTED.finditer(text):
        if not SITE_ENDS.search(match.group()):
            yield match.span()
    yield from (match.span("name") for match in _AT_SIGN.finditer(text))


def may_name_accounts(text: str) -> bool:
    """Tell whether a text speaks of platforms or accounts at all; most do not."""
    return _MAY.search(text) is not None


def found_on_platforms(text: str) -> Iterator[re.Match[str]]:
    """Find who can be found on a platform, as whom."""
    yield from _FOUND.finditer(text)


def near_platforms(text: str) -> Iterator[tuple[int, int]]:
    """Find what only user names look like, in a sentence that names a platform or an account."""
    searched = 0
    for here in _HERE.finditer(text):
        yield from _near(text, here, max(searched, here.start() - NEAR), (_SIGNED, _CAMEL, _XED))
        yield from _quoted_near(text, here)
        searched = here.start()
    for here in _ACCOUNT.finditer(text):
        yield from _near(text, here, max(0, here.start() - NEAR // 2), (_SIGNED, _CAMEL, _XED))


def _sentence(text: str, here: re.Match[str], begin: int) -> tuple[int, int]:
    """Give where the sentence around a platform begins and ends."""
    before = [found.end() for found in _SENTENCE.finditer(text, begin, here.start())]
    after = _SENTENCE.search(text, here.end(), here.end() + NEAR)
    return before[-1] if before else begin, after.start() if after else here.end() + NEAR


def _near(
    text: str, here: re.Match[str], begin: int, shapes: tuple[re.Pattern[str], ...]
) -> Iterator[tuple[int, int]]:
    start, end = _sentence(text, here, begin)
    for shape in shapes:
        for match in shape.finditer(text, start, min(end, len(text))):
            word = match.group().lower()
            if not (
                word in BRANDS
                or _NO_SIGN.fullmatch(word)
                or _HERE.fullmatch(SITE_ENDS.sub("", word))
            ):
                yield match.span()


def _quoted_near(text: str, here: re.Match[str]) -> Iterator[tuple[int, int]]:
    start, end = _sentence(text, here, max(0, here.start() - NEAR))
    yield from (match.span("name") for match in _QUOTED.finditer(text, start, min(end, len(text))))
