"""Postcodes whose parts stand apart, or are joined by a word."""

import re
from collections.abc import Iterator

_AND = r"(?: and | en | [șs]i |,? )(?:then |dan |apoi )|,? letters "
_BRITISH = re.compile(
    rf"(?<!\w)[A-Z]{{1,2}}[0-9][0-9A-Z]?(?:{_AND}| (?:and|en|[șs]i) )[0-9] ?[ABD-HJLNP-UW-Z] ?[ABD-HJLNP-UW-Z](?!\w)"
    r"|(?<!\w)[A-Z]{1,2}[0-9][0-9A-Z]? [0-9] [ABD-HJLNP-UW-Z] [ABD-HJLNP-UW-Z](?!\w)"
    r"|(?<!\w)[A-Z]{1,2}(?:[0-9][0-9A-Z]? (?:l|[IO](?!NE|LD|UT|LL|TS|AP))[ABD-HJLNP-UW-Z]{2}|l[0-9l]? [0-9l][ABD-HJLNP-UW-Z]{2})(?!\w)"
    r"|(?<!\w)[A-Z]{1,2}[0-9] [0-9A-Z] [0-9][ABD-HJLNP-UW-Z]{2}(?!\w)"
    r"|(?<!\w)[a-z] (?:[a-z] )?[0-9] (?:[0-9a-z] )?[0-9] [abd-hjlnp-uw-z] [abd-hjlnp-uw-z](?!\w)"
)
_DUTCH = re.compile(
    rf"(?<![\w.,€£$/-])[1-9][0-9]{{3}}(?:-?(?P<joined>[A-Z][a-z]|[a-z][A-Z])|(?:{_AND}| ?\()(?P<after>[A-Z]{{2}}))(?!\w)"
    r"|(?<![\w.,€£$/-])(?!1[0-2])[1-9][0-9][ -][0-9]{2} ?(?P<apart>[A-Z]{2})(?![\w-])"
)
_CUED = re.compile(
    r"\b(?:post\s?code|zip|pc|cod(?:ul)?(?:\s(?:ei|lui|meu|al\s\w+))?\spo[sșş]tal|cp)\b\W{0,3}(?:(?:is|e|este|was|de|nr)\b\W{0,3}){0,2}"
    r"(?P<code>[1-9][0-9]{3}[ ./,:(-]{0,3}[A-Z]{2}|[0-9](?:[ ./,-]{0,3}[0-9]){5})(?!\w|[ ./,-]?[0-9])",
    re.IGNORECASE,
)
_SIX = r"(?P<code>[0-9](?:[ ./,-]{0,3}[0-9]){5})"
_POST = (
    r"(?:cod\w*(?:\s(?:ei|lui|meu|al\s\w+))?\spo[sșş]tal\w*|po[sșş]tal|c\.?\s?p\.?|zip|post\s?code)"
)
_SIX_BEFORE = re.compile(
    rf"(?<![\w./,-]){_SIX}\W{{1,3}}(?:(?:is|e|este|as)\s)?{_POST}(?!\w)", re.IGNORECASE
)
_SIX_AFTER = re.compile(
    rf"\b{_POST}(?<=[\w.])\W{{0,3}}(?:(?:is|e|este|de|nr)\b\W{{0,3}}){{0,2}}{_SIX}(?![\w]|[ ./,-]?[0-9])",
    re.IGNORECASE,
)
"""Six figures, however divided, on either side of what they are."""
_TURNED = re.compile(
    r"\b[Ll]etters?\W{1,2}(?:zijn |are )?(?P<ends>[A-Z]{2})\b[^.!?\n0-9]{0,20}(?<![\w.,])[1-9][0-9]{3}(?![\w.,][0-9])"
    r"|(?<!\w)(?:[A-Z]{2} (?:achter|na) [1-9][0-9]{3}|[0-9][ABD-HJLNP-UW-Z]{2}\W{1,2}(?:after|behind|(?:area|district|starts?|begins?)(?: with| is)?) [A-Z]{1,2}[0-9][0-9A-Z]?)(?!\w)"
)
"""Their end told before their beginning."""
_SAID = re.compile(
    r"\b(?:post\s?code|pc)\b[^.!?\n0-9]{0,22}?(?P<code>[1-9][0-9]{3} (?P<letters>[A-Z]{2}|[a-z]{2}))(?!\w)",
    re.IGNORECASE,
)
_DUTCH_WORDS = frozenset(
    "en is of in op te om ze zo ik je ja er nu al de da dr af na we ga km uu or as at so no by on to if it my he".split()
)
"""After what is called a postcode, any other two letters are its end."""


def split_postcodes(
    text: str, no_letters: frozenset[str], offices: frozenset[str]
) -> Iterator[tuple[int, int]]:
    """Find them; two letters that are a word or an office make no postcode."""
    yield from (match.span() for match in _BRITISH.finditer(text))
    for match in _DUTCH.finditer(text):
        letters = match["joined"] or match["after"] or match["apart"]
        if letters not in offices if letters.isupper() else letters.lower() not in no_letters:
            yield match.span()
    yield from (match.span() for match in _TURNED.finditer(text))
    for pattern in (_SIX_BEFORE, _SIX_AFTER):
        yield from (match.span("code") for match in pattern.finditer(text))
    for match in _SAID.finditer(text):
        if match["letters"].lower() not in _DUTCH_WORDS:
            yield match.span("code")
    for match in _CUED.finditer(text):
        if match["code"][-2:].lower() not in no_letters:
            yield match.span("code")
