import pytest

from protocols.readability.rules.measure import Hint, Reading, measure

EASY = {
    "en": "Come by. It is free. You can say as much as you like.",
    "nl": "Kom langs. Het is gratis. Je mag zeggen wat je wilt.",
    "ro": "Vino la noi. Este gratis. Poți spune ce vrei tu.",
}
HARD = {
    "en": "Individuals requiring additional assistance regarding confidentiality considerations"
    " should endeavour to communicate with organisational representatives prior to participation.",
    "nl": "Belanghebbenden dienen voorafgaandelijk contactinformatie betreffende"
    " vertrouwelijkheidsoverwegingen te verstrekken aan organisatievertegenwoordigers.",
    "ro": "Persoanele interesate urmează a furniza reprezentanților organizației informațiile"
    " referitoare la confidențialitatea comunicărilor anterioare participării.",
}


def test_a_short_text_is_measured_whole() -> None:
    assert measure("Come by. It is free.", "en") == Reading(
        "Flesch reading ease", 120, "very easy", 5, 2, ()
    )


@pytest.mark.parametrize("language", ["en", "nl", "ro"])
def test_easy_is_told_from_hard_in_each_language(language: str) -> None:
    assert measure(EASY[language], language).band == "very easy"
    assert measure(HARD[language], language).band in {"hard", "very hard"}


def test_each_language_has_a_measure_that_was_made_for_it() -> None:
    assert [measure(EASY["en"], one).scale for one in ("en", "nl-BE", "ro", "bg")] == [
        "Flesch reading ease",
        "Flesch-Douma",
        "LIX",
        "LIX",
    ]


def test_a_long_sentence_and_office_words_are_named() -> None:
    long = "We " + "go on " * 10 + "in order to end."

    assert measure(f"{long} Fine.", "en").hints == (
        Hint("long-sentence", "We go on go on go", "A sentence of 25 words. Make two of it."),
        Hint("plain-word", "in order to", "Perhaps say “to”."),
    )
    assert [(one.code, one.words) for one in measure("Indien je wilt.", "nl").hints] == [
        ("plain-word", "indien")
    ]


def test_headings_and_points_of_a_list_are_sentences_and_gaps_are_words() -> None:
    read = measure("### When\n\n- one {{hours_page}}\n- two\n\nA line\nthat goes on", "en")

    assert (read.sentences, read.words) == (4, 9)


def test_no_text_has_no_measure() -> None:
    assert measure("  \n", "en") == Reading("", 0, "", 0, 0, ())
