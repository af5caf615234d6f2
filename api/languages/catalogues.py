"""Catalogues that people can read and correct, compiled when they are first used."""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from federation.notices.preferences.rules import LANGUAGES

FOLDER = Path(__file__).parent
SOURCE = LANGUAGES[0]
"""The language in which texts are written in the code; it has no catalogue."""

TRANSLATED = LANGUAGES[1:]


def place_of(language: str) -> Path:
    """Say where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def written(language: str) -> Catalog:
    """Read a catalogue as its translators left it."""
    with place_of(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def catalogue(language: str) -> NullTranslations:
    """Give the texts of a language; English stands in the code itself."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, written(language))
    compiled.seek(0)
    return Translations(compiled)


def translated_in(language: str, message: str, /, **values: object) -> str:
    """Write a text of ours in a language; `%(name)s` in it stands for a value."""
    return catalogue(language).gettext(message) % values
