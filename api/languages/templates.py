"""What templates need to be written in several languages."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError
from jinja2 import Environment
from markupsafe import Markup

from api.languages.catalogues import SOURCE
from api.languages.reading import ASKED, gettext, language, ngettext, said
from federation.notices.preferences.rules import LANGUAGES

I18N = "jinja2.ext.i18n"


@runtime_checkable
class Speaking(Protocol):
    """What `I18N` adds to an environment."""

    def install_gettext_callables(
        self,
        gettext: Callable[[str], str],
        ngettext: Callable[[str, str, int], str],
        *,
        newstyle: bool | None = None,
    ) -> None:
        """Take what finds texts in a catalogue."""


class Choice(NamedTuple):
    """A language that a page offers, by its own name, and the address of the page in it."""

    tag: str
    name: str
    query: str


def speak(environment: Environment) -> Environment:
    """Let an environment that was made with `I18N` find its texts in the reader's language.

    `_` is for texts that stand in a template: it takes them for HTML. `translate` escapes them.
    """
    environment.policies["ext.i18n.trimmed"] = True
    if not isinstance(environment, Speaking):
        raise TypeError(f"The environment was made without {I18N}.")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)
    environment.globals |= {
        "page_language": language,
        "page_direction": direction,
        "translate": said,
        "in_source": in_source,
        "language_choices": choices,
    }
    return environment


def direction() -> str:
    """Say in which direction the reader's language is written: `ltr` or `rtl`."""
    return Locale(language()).text_direction


def choices(**kept: str | None) -> list[Choice]:
    """Offer the other languages, each named in itself; `kept` stays in the address."""
    rest = {name: value for name, value in kept.items() if value is not None}
    return [
        Choice(tag, own_language_name(tag), "?" + urlencode(rest | {ASKED: tag}))
        for tag in LANGUAGES
        if tag != language()
    ]


def in_source(message: str) -> Markup:
    """Mark an element whose text is in English on a page in another language, for its readers."""
    translated = language() == SOURCE or said(message) != message
    return Markup("") if translated else Markup(' lang="en"')


def own_language_name(tag: str) -> str:
    """Name a language in that language, for those who look for it."""
    try:
        named = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return tag
    return str(named[:1].upper() + named[1:]) if named else tag
