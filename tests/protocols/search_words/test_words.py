"""Words as people type them, and how PostgreSQL is asked for them."""

from protocols.search_words.rules import Forms, all_of, folded, lexemes, meant, one_of, spelt


def test_words_are_compared_without_accents_and_capitals() -> None:
    assert folded("Întreabă LOCUINȚĂ, Straße") == "intreaba locuinta, strasse"
    assert spelt("клиника") == "43a43b43843d43843a430"
    assert meant("recieve", ["receive", "recipe", "relieve", "clinic"]) == [
        "relieve",
        "receive",
        "recipe",
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
