"""Numbers in every shape that somebody gives one, made rather than written; and what is none.

What somebody gives is put together from how a number is split, what stands between its parts and
which sentence it stands in, so that a rule has to hold for all of it.
"""

from collections.abc import Iterator
from itertools import product

import pytest

from federation.screen.rules import findings

DIGITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "ro": ["zero", "unu", "doi", "trei", "patru", "cinci", "șase", "șapte", "opt", "nouă"],
}
MOBILES = {"en": "07700900128", "nl": "0655443322", "ro": "0721900128"}
CODES = {"en": "44", "nl": "31", "ro": "40"}
SPLITS = {
    "en": [(5, 6), (5, 3, 3), (4, 3, 4), (3, 4, 4), (3, 2, 2, 2, 2)],
    "nl": [(2, 8), (2, 4, 4), (2, 2, 2, 2, 2), (4, 3, 3), (3, 3, 4)],
    "ro": [(4, 6), (4, 3, 3), (2, 2, 2, 2, 2), (3, 3, 4), (4, 2, 2, 2)],
}
BETWEEN = (
    " ", "-", ".", "/", " - ", "_", ", ", "  ", "*", "|", ":", " . ", "·", "~", "+", "'", ";",
    " / ", "…", "..", "\N{EM DASH}", "\n", ">", "=", "#", " & ",
)  # fmt: skip
SENTENCES = {
    "en": ("her number is {}", "new mobile: {}, after six"),
    "nl": ("haar nummer is {}", "nieuw mobiel: {}, na zessen"),
    "ro": ("numărul ei e {}", "mobil nou: {}, după șase"),
}
AND_THEN = {
    "en": (" and then ", " the rest is ", " I think then ", " ehm ", " last bit "),
    "nl": (" en dan ", " de rest is ", " uh ", " laatste stuk ", " achteraan "),
    "ro": (" și apoi ", " restul e ", " ăăă ", " pe urmă ", " iar la final "),
}
TURNED = {
    "en": "ends in {}, starts {}",
    "nl": "eindigt op {}, begint met {}",
    "ro": "se termină în {}, începe cu {}",
}
LINES = {
    "en": (
        "116 123|116.123|0800 1111|0808 2000 247|08000 121 700|0300 123 6600|1800 77 88 88|"
        "61016|101|NHS 111"
    ),
    "nl": (
        "112|113|14 020|14020|14 0318|0800-0113|0800 2000|0900-8844|0900 - 88 44|"
        "088 0767 000|116 006"
    ),
    "ro": (
        "112|116 111|116.111|116-111|0800 500 333|0800.500.333|080 080 0678|0801 801 200|"
        "0800 070 10"
    ),
}
COUNTS = {
    "en": (
        "123456 calls, 234567 texts|345,678 calls and 234,567 texts|12345 + 23456 = 34567|"
        "1234567 of 2345678 chats|number of calls 712345|5 of 12 volunteers|build 20261201|"
        "HTTP 503|error ERR_CONNECTION|printer HP M404dn"
    ),
    "nl": (
        "123.456 telefoontjes, 234.567 appjes|12345 + 23456 = 34567|"
        "5 van de 12 vrijwilligers|612345 van de 712345 chats|"
        "het aantal ging van 1200 naar 1350|fout ERR_CONNECTION|foutcode 0x80070005|"
        "dan belt ze morgen|Dan zegt ze niks"
    ),
    "ro": (
        "123456 apeluri, 234567 mesaje|12345 + 23456 = 34567|cod eroare 504 214|"
        "cod ERR-4471 pe ecran|CI build 1204|codul de eroare este 504 214|"
        "id eroare 0x80070005|612345 de persoane|1.250 de lei|piața reginei"
    ),
}
POSTCODES = {
    "en": "SW1A·1AA|SW1A: 1AA|ls8-5qt|LS8 five QT|ls8 five q t|S.E.1.5.4.H.N",
    "nl": "1012·AB|1012 - AB|1012, AB|1012/AB|NL-1012 AB|NL1012AB|1012 A B|1012ab",
    "ro": (
        "cod 010 - 091|cod 01-00-91|RO-050881 București|(010091) Cluj|"
        "stă la 400 394, ultimul etaj|cp 010/091"
    ),
}
BIRTHS = (
    "1991 / 02 / 14", "1991|02|14", "14·02·1991", "14:02:1991", "02-14-1991", "1991, 14 February",
    "30/10/'01", "14.II.1991",
)  # fmt: skip
PAPERS = {
    "en": "case LS-2291-88|incident 13/44871/26|travel document 502 113 884|NI JR.44.10.92.A",
    "nl": "haar kvk 77341256|parketnr 13/044871-26|clientnr 4471 2290|NXK4R9C21 is van haar",
    "ro": "plângerea P/2291/2026|sesizare nr 4412/211/2026|2-910214-123456",
}


def _parts(digits: str, sizes: tuple[int, ...]) -> list[str]:
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    return [digits[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def _numbers(language: str) -> Iterator[str]:
    digits = MOBILES[language]
    words = [DIGITS[language][int(digit)] for digit in digits]
    for sizes, between in product(SPLITS[language], BETWEEN):
        # with two figures between them it is a time
        if between != ":" or len("24") not in sizes:
            yield between.join(_parts(digits, sizes))
    for before in ("+{} ", "00{}", "+{} (0)", "(+{})", "plus {} ", "+ {} ", "{}"):
        yield before.format(CODES[language]) + digits[1:]
    for between in (" ", ", ", "-", ". ", "...", "/", "\n"):
        yield between.join(words)
    for at, between in product((4, 5, 6), AND_THEN[language]):
        yield digits[:at] + between + digits[at:]
        yield digits[:at] + " " + " ".join(words[at:])
        yield TURNED[language].format(digits[at:], digits[:at])


@pytest.mark.parametrize("language", MOBILES)
def test_a_mobile_number_is_found_however_it_is_given(language: str) -> None:
    texts = [
        (sentence.format(number), number)
        for number, sentence in product(_numbers(language), SENTENCES[language])
    ]
    assert [text for text, number in texts if not _found(text, number, language)] == []


@pytest.mark.parametrize("language", POSTCODES)
def test_a_postcode_is_found_however_it_is_divided(language: str) -> None:
    texts = [f"x {postcode}" for postcode in POSTCODES[language].split("|") if postcode]
    assert [text for text in texts if not findings(text, language)] == []


@pytest.mark.parametrize("language", PAPERS)
def test_a_number_of_a_paper_or_a_case_is_found(language: str) -> None:
    assert [text for text in PAPERS[language].split("|") if not findings(text, language)] == []


@pytest.mark.parametrize("born", ["dob {}", "geb. {}", "născută {}"])
def test_a_birth_is_found_however_it_is_divided(born: str) -> None:
    assert [date for date in BIRTHS if not findings(born.format(date))] == []


@pytest.mark.parametrize("language", LINES)
def test_a_line_that_is_published_is_left_alone(language: str) -> None:
    before = {"en": "Ring {} any time", "nl": "Bel {} gratis", "ro": "Sună la {}, e gratuit"}
    texts = [before[language].format(line) for line in LINES[language].split("|")]
    assert [text for text in texts if findings(text, language)] == []


@pytest.mark.parametrize("language", COUNTS)
def test_counts_and_codes_of_machines_are_left_alone(language: str) -> None:
    assert [text for text in COUNTS[language].split("|") if findings(text, language)] == []


def _found(text: str, number: str, language: str) -> bool:
    start = text.index(number)
    end = start + len(number)
    return any(one.start < end and one.end > start for one in findings(text, language))
