"""Numbers of papers and postcodes, divided in every way and on either side of what they are."""

from collections.abc import Iterator
from itertools import product

import pytest

from federation.screen.rules import findings

BETWEEN = (" ", "-", ".", "/", " - ", ", ")
PAPERS = {
    "en": (
        (
            ("JR123456C", ((2, 2, 2, 2, 1), (2, 6, 1), (2, 3, 3, 1), (1, 1, 6, 1))),
            ("NI number {}", "her NINO is {}", "{} is her NI number", "national insurance {}"),
        ),
        (
            ("9434765919", ((3, 3, 4), (3, 7), (2, 2, 2, 2, 2), (5, 5), (1,) * 10)),
            ("NHS number {}", "{} (NHS number)", "number on the NHS letter {}"),
        ),
        (
            ("P5624819", ((8,), (2, 3, 3), (4, 4), (2, 2, 2, 2))),
            ("passport number she read out: {}", "{} is her passport number", "{} (passport)"),
        ),
    ),
    "nl": (
        (
            ("123456782", ((9,), (3, 3, 3), (4, 2, 3), (2, 2, 2, 3), (4, 5), (1,) * 9)),
            ("bsn {}", "{} is haar bsn", "{} (bsn)", "bsn op de loonstrook {}"),
        ),
        (
            ("NP5624819", ((9,), (3, 3, 3), (2, 7), (4, 5))),
            ("paspoortnummer dat ze voorlas: {}", "{} is haar paspoortnummer", "ID-kaart {}"),
        ),
        (
            ("480211937", ((3, 3, 3), (4, 5))),
            ("polisnummer {}", "zorgverzekering {}", "klantnummer {}"),
        ),
    ),
    "ro": (
        (
            ("2910704123456", ((13,), (1, 6, 6), (1, 2, 2, 2, 6), (7, 6), (4, 4, 5))),
            ("CNP-ul ei e {}", "{} e CNP-ul", "{} (CNP)"),
        ),
        (
            ("CJ482193", ((2, 6), (2, 3, 3), (2, 2, 2, 2))),
            ("buletin {}", "{} pe buletin", "act de identitate {}"),
        ),
        (
            ("05482193", ((8,), (4, 4), (2, 3, 3), (2, 2, 2, 2))),
            ("pașaportul ei e {}", "{} e numărul de pașaport", "{} (pașaport)"),
        ),
    ),
}
BANKS = ("pays into {} 48219371", "s/c {} a/c 4821 9371", "{} / 48219371")
SORTS = ("20-45-67", "20 45 67", "20.45.67", "20/45/67")
POSTCODES = {
    "en": "LS7 then 3QR|M14 and then 5TQ|EC1V 9 L B|B1 2 9PL|s w 1 a 2 a a|e c 1 v 9 l b",
    "nl": (
        "3512Kl|3512-Kl|3512 en dan KL|3512 letters KL|3512 (KL)|3512(KL)|35-12 KL|35 12 KL|"
        "postcode 3512 - kl|postcode is 3512/kl|pc: 3512 :kl|postcode 3512.Kl"
    ),
    "ro": (
        "cod poștal 40/01/58|cp 40 - 01 - 58|codul ei poștal e 4-0-0-1-5-8|cod postal: 40.0158|"
        "codul lui poștal: 400, 158|codul ei poștal e șapte zero zero trei cinci unu"
    ),
}
NOBODYS = {
    "en": (
        "visa until 12/05/2027|visa costs 1538 pounds|her visa runs from 2024 to 2026|"
        "rooms 101, 102, 103 on the account of the hotel|bank account: open 9-17, 4 desks|"
        "passport appointments on 12, 13, 14 and 15 of May|visa fee up from £1,258 to £1,321|"
        "BRP replaced by eVisa from 31 December 2024|she came at 12-30 PM then left"
    ),
    "nl": (
        "paspoort verloopt 2027-05-01|rekening 1.234,56 euro|in 2026 (NL) al drie keer|"
        "verblijfsvergunning: 1 op 1.000.000|tussen 17-19 NL tijd|1200 en dan ja"
    ),
    "ro": (
        "buletin expirat din 2019, amendă 150 lei|dosar ITM din 12 mai 2025|"
        "seria de întâlniri 12, 13, 14 mai|contul a crescut de la 12000 la 15000|"
        "permis de ședere: 5 persoane, 120 lei, 3 luni|viză până la 31.12.2026"
    ),
}


def _divided(number: str, ways: tuple[tuple[int, ...], ...]) -> Iterator[str]:
    for sizes, between in product(ways, BETWEEN):
        ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
        parts = zip(ends, sizes, strict=True)
        yield between.join(number[end - size : end] for end, size in parts)


@pytest.mark.parametrize("language", PAPERS)
def test_a_papers_number_is_found_before_and_after_what_it_is(language: str) -> None:
    texts = [
        sentence.format(number)
        for (digits, ways), sentences in PAPERS[language]
        for number, sentence in product(_divided(digits, ways), sentences)
    ]
    assert [text for text in texts if not findings(text, language)] == []


def test_an_account_is_found_beside_its_sort_code_however_that_is_divided() -> None:
    texts = [sentence.format(sort) for sort, sentence in product(SORTS, BANKS)]
    assert [text for text in texts if not findings(text, "en")] == []


@pytest.mark.parametrize("language", POSTCODES)
def test_a_postcode_is_found_whose_halves_stand_apart(language: str) -> None:
    assert [text for text in POSTCODES[language].split("|") if not findings(text, language)] == []


@pytest.mark.parametrize("language", NOBODYS)
def test_days_sums_and_rooms_beside_the_same_words_are_left_alone(language: str) -> None:
    assert [text for text in NOBODYS[language].split("|") if findings(text, language)] == []
