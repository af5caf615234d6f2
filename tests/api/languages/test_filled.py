"""What rules say with values in it is found again, and said in the reader's language."""

import re

import pytest

from api.languages.catalogues import TRANSLATED, catalogue
from api.languages.filled import FILLED, told_in
from protocols.drafting.rules.fates import OTHER_PARTS
from protocols.exchange.rules.outgoing import OVERDUE
from protocols.history.rules.differences import GAP
from protocols.items.rules.drafts import TOO_MANY
from protocols.overlays.rules.three_way import NOT_DECIDED
from protocols.proposals.rules.parts import IN_WORDS_OF
from protocols.screening.rules import PERSONAL
from rota.bookings.rules import TRAINING_MISSING, WEEK_FULL
from rota.leave.actions import SEAT_IN_LEAVE
from rota.record_imports.rules.looks import SCREENED_WORD
from rota.record_imports.rules.tables import LONG_CELL
from rota.records.rules.drafts import OF_CONTACT
from rota.seats.rules import LAST_SEAT
from rota.shifts.rules.clock_changes import SHOWN_TWICE
from rota.sign_up.notices import CALLED_OFF


@pytest.mark.parametrize(
    ("sentence", "values", "language", "told"),
    [
        (
            LONG_CELL,
            {"number": 3, "most": "1,000"},
            "nl",
            "Rij 3 heeft een cel van meer dan 1.000 tekens.",
        ),
        (
            SCREENED_WORD,
            {"what": "what it was about", "found": "a telephone number"},
            "ro",
            "Coloana „despre ce a fost” are ceva ce pare a fi un număr de telefon.",
        ),
        (
            WEEK_FULL,
            {"hours": "12.5", "day": "4 January", "limit": "8"},
            "nl",
            "Dat zou 12,5 uur zijn in de week van 4 januari; de grens is 8.",
        ),
        (
            SEAT_IN_LEAVE,
            {"day": "Tuesday 5 January, 19:00", "end": "21:00"},
            "nl",
            "Je hebt een plek op dinsdag 5 januari, 19:00 tot 21:00.",
        ),
        (
            LAST_SEAT,
            {"languages": "nl, ro"},
            "ro",
            "Ultimul loc este păstrat pentru cineva care vorbește: neerlandeză, română.",
        ),
        (
            OF_CONTACT,
            {"number": 2, "what": "name each topic once."},
            "nl",
            "Contact 2: noem elk onderwerp één keer.",
        ),
        (
            CALLED_OFF,
            {"day": "5 January"},
            "ro",
            "Există o schimbare în planul tău din 5 ianuarie: nu mai are loc.",
        ),
        (
            PERSONAL,
            {"place": "Part 2 (ro)", "start": 3, "end": 9, "what": "a telephone number"},
            "nl",
            (
                "Deel 2 (Roemeens), tekens 3 tot 9: dit lijkt op een telefoonnummer."
                " Gebruik een invulveld, of zeg waarom het er mag staan."
            ),
        ),
        (
            TOO_MANY,
            {"number": 50, "what": "languages"},
            "ro",
            "Un text are cel mult 50 de limbi.",
        ),
        (
            NOT_DECIDED,
            {"words": "Ring 999. Then wait."},
            "ro",
            "Hotărăște ce este valabil pentru partea „Ring 999. Then wait.”.",
        ),
        (
            IN_WORDS_OF,
            {
                "language": "ro",
                "words": "Sună la",
                "start": 6,
                "end": 18,
                "asked": "this holds your value of {{phone}}. Write the place instead.",
            },
            "nl",
            (
                "In de woorden in het Roemeens van het deel “Sună la”, tekens 6 tot 18: hier staat"
                " jullie waarde van {{phone}}. Schrijf het invulveld ervoor in de plaats."
            ),
        ),
        (
            OVERDUE,
            {"date": "2027-01-31"},
            "nl",
            "Het had uiterlijk op 31 januari 2027 herzien moeten zijn.",
        ),
        (
            OTHER_PARTS,
            {"language": "ro"},
            "nl",
            "De woorden in deze taal hebben niet dezelfde delen: Roemeens.",
        ),
        (
            GAP,
            {"type": "phone", "filler": "worker", "name": "01632 960960"},
            "ro",
            "telefon, completat de: lucrător, de exemplu 01632 960960",
        ),
        (
            SHOWN_TWICE,
            {
                "day": "Sunday 1 November 2026",
                "zone": "Europe/Bucharest",
                "times": "03:00 (the start) and 04:00 (the end)",
            },
            "nl",
            (
                "In de nacht van zondag 1 november 2026 wijst de klok in Europe/Bucharest twee keer"
                " 03:00 (het begin) en 04:00 (het eind) aan. De eerste van de twee is bedoeld,"
                " tenzij je een andere tijd kiest."
            ),
        ),
        (
            SHOWN_TWICE,
            {"day": "Sunday 1 November 2026", "zone": "Asia/Nicosia", "times": "03:00 and 04:00"},
            "ro",
            (
                "În noaptea de duminică, 1 noiembrie 2026 ceasul din Asia/Nicosia arată de două ori"
                " 03:00 și 04:00. Este valabilă prima, dacă nu alegi altă oră."
            ),
        ),
        (
            CALLED_OFF,
            {"day": "31 February"},
            "nl",
            "Er is iets gewijzigd in je planning op 31 February: het gaat niet door.",
        ),
        # what a project has called something stays as it is
        (
            TRAINING_MISSING,
            {"name": "health. %(name)s"},
            "nl",
            (
                "De training health. %(name)s ontbreekt of is op die dag verlopen."
                " Je coördinator kan een opfristraining regelen."
            ),
        ),
    ],
)
def test_a_filled_sentence_is_said_with_its_values(
    sentence: str, values: dict[str, object], language: str, told: str
) -> None:
    written = sentence % values
    assert (told_in("en", written), told_in(language, written)) == (written, told)


@pytest.mark.parametrize(("language", "day"), [("en", "8 December"), ("nl", "8 december")])
def test_a_day_that_was_kept_with_a_zero_is_shown_without(language: str, day: str) -> None:
    kept = told_in(language, CALLED_OFF % {"day": "08 December"})
    assert (day in kept, kept) == (True, told_in(language, CALLED_OFF % {"day": "8 December"}))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_filled_sentence_is_taken_for_another(language: str) -> None:
    for sentence in FILLED:
        values = dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), "7")
        told = catalogue(language).gettext(sentence) % values
        assert told_in(language, sentence % values) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "first_day: must be a date such as 2027-01-04.",
            "first_day: moet een datum zijn, zoals 2027-01-04.",
        ),
        ("lead: must be a number from 0 to 10.", "lead: moet een getal zijn van 0 tot 10."),
        ("lead: Something else: must be a number.", "lead: Something else: must be a number."),
    ],
)
def test_what_a_field_must_be_is_said_behind_its_name(text: str, told: str) -> None:
    assert told_in("nl", text) == told


def test_what_is_no_filled_sentence_stays() -> None:
    assert told_in("nl", "Nobody has said this before.") == "Nobody has said this before."
