from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from federation.screen.rules import findings

NUMBERS = st.sampled_from(
    ["07700 900123", "+44 191 498 0123", "06-12345678", "+31 6 12345678", "+40 721 234 567"]
)
PLAIN = st.text(alphabet="abc ,.\n", max_size=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ring 07700 900123 please", [("phone", "07700 900123")]),
        ("Bel 06-12345678 terug", [("phone", "06-12345678")]),
        ("+40 721 234 567", [("phone", "+40 721 234 567")]),
        ("to ann@example.org.", [("email", "ann@example.org")]),
        ("ann (at) example (dot) org", [("email", "ann (at) example (dot) org")]),
        ("https://a.example/x", [("url", "https://a.example/x")]),
        (
            "www.example.org/ann and example.com",
            [("url", "www.example.org/ann"), ("url", "example.com")],
        ),
        ("@sunny_girl, u/throwaway", [("handle", "@sunny_girl"), ("handle", "u/throwaway")]),
        ("from NE1 4ST", [("postcode", "NE1 4ST")]),
        ("uit 1012 AB", [("postcode", "1012 AB")]),
        ("apare MD-2068 în loc de sector", [("postcode", "MD-2068")]),
        ("era MD2005, tăiat", [("postcode", "MD2005")]),
        ("born 03/04/1999", [("date-of-birth", "03/04/1999")]),
        ("from NE1, at 19:30, 12 chats, 3 about tax, 45-60 minutes, 1200 visits in 2027", []),
        ("Ask the tax adviser. Error 502 came twice; see answer 4.2.", []),
        ("", []),
    ],
)
def test_what_could_identify_somebody_is_found_where_it_stands(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in findings(text)] == found


@given(before=PLAIN, number=NUMBERS, after=PLAIN)
@example(before="acc...", number="07700 900123", after="")
@example(before="acc", number="+44 191 498 0123", after="a")
def test_a_number_is_found_wherever_it_stands(before: str, number: str, after: str) -> None:
    """After `acc` it is an account's."""
    text = f"{before} {number} {after}"
    assert any(
        one.kind in {"phone", "id-number"} and one.start <= len(before) + 1 < one.end
        for one in findings(text)
    )


@given(st.uuids())
@example(UUID("c553ee96-9906-4b4f-b637-712065f90614"))
@example(UUID("8036452f-db79-4111-aafa-44fab769c5d2"))
def test_the_name_of_a_text_is_nobodys(text: UUID) -> None:
    named = f"See urn:uuid:{text}, or ring 07700 900123."
    assert [one.kind for one in findings(named)] == ["phone"]


@given(st.text(max_size=300))
def test_findings_stand_in_order_and_do_not_overlap(text: str) -> None:
    last = 0
    for one in findings(text):
        assert last <= one.start < one.end <= len(text)
        last = one.end


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        ("Landline for the clinic is 0113 496 0999.", "en", []),
        ("Vast nummer van de poli: 020 555 5822", "nl", []),
        ("Fixul clinicii e 021 201 0980", "ro", []),
        ("the landline, 0113 496 0999", "en", ["phone"]),
        ("her mum at the clinic: 0113 496 0999", "en", ["phone"]),
        ("haar vaste lijn is 020 555 5822", "nl", ["phone"]),
        ("mobile of the clinic 07700 900123", "en", ["phone"]),
    ],
)
def test_a_fixed_line_of_an_office_is_nobodys_and_every_mobile_is_somebodys(
    text: str, language: str, kinds: list[str]
) -> None:
    assert [one.kind for one in findings(text, language)] == kinds
