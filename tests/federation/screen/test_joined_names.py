import pytest

from federation.screen.rules import findings


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("overleg over de Sanne-zaak", "Sanne"),
        ("Fatima-dossier bijgewerkt", "Fatima"),
        ("de Kevin-kwestie is besproken", "Kevin"),
        ("het Roos-gesprek was lang", "Roos"),
        ("na de sanne-zaak", "sanne"),
        ("Roxana-dosar închis", "Roxana"),
        ("the Sarah-case is closed", "Sarah"),
    ],
)
def test_somebody_is_found_after_whom_a_case_is_called(text: str, name: str) -> None:
    assert name in [text[one.start : one.end] for one in findings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "the May-meeting",
        "Maria-kapel",
        "Victoria-station",
        "Eva-lijn",
        "de Wmo-zaak",
        "huur-kwestie",
        "soa-dossier",
        "Kerst-overleg",
        "COA-gesprek",
        "de Anne Frank-huis-visite",
        "PrEP-overleg",
        "drugs-zaak",
        "step-by-step-plan",
    ],
)
def test_a_house_and_a_thing_are_left_alone(text: str) -> None:
    assert findings(text) == []
