import pytest

from rota.session_details.rules import Draft, is_safe_link, written_number, wrong_details


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://meet.example.org/room?pwd=1", True),
        ("http://meet.example.org", False),
        ("javascript:alert(1)", False),
        ("https://user@meet.example.org", False),
        ("https://localhost/x", False),
        ("https://meet.example.org/a b", False),
        ("https://meet.example.org/\n", False),
        ("https://[", False),
        ("https://meet.example.org/" + "x" * 500, False),
    ],
)
def test_a_link_is_one_that_can_be_followed_safely(link: str, safe: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    assert is_safe_link(link) is safe


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+441914980123", "+44 191 498 0123"),
        ("+31 20 123 4567", "+31 20 123 4567"),
        ("0191 498 0123", None),
        ("+44 70 1234 5678", None),
        ("+44 1", None),
        ("Ann", None),
    ],
)
def test_a_number_has_its_country_and_follows_nobody(number: str, written: str | None) -> None:
    assert written_number(number) == written


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (Draft(), []),
        (Draft(meeting_link="http://x.example"), ["wrong-link"]),
        (
            Draft(contact_label="Duty line", contact_number="+441914980123"),
            ["contact-not-organisational"],
        ),
        (Draft(contact_number="+441914980123", organisational=True), ["contact-unnamed"]),
        (
            Draft(contact_label="Duty", contact_number="0191 498", organisational=True),
            ["wrong-number"],
        ),
        (
            Draft(contact_label="x" * 81, contact_link="tel:1", organisational=True),
            ["wrong-link", "contact-too-long"],
        ),
        (
            Draft(conversations_at_once=0, answer_minutes=61),
            ["wrong-conversations", "wrong-answer-minutes"],
        ),
    ],
)
def test_every_reason_against_details_is_given(draft: Draft, codes: list[str]) -> None:
    assert [reason.code for reason in wrong_details(draft)] == codes
