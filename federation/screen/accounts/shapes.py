"""User names by their shape, and what stands near the name of a platform or the word for an account."""

import re
from collections.abc import Iterator

from federation.screen.accounts.addresses import TLD
from federation.screen.words.platforms import BRANDS, PLATFORM

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
_LINED = re.compile(r"(?<![\w@])@\s(?:_[\w.]{2,30}|[\w.]{2,30}_)(?!\w)")
_SIGNAL = re.compile(r"\bsignal\s[a-z]\w{2,30}\.\d{2,4}\b", re.IGNORECASE)
"""As Signal gives them: a word, a dot, two figures."""
_YEARED = re.compile(r"(?<![\w@./:#-])[A-Z][a-z]{2,15}[0-9]{2,4}[A-Z][a-z]{2,15}(?![\w@/])")
_AT_SIGN = re.compile(
    r"\b(?:at[ -]?sign|at-teken|apenstaartje|aapenstaart(?:je)?|apestaartje|semnul\sarond|arond)\s(?P<name>[^\W\d_][\w.-]{3,30})(?=\s?(?:[.,;!?)]|\Z|\s(?:on|op|pe)\s))",
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
    for pattern in (_TAG, _LOW_LINE, _MIXED, _YEARED, _LINED, _SIGNAL):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _DOTTED.finditer(text):
        if not SITE_ENDS.search(match.group()):
            yield match.span()
    yield from (match.span("name") for match in _AT_SIGN.finditer(text))


def may_name_accounts(text: str) -> bool:
    """Tell whether a text speaks of platforms or accounts at all; most do not."""
    return _MAY.search(text) is not None


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
