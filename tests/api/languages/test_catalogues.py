"""Every text of the pages is there in every language, and says the same."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

import api.public
from api.languages.catalogues import TRANSLATED, place_of, written
from api.languages.collect import put_down, said
from api.languages.translated import SHARED
from api.languages.translated import TRANSLATED as PAGES
from api.pages.rendering import TEMPLATES
from tests.api.languages.unmarked import unmarked

PUBLIC = Path(api.public.__file__).parent / "templates" / "open.html"
VALUE = re.compile(r"%\(\w+\)s|%%|<[^>]+>")
CEDILLAS = re.compile("[şţŞŢ]")


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())  # type: ignore[call-overload] # a text, or its forms


def wrong(message: Message, plurals: int) -> bool:
    """Tell whether a form is missing, or has other values and tags than the English text."""
    translated, sources = forms(message.string), forms(message.id)
    if len(translated) != (plurals if len(sources) > 1 else 1) or not all(translated):
        return True
    wanted = sorted(VALUE.findall(sources[-1]))
    return message.fuzzy or any(sorted(VALUE.findall(form)) != wanted for form in translated)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text_and_no_other(language: str) -> None:
    catalog = written(language)
    assert {message.id for message in catalog if message.id} == {m.id for m in said() if m.id}
    texts = [message for message in catalog if message.id]
    assert [message.id for message in texts if wrong(message, catalog.num_plurals)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_lies_there_as_make_texts_writes_it(language: str) -> None:
    assert put_down(written(language)) == place_of(language).read_bytes()


def test_romanian_is_written_with_its_own_letters() -> None:
    assert CEDILLAS.findall(place_of("ro").read_text()) == []


@pytest.mark.parametrize("name", sorted(SHARED | PAGES))
def test_nothing_on_a_translated_page_is_left_unmarked(name: str) -> None:
    assert unmarked((TEMPLATES / name).read_text()) == []


def test_nothing_on_the_public_page_is_left_unmarked() -> None:
    assert unmarked(PUBLIC.read_text()) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Take a seat</p>", ["Take a seat"]),
        ("<p>{% trans %}Take a seat{% endtrans %}</p>", []),
        ("""<p title="A seat">{{ _('Take it') }}</p>""", ["A seat"]),
        ("{{ 'Take it' if free else _('Wait') }}", ["Take it"]),
        ("<p>{{ name }}: <code>netreach-server</code> {{ at.strftime('%H:%M') }}</p>", []),
    ],
)
def test_what_is_not_marked_is_found(template: str, found: list[str]) -> None:
    assert unmarked(template) == found


def test_a_value_is_never_taken_for_a_text_of_ours() -> None:
    assert len(unmarked("{{ _(reason.text) }}")) == 1
