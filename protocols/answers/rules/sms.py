"""How many parts an SMS takes, by 3GPP TS 23.038 (alphabets) and TS 23.040 (joined parts).

The packages that count these are unfinished or split what may not be split, so it is counted here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of TS 23.038, 6.2.1: one septet each."""
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Its extension table, 6.2.1.1: an escape and a septet, never in two parts."""
ONE_UNIT = 0xFFFF
ALONE = {"GSM-7": 160, "UCS-2": 70}
JOINED = {"GSM-7": 153, "UCS-2": 67}
"""What is left of 140 octets beside the six of the header that joins parts."""


@dataclass(frozen=True, slots=True)
class Sms:
    """What a text is as an SMS."""

    alphabet: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def as_sms(text: str) -> Sms:
    """Count a text's septets or 16-bit units, and the parts that they fill."""
    if all(sign in GSM_7 or sign in EXTENDED for sign in text):
        return _counted("GSM-7", [2 if sign in EXTENDED else 1 for sign in text])
    return _counted("UCS-2", [2 if ord(sign) > ONE_UNIT else 1 for sign in text])


def _counted(alphabet: Literal["GSM-7", "UCS-2"], sizes: list[int]) -> Sms:
    units = sum(sizes)
    if units <= ALONE[alphabet]:
        return Sms(alphabet, units, 1)
    return Sms(alphabet, units, _parts(sizes, JOINED[alphabet]))


def _parts(sizes: Iterable[int], room: int) -> int:
    """Fill one part after the other; what takes two units is not torn apart between two."""
    parts, left = 1, room
    for size in sizes:
        if size > left:
            parts, left = parts + 1, room
        left -= size
    return parts
