from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def _written_in(language: str) -> Locale:
    return Locale(language)


def language_name(tag: str, language: str = "en") -> str:
    """Name a language in another one; a tag that nobody has named stays as it is."""
    reader = _written_in(language)
    named: str | None = reader.languages.get(tag.replace("-", "_"))
    if named:
        return named
    try:
        return Locale.parse(tag, sep="-").get_display_name(reader) or tag
    except (UnknownLocaleError, ValueError):
        return tag
