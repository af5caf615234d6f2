"""Mobile numbers as people dial them in other countries, where the words around say what they are."""

import re
from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumberType

from federation.screen.numbers.told import Piece

REGIONS = (
    "DE FR ES IT PL BG HU UA AL NG GH KE BR CO VE DO CU PE TH PH VN CN TR RU BY GR PT CZ SK HR RS LT LV EE AT CH MA SE NO DK"
).split()
"""Where those who write to us have their numbers, beside the countries of the projects."""
_PHONE = re.compile(
    r"\b(?:phone|mobile|cell|sim|number|tel|whats?app|viber|telegram|gsm|nummer|toestel|mobiel\w*|telefo\w+|num[ăa]r\w*|mobil\w*)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:case|order|ref\w*|client|account|charity|order|invoice|ticket|batch|zaak|dossier|bestel\w*|factuur|dosar\w*|comand[ăa]\w*|cont\w*|total)\b",
    re.IGNORECASE,
)
NEAR = 26
FIGURES = range(9, 13)
PUBLISHED = ("0800", "0801", "0808", "0900", "0906", "0909", "0300")
DUTCH_OFFICES = "088"
CALLED = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def abroad(text: str, run: Sequence[Piece], *, dutch: bool) -> bool:
    """Tell whether the figures are a mobile number somewhere, beside a word for a telephone."""
    digits = "".join(piece.digits for piece in run)
    if len(digits) not in FIGURES or run[0].plus or digits.startswith(PUBLISHED):
        return False
    if dutch and digits.startswith(DUTCH_OFFICES):
        return False
    around = (
        text[max(0, run[0].start - NEAR) : run[0].start],
        text[run[-1].end : run[-1].end + NEAR],
    )
    if not any(map(_PHONE.search, around)) or any(map(_OTHER.search, around)):
        return False
    return any(_is_mobile(digits, region) for region in REGIONS)


def _is_mobile(digits: str, region: str) -> bool:
    try:
        read = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(read) and phonenumbers.number_type(read) in CALLED
