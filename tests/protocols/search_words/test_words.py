"""Words as people type them, and how PostgreSQL is asked for them."""

from protocols.search_words.rules import (
    Forms,
    all_of,
    as_typed,
    folded,
    lexemes,
    meant,
    one_of,
    slips,
    spelt,
    without_accents,
)


def test_words_are_compared_without_accents_and_capitals() -> None:
    assert folded("Întreabă LOCUINȚĂ, Straße") == "intreaba locuinta, strasse"
    assert folded("Łódź, Ærø, Đorđe") == "lodz, aero, dorde"
    assert spelt("клиника") == "43a43b43843d43843a430"
    assert meant("recieve", ["receive", "recipe", "relieve", "clinic"]) == [
        "relieve",
        "receive",
        "recipe",
    ]


def test_what_was_typed_is_known_beside_how_it_is_compared() -> None:
    assert as_typed("Plăti, PLATI, tax") == {"plati": "plăti", "tax": "tax"}
    assert without_accents("Plătești tax, plătesc") == "platesti platesc"


def test_a_word_too_short_to_be_guessed_has_few_slips() -> None:
    assert [slips(word) for word in ("hvi", "stis", "gps", "tax", "clinics", "42s")] == [
        ["vhi", "hiv"],
        ["sti"],
        ["pgs", "gsp", "gp"],
        ["atx", "txa"],
        [],
        [],
    ]


def test_each_part_of_a_question_is_asked_for_once() -> None:
    forms = {
        "tax": Forms(["tax", "l'or"], ["taxation", "tax"]),
        "42": Forms(["42"], ["420s"]),
    }
    tax, number = lexemes(["tax"], forms), lexemes(["42", "tax"], forms)

    assert tax == ["'tax'", "'taxation'", "'l''or'"]
    assert number == ["'42':*", "'42'", *tax]
    assert all_of([tax, ["'42':*"]]) == "('tax' | 'taxation' | 'l''or') & ('42':*)"
    assert one_of([tax, number]) == "'tax' | 'taxation' | 'l''or' | '42':* | '42'"
