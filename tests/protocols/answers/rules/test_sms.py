"""Parts of an SMS, by the tables of 3GPP TS 23.038 and the lengths of TS 23.040."""

import pytest

from protocols.answers.rules.sms import EXTENDED, GSM_7, Sms, as_sms


def test_the_default_alphabet_has_its_places() -> None:
    assert (len(GSM_7), len(EXTENDED)) == (127, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Sms("GSM-7", 0, 1)),
        ("Hi {you}", Sms("GSM-7", 10, 1)),
        ("a" * 160, Sms("GSM-7", 160, 1)),
        ("a" * 161, Sms("GSM-7", 161, 2)),
        ("a" * 306, Sms("GSM-7", 306, 2)),
        ("a" * 307, Sms("GSM-7", 307, 3)),
        ("€" * 80, Sms("GSM-7", 160, 1)),
        ("€" * 81, Sms("GSM-7", 162, 2)),
        # 152 letters leave one septet, and an escape never stands alone at a part's end
        ("a" * 152 + "€" + "a" * 152, Sms("GSM-7", 306, 3)),
        ("ă" * 70, Sms("UCS-2", 70, 1)),
        ("ă" * 71, Sms("UCS-2", 71, 2)),
        ("Bună! " + "a" * 64, Sms("UCS-2", 70, 1)),
        ("😀" * 35, Sms("UCS-2", 70, 1)),
        # 67 units a part: the pair of an emoji is not torn apart
        ("a" * 66 + "😀" + "a" * 66, Sms("UCS-2", 134, 3)),
        ("\N{RIGHT SINGLE QUOTATION MARK}", Sms("UCS-2", 1, 1)),
    ],
)
def test_parts_are_counted(text: str, expected: Sms) -> None:
    assert as_sms(text) == expected
