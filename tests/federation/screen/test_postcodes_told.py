"""Postcodes in every shape that somebody gives one in, made rather than written; and no others."""

from itertools import product

import pytest

from federation.screen.rules import findings

SHAPES = {
    "en": (
        "LS17 6QT|ls176qt|L S 1 7 6 Q T|L for Lima S for Sierra 1 7 6 Q for Quebec T for Tango|"
        "LS seventeen six QT|l s one seven six q t|LS17 and 6QT|LS17 followed by 6QT|LSl7 6QT|"
        "lima sierra one seven six quebec tango|LS17 6 double T|LS17-6QT|LS17 + 6QT|LS17 (6QT)"
    ),
    "nl": (
        "3512 KL|3512kl|3512 K L|3512 K.L|3512K L|35-12 KL|3512 dan KL|3512 + KL|"
        "vijfendertig twaalf KL|"
        "drie vijf een twee K L|drie vijf een twee de K en de L|vijfendertighonderdtwaalf KL|"
        "3512 Karel Lodewijk|3512 met de Karel en Lodewijk|35l2 KL|3512 gevolgd door KL|"
        "3512 K van Karel, L van Lodewijk"
    ),
    "ro": (
        "400158|400 158|400.158|40 01 58|4 0 0 1 5 8|4, 0, 0, 1, 5, 8|"
        "patru zero zero unu cinci opt|"
        "patru sute o sută cincizeci și opt|patru sute de mii o sută cincizeci și opt|4OO158|"
        "începe cu 400 și se termină cu 158|400 la început și 158 la final|400 plus 158|"
        "400, zero unsprezece"
    ),
}
SENTENCES = {
    "en": "she lives at {}|sent the kit to {}|Flat 2, 14 Mill Road, {}|{} is hers",
    "nl": "ze woont op {}|pakje naar {}|nr 14, {}|{} is van haar",
    "ro": "cod poștal {}|codul ei e {}|plicul la {}|codul poștal pe care l-a dat: {}",
}
PLACES = {
    "ro": (
        "Bucuresti {}|zona {}|locuiește la {}|com. Florești, {}|sector 6 - {}|{} cluj|"
        "easybox lângă {}"
    )
}
NOBODYS = {
    "en": (
        "works in LS17|LS17 and M14|LS17 (6 women)|M14 and 5 more|E1 and 2 pm|"
        "B12 for a week|M1 3 times|"
        "LS17 for Leeds, S2 for Sheffield|N16 followed by E8"
    ),
    "nl": (
        "werkt in 3512|3512 en omgeving|3512 met de bus|3512 van de 4000|1200 en de rest|"
        "2024 dan is ze klaar|"
        "vijfendertighonderdtwaalf keer|3500 van ons"
    ),
    "ro": (
        "400158 de lei|345678 vizualizări la București|din Cluj 400158 de accesări|"
        "cod produs 400158|"
        "codul de acces 400158|sector 6, 12 contacte|"
        "400 la început și 158 la final, mesaje|la 40 01 58|"
        "tichet nr 848 230|Cluj 120.500 locuitori|raport la 12.03.26"
    ),
}


@pytest.mark.parametrize("language", SHAPES)
def test_a_postcode_is_found_in_every_shape(language: str) -> None:
    shapes, sentences = SHAPES[language].split("|"), SENTENCES[language].split("|")
    texts = [sentence.format(shape) for shape, sentence in product(shapes, sentences)]
    assert [text for text in texts if not findings(text, language)] == []


@pytest.mark.parametrize("language", PLACES)
def test_six_figures_are_a_postcode_beside_a_place(language: str) -> None:
    texts = [
        sentence.format(code)
        for sentence, code in product(
            PLACES[language].split("|"), ("400158", "400 158", "patru zero zero unu cinci opt")
        )
    ]
    assert [text for text in texts if not findings(text, language)] == []


@pytest.mark.parametrize("language", NOBODYS)
def test_half_a_postcode_and_what_is_counted_is_left_alone(language: str) -> None:
    assert [text for text in NOBODYS[language].split("|") if findings(text, language)] == []
