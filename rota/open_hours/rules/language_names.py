from babel import Locale, UnknownLocaleError

ENGLISH = Locale("en")


def language_name(tag: str) -> str:
    """Name a language in English; a tag that nobody has named stays as it is."""
    named: str | None = ENGLISH.languages.get(tag.replace("-", "_"))
    if named:
        return named
    try:
        return Locale.parse(tag, sep="-").get_display_name(ENGLISH) or tag
    except (UnknownLocaleError, ValueError):
        return tag
