"""User names: by their own shape, by an at sign, or by who is said to be where as whom."""

import re
from collections.abc import Iterator

from federation.screen.accounts.frames import framed
from federation.screen.accounts.no_names import COUNTED
from federation.screen.accounts.organisations import an_organisations
from federation.screen.accounts.shapes import may_name_accounts, near_platforms, shaped
from federation.screen.accounts.unheard import unheard_accounts
from federation.screen.words.heard_of import heard_of
from federation.screen.words.known_names import is_listed, listed
from federation.screen.words.platforms import PLATFORM

_AT_NAME = re.compile(r"(?<![\w@./])@[^\W\d_][\w.]{1,63}|(?<![\w/])/?u/[\w-]{3,30}")
_LINED = re.compile(
    r"(?<![\w@./:{\[-])(?!(?:ERR|SQL|HTTP|NET|SSL|DNS|API)_)(?=[\w.]{4,40}(?![\w@/}\]]))[^\W_][^\W_.]*(?:[_.][^\W_]+)*_[\w.]*[^\W_](?![\w@/])"
)
"""Words joined by a low line stand in no sentence."""
_SKYPE = re.compile(r"\b(?:live|skype):(?://)?[\w.:-]{3,60}", re.IGNORECASE)
_JOINED = re.compile(r"(?<![\w@./:#-])(?P<word>[^\W\d_]{4,24})[0-9]{2,6}(?![\w@/%]|[.,:-][0-9])")
"""Words with figures hanging on them, as user names have that were taken without."""
_AD = re.compile(
    rf"\b(?:{PLATFORM}\W{{1,3}}(?:(?:user|profile?|profiel|account|acc|cont(?:ul)?|handle|name|naam|nume|pagina|page|tag|link|id)|ad|advert|advertentie|anun[țţt](?:ul)?|nr|no|number|nummer)|ad|advert\w*|anun[țţt](?:ul)?|listing|profile|profiel|profilul)\W{{0,3}}(?:(?:is|nr|no|number|nummer|e|id|num[ăa]rul|cu)\W{{1,2}}){{0,3}}(?P<number>[0-9]{{4,12}})(?![0-9])|\b(?:adult\s?work|aw)\W{{1,3}}(?P<bare>[0-9]{{6,8}})(?![0-9])",
    re.IGNORECASE,
)


_FILE = re.compile(
    r"(?P<file>[\w.-]*)\.(?:pdf|docx?|xlsx?|odt|ods|pptx?|csv|txt|jpe?g|png|gif|heic|mp[34]|html?|json|ya?ml)\b"
    rf"|(?:{'|'.join(sorted(COUNTED))}|form|formulier|hep|img|dsc|vid)[_-]?(?:\d+\w?|[a-e])(?![\w])",
    re.IGNORECASE,
)
"""A document, or a thing that is counted."""
_OF_CAMERAS = frozenset("img dsc vid scan whatsapp screenshot".split())


def handles(text: str) -> Iterator[tuple[int, int]]:
    """Find user names of people: those of organisations may be told, and gaps of protocols are none."""
    for start, end in _every(text):
        gap = text.startswith("}}", end) and text.endswith("{{", 0, start)
        if not (gap or an_organisations(text, start, end) or _is_a_thing(text, start)):
            yield start, end


def _is_a_thing(text: str, start: int) -> bool:
    """Tell a document or what is counted, unless it is named as somebody is."""
    thing = _FILE.match(text, start)
    words = re.findall(r"[^\W\d_]{3,}", (thing["file"] or "") if thing else "")
    return thing is not None and all(map(_says_what_it_is, words))


def _says_what_it_is(word: str) -> bool:
    lower = word.lower()
    told = lower in _OF_CAMERAS or lower in listed("words_of_the_work")
    return told or (heard_of(lower) and not is_listed(lower))


def _every(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_AT_NAME, _LINED, _SKYPE):
        for match in pattern.finditer(text):
            yield match.start(), match.start() + len(match.group().rstrip("."))
    for match in _JOINED.finditer(text):
        if match["word"].lower() not in COUNTED and match["word"][1:].islower():
            yield match.span()
    yield from shaped(text)
    yield from framed(text)
    if not may_name_accounts(text):
        return
    yield from (match.span(match.lastgroup or 0) for match in _AD.finditer(text))
    yield from near_platforms(text)
    yield from unheard_accounts(text)
