"""What the pages say in three languages names nobody: thousands of sentences of no round."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from federation.screen.rules import findings

CATALOGUES = Path(__file__).parents[3] / "api" / "languages"
FILLED_IN = re.compile(r"%\(\w+\)s|<code>[^<]*</code>")
LOOKED_FOR = frozenset({"name", "email", "postcode", "date-of-birth", "id-number", "address"})
"""Pages do give addresses on the web, a telephone number and a user name as examples."""


def _texts(language: str) -> list[str]:
    """Read the texts of a language; those in English are what the others are translated from."""
    catalogue = "nl" if language == "en" else language
    with (CATALOGUES / catalogue / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=catalogue) if message.id]
    each = [message.id if language == "en" else message.string for message in messages]
    return [text for one in each for text in ([one] if isinstance(one, str) else one or ())]


@pytest.mark.parametrize("language", ["en", "nl", "ro"])
def test_nobody_is_suspected_on_our_own_pages(language: str) -> None:
    texts = [FILLED_IN.sub("…", text) for text in _texts(language)]
    assert len(texts) > 1000
    found = [(text, findings(text, language)) for text in texts]
    assert [
        (one.kind, text[one.start : one.end], text)
        for text, every in found
        for one in every
        if one.kind in LOOKED_FOR
    ] == []
