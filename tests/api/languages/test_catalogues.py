"""Every text of the pages is there in every language, and says the same."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment, nodes

import api.public
from api.languages.catalogues import TRANSLATED, place_of, written
from api.languages.collect import put_down, said
from api.languages.reading import ngettext, reading_in
from api.languages.templates import I18N, speak
from api.pages.rendering import TEMPLATES
from tests.api.languages.unmarked import unmarked

PUBLIC = sorted((Path(api.public.__file__).parent / "templates").glob("*.html"))
VALUE = re.compile(r"%\(\w+\)s|%%|<[^>]+>")
SEATS = ("Ask others to take this seat", "Ask others to take these %(number)s seats")
CEDILLAS = re.compile("[şţŞŢ]")


def forms(text: str | Iterable[str] | None) -> list[str]:
    """Give a text, or its forms for one and for several, as a list."""
    return [text] if isinstance(text, str) else list(text or ())


def wrong(message: Message, plurals: int) -> bool:
    """Tell whether a form is missing, or has other values and tags than the English text."""
    translated, sources = forms(message.string), forms(message.id)
    if len(translated) != (plurals if len(sources) > 1 else 1) or not all(translated):
        return True
    wanted = [sorted(VALUE.findall(source)) for source in sources]
    return message.fuzzy or any(sorted(VALUE.findall(form)) not in wanted for form in translated)


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


@pytest.mark.parametrize("name", sorted(page.name for page in TEMPLATES.glob("*.html")))
def test_nothing_on_a_page_is_left_unmarked(name: str) -> None:
    assert unmarked((TEMPLATES / name).read_text()) == []


def test_nothing_on_public_pages_is_left_unmarked() -> None:
    assert [unmarked(page.read_text()) for page in PUBLIC] == [[], [], []]


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


@pytest.mark.parametrize(
    ("language", "number", "told"),
    [
        ("en", 1, "Ask others to take this seat"),
        ("en", 2, "Ask others to take these 2 seats"),
        ("nl", 2, "Anderen vragen deze 2 plekken te nemen"),
        ("ro", 1, "Roagă-i pe alții să ia acest loc"),
        ("ro", 2, "Roagă-i pe alții să ia aceste 2 locuri"),
        ("ro", 20, "Roagă-i pe alții să ia aceste 20 de locuri"),
        ("ro", 101, "Roagă-i pe alții să ia aceste 101 locuri"),
    ],
)
def test_a_number_is_followed_by_its_form(language: str, number: int, told: str) -> None:
    with reading_in(language):
        assert ngettext(*SEATS, number) % {"number": number} == told


def test_no_template_takes_a_name_that_all_pages_use() -> None:
    environment = speak(Environment(extensions=[I18N], autoescape=True))
    taken = {}
    for template in sorted(TEMPLATES.glob("*.html")):
        parsed = environment.parse(template.read_text())
        own = {one.name for one in parsed.find_all(nodes.Macro)}
        own |= {one.name for one in parsed.find_all(nodes.Name) if one.ctx != "load"}
        if own & environment.globals.keys():
            taken[template.name] = own & environment.globals.keys()
    assert taken == {}
