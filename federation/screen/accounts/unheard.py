"""A word of no language in a sentence about a platform, or beside the word for an account."""

import re
from collections.abc import Iterator

from federation.screen.accounts.tokens import never
from federation.screen.words.heard_of import BENT, known, run_together
from federation.screen.words.no_word import is_no_word
from federation.screen.words.platforms import PLATFORM, PLATFORM_ITSELF

_HERE = re.compile(
    rf"(?<![\w@./-]){PLATFORM}(?:-?(?:ul|u|kanaal|groep|naam|account|profiel|pagina|channel|name))?(?![\w@])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:account|profile|profiel|cont(?:ul)?|profilul?|gebruiker|userul?)\s(?P<name>[a-z][a-z0-9]{5,29})(?![\w@/]|\.\w)"
)
_TOKEN = re.compile(r"(?<![\w@./:#-])[a-z][a-z0-9]{4,29}(?![\w@/]|\.\w)")
NEAR = 50
_ENDS = re.compile(r"[.!?\n](?=\s|\Z)")


def unheard_accounts(text: str) -> Iterator[tuple[int, int]]:
    """Find a word that is none in a sentence about a platform, or beside the word for an account."""
    for match in _ACCOUNT.finditer(text):
        if not known(match["name"]) and match["name"] not in never():
            yield match.span("name")
    searched = 0
    for here in _HERE.finditer(text):
        begin = max(searched, here.start() - NEAR)
        breaks = [found.end() for found in _ENDS.finditer(text, begin, here.start())]
        end = _ENDS.search(text, here.end(), here.end() + NEAR)
        stop = end.start() if end else min(here.end() + NEAR, len(text))
        for match in _TOKEN.finditer(text, breaks[-1] if breaks else begin, stop):
            word = match.group()
            none = word not in never() and (
                (is_no_word(word) and not BENT.search(word)) or run_together(word)
            )
            if none and not PLATFORM_ITSELF.fullmatch(word):
                yield match.span()
        searched = here.end()
