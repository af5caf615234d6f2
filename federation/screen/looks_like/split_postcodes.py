"""Postcodes whose parts stand apart, or are joined by a word."""

import re
from collections.abc import Iterator

_AND = r"(?: and | en | [șs]i |,? )(?:then |dan |apoi )|,? letters "
_BRITISH = re.compile(
    rf"(?<!\w)[A-Z]{{1,2}}[0-9][0-9A-Z]?(?:{_AND})[0-9] ?[ABD-HJLNP-UW-Z] ?[ABD-HJLNP-UW-Z](?!\w)"
    r"|(?<!\w)[A-Z]{1,2}[0-9][0-9A-Z]? [0-9] [ABD-HJLNP-UW-Z] [ABD-HJLNP-UW-Z](?!\w)"
    r"|(?<!\w)[A-Z]{1,2}[0-9] [0-9A-Z] [0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
    r"|(?<!\w)[a-z] (?:[a-z] )?[0-9] (?:[0-9a-z] )?[0-9] [abd-hjlnp-uw-z] [abd-hjlnp-uw-z](?!\w)"
)
_DUTCH = re.compile(
    rf"(?<![\w.,€£$/-])[1-9][0-9]{{3}}(?:-?(?P<joined>[A-Z][a-z])|(?:{_AND}| ?\()(?P<after>[A-Z]{{2}}))(?!\w)"
    r"|(?<![\w.,€£$/-])(?!1[0-2])[1-9][0-9][ -][0-9]{2} ?(?P<apart>[A-Z]{2})(?![\w-])"
)
_CUED = re.compile(
    r"\b(?:post\s?code|zip|pc|cod(?:ul)?(?:\s(?:ei|lui|meu|al\s\w+))?\spo[sșş]tal|cp)\b\W{0,3}(?:(?:is|e|este|was|de|nr)\b\W{0,3}){0,2}"
    r"(?P<code>[1-9][0-9]{3}[ ./,:(-]{0,3}[A-Z]{2}|[0-9](?:[ ./,-]{0,3}[0-9]){5})(?!\w|[ ./,-]?[0-9])",
    re.IGNORECASE,
)


def split_postcodes(text: str, no_letters: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Find them; two letters that are a word or an office make no postcode."""
    yield from (match.span() for match in _BRITISH.finditer(text))
    for match in _DUTCH.finditer(text):
        if (match["joined"] or match["after"] or match["apart"]).lower() not in no_letters:
            yield match.span()
    for match in _CUED.finditer(text):
        if match["code"][-2:].lower() not in no_letters:
            yield match.span("code")
