"""Telephone numbers in every form that somebody might give one in, and no others.

Lines that belong to nobody pass: freephone, premium and emergency numbers are published to be rung.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise

import phonenumbers
from phonenumbers import PhoneNumberType

from federation.screen.numbers.abroad import abroad
from federation.screen.numbers.office_lines import is_an_offices
from federation.screen.numbers.told import Piece, Run

REGIONS = {
    "en": ("GB", "IE"),
    "nl": ("NL", "BE"),
    "ro": ("RO", "MD"),
}
EVERYWHERE = ("GB", "NL", "RO", "IE", "BE", "DE", "FR", "ES", "PL", "BG", "IT", "MD", "PT", "HU")
NEAR = ("GB", "IE", "NL", "RO", "MD", "BE")
"""Where a mobile number is at home, if nobody says in which language a text is."""
DUTCH_OFFICES = "088"
"""Few Irish mobiles begin like that, and all large Dutch organisations."""
OF_NOBODY = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}
BRITISH_MOBILE = re.compile(r"(?:44)?7[0-9]{9}")
"""Also those of films and examples, which no register knows."""
MOBILES = {("6", 9): "NL", ("7", 9): "RO", ("8", 9): "IE"}
"""By first digit and length: a mobile number whose leading nought was left out."""
CODES = ("44", "31", "40", "353", "32", "49", "33", "34", "48", "359")
PUBLISHED = ("0800", "0808", "0900", "0906", "0909")
"""Freephone and premium lines, in all three countries."""
SHORTEST, LONGEST, LONGEST_NATIONAL, SHORTEST_PUBLISHED = 9, 15, 11, 7
LONGEST_CODE = 3
LOCAL = range(6, 9)
MOST_PIECES = 16
_CUE = re.compile(
    r"(?<!charity )(?<!company )(?<!invoice )(?<!order )(?<!version )\b(?:(?:ring|call|text|phone)(?:s|ed|ing)?|mobiles?|numbers?|(?<![\w-])(?<!kvk )nummers?|whats?app\w{0,3}"
    r"|bel(?:t|de|len)?|app(?:t|te|en|je)?|tel|telefo\w{0,6}|mobiel\w{0,6}|mobil|gsm|sms|num[ăa]r(?:ul)?|sun[aăi]t?i?)\W{0,3}"
    r"(?:(?:me|us|her|him|them|on|is|at|my|back|now|no|op|naar|ons|haar|hem|via|la|este|e|nr|pe|starts|begins|ends|with|in"
    r"|begint|eindigt|met|[îi]ncepe|se|termin[ăa]|cu|new|nieuwe?|nou|ei|lui)"
    r"\W{1,3}){0,4}\Z",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?:\b(?:number|aantal|num[ăa]r(?:ul)?|nr) (?:of|de)|\b(?:went|rose|grew|fell|ging|steeg|daalde|crescut|sc[ăa]zut)\b[^.!?\n]{0,20}"
    r"|[0-9] (?:de )?(?:calls|texts|phones|telefoontjes|appjes|apeluri|sms|mesaje)\W{0,3}(?:[^\W\d_]{1,3}\s)?)[^.!?\n]{0,12}\Z",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r" (?:de )?(?:calls|texts|times|people|messages|visits|chats|e-?mails|leaflets|condoms|minutes|hours|mensen|berichten|telefoontjes|keer|appjes|bezoek\w*|stuks|folders"
    r"|apeluri|mesaje|ori|buc[ăa][țt]i|oameni|persoane|vizite|pliante|chaturi|minute|ore|locuri)\b",
    re.IGNORECASE,
)
"""How many there were, after a word that a number follows as well."""
_OF_ANOTHER = re.compile(
    r"\b(?!(?:her|his|my|the|a|new|old|phone|mobile|telephone|tel|contact|home|work|whats\w+|signal|viber|landline|cell|day\w*|private|personal|second|other|same|right|correct|that|this|and|of|on|with|is|s|best|only|usual|local|direct|emergency)\b)"
    r"[^\W\d_]+[ -]numbers?\b[^.!?\n]{0,25}\Z",
    re.IGNORECASE,
)
"""A number of something else."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
HOURS = range(25)
MOBILE_BEGINNINGS = ("06", "07")
TEN = len("0655443322")
"""Figures of a Dutch or a Romanian number."""


def phones(text: str, numbers: Iterable[Run], language: str = "") -> Iterator[tuple[int, int]]:
    """Find where numbers stand that could ring at somebody's."""
    regions = REGIONS.get(language.split("-", maxsplit=1)[0], ())
    order = (*regions, *(region for region in EVERYWHERE if region not in regions))
    for run in numbers:
        found = [*_in_run(text, run, order)]
        if not found and abroad(text, run, dutch=not regions or "NL" in regions):
            found = [(run[0].start, run[-1].end)]
        for start, end in found:
            if not any(is_an_offices(text, start, end, region) for region in regions):
                yield start, end


class Verdict(Enum):
    """What some digits are."""

    SURE = 1
    """Somebody's number."""
    MAYBE = 2
    """Digits as somebody's number has them, though no such number is known."""
    OF_NOBODY = 3
    """A line that is published to be rung."""


def _in_run(text: str, run: Sequence[Piece], order: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(run):
        count, somebodys = _longest(text, run[at : at + MOST_PIECES], order)
        if somebodys:
            start = run[at].start - (text[max(0, run[at].start - 1)] == "(")
            if run[at].plus:
                start = _with_plus(text, start)
            yield start, run[at + count - 1].end
        at += count or 1


def _with_plus(text: str, start: int) -> int:
    before = text[max(0, start - 7) : start].lower()
    found = max(before.rfind("+"), before.rfind("plus"))
    return start - len(before) + found if found >= 0 else start


def _longest(text: str, pieces: Sequence[Piece], order: Sequence[str]) -> tuple[int, bool]:
    """Give how many pieces make one number, and whether it is somebody's.

    A number that there is goes before one that could be.
    """
    digits = ""
    counts = dict.fromkeys(Verdict, 0)
    for count, piece in enumerate(pieces, 1):
        # the (0) of +44 (0)7700 is not dialled from abroad
        trunk = pieces[0].plus and digits and len(digits) <= LONGEST_CODE
        digits += piece.digits.removeprefix("0") if trunk else piece.digits
        if len(digits) > LONGEST + 1:
            break
        verdict = _judged(digits, order, plus=pieces[0].plus)
        too_many = digits[:1] == "0" != digits[1:2] and len(digits) > LONGEST_NATIONAL
        if verdict and not (counts[verdict] and too_many):
            counts[verdict] = count
    found = counts[Verdict.SURE] or counts[Verdict.MAYBE]
    if _is_a_row(pieces[:found]):
        return found, False
    if counts[Verdict.SURE]:
        return counts[Verdict.SURE], True
    if counts[Verdict.OF_NOBODY]:
        return counts[Verdict.OF_NOBODY], False
    count = counts[Verdict.MAYBE]
    count = count or _local(text, pieces)
    return count, bool(count)


def _is_a_row(pieces: Sequence[Piece]) -> bool:
    """Tell hours, ages and weeks beside one another from the parts of a number."""
    if any(piece.spelled or len(piece.digits) > len("24") for piece in pieces):
        return False
    told = [int(piece.digits) for piece in pieces]
    lengths = {len(piece.digits) for piece in pieces}
    rising = all(two == one + 1 for one, two in pairwise(told)) and lengths == {2}
    # 06 - 1 2 3 4: a number is said figure by figure after its beginning
    said = all(len(piece.digits) == 1 for piece in pieces[1:])
    mobile = (
        bool(pieces)
        and pieces[0].digits in MOBILE_BEGINNINGS
        and sum(len(p.digits) for p in pieces) == TEN
    )
    mixed = len(lengths) > 1 and max(told) in HOURS and not (said or mobile)
    return len(pieces) > 1 and (rising or mixed)


def _judged(digits: str, order: Sequence[str], *, plus: bool) -> Verdict | None:
    if plus or digits.startswith("00"):
        return _international(digits if plus else digits[2:])
    if digits.startswith("0"):
        return _national(digits, order)
    if BRITISH_MOBILE.fullmatch(digits):
        return Verdict.SURE
    region = MOBILES.get((digits[0], len(digits)))
    if region and _kind(digits, region) in {
        PhoneNumberType.MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
    }:
        return Verdict.SURE
    abroad = len(digits) in {11, 12} and digits.startswith(CODES)
    if abroad and _kind(f"+{digits}", None) == PhoneNumberType.MOBILE:
        return Verdict.SURE
    return None


def _international(digits: str) -> Verdict | None:
    if not SHORTEST - 1 <= len(digits) <= LONGEST or digits[0] == "0":
        return None
    kind = _kind(f"+{digits}", None)
    if kind is not None:
        return Verdict.OF_NOBODY if kind in OF_NOBODY else Verdict.SURE
    return Verdict.MAYBE if len(digits) > SHORTEST else None


def _national(digits: str, order: Sequence[str]) -> Verdict | None:
    if digits.startswith(PUBLISHED) and len(digits) <= LONGEST_NATIONAL:
        return Verdict.OF_NOBODY if len(digits) >= SHORTEST_PUBLISHED else None
    if len(digits) > LONGEST_NATIONAL and _kind(f"+{digits[1:]}", None) == PhoneNumberType.MOBILE:
        return Verdict.SURE  # a country's code after a single nought
    longest = LONGEST_NATIONAL + digits.startswith(MOBILE_BEGINNINGS)
    if not SHORTEST <= len(digits) <= longest:
        return None
    dutch = digits.startswith(DUTCH_OFFICES)
    if (
        order == EVERYWHERE
        and not dutch
        and any(_kind(digits, at) == PhoneNumberType.MOBILE for at in NEAR)
    ):
        return Verdict.SURE
    kinds = ((_kind(digits, region), region) for region in order)
    kind, at = next(((kind, region) for kind, region in kinds if kind is not None), (None, ""))
    if kind in OF_NOBODY and at in NEAR:
        return Verdict.OF_NOBODY
    return Verdict.MAYBE if kind is None else Verdict.SURE


def _kind(number: str, region: str | None) -> int | None:
    """Give which kind of number this is; None where there is no such number."""
    try:
        read = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(read):
        return None
    return phonenumbers.number_type(read)


def _local(text: str, pieces: Sequence[Piece]) -> int:
    """Find a number without its town's code, where the words before say that it is one."""
    digits = ""
    for count, piece in enumerate(pieces[:4], 1):
        if len(piece.digits) == 1 and not piece.spelled:
            return 0
        digits += piece.digits
        ends = count == len(pieces) or len(digits + pieces[count].digits) > LOCAL.stop
        years = count > 1 and _YEAR.fullmatch(pieces[0].digits) is not None
        if ends and not years and len(digits) in LOCAL and digits[:3] not in {"116", "080", "090"}:
            before = text[max(0, pieces[0].start - 50) : pieces[0].start]
            counts = (
                _OF_ANOTHER.search(before)
                or _COUNTS.search(before)
                or _COUNTED.match(text, pieces[count - 1].end)
            )
            return count if _CUE.search(before) and not counts else 0
    return 0
