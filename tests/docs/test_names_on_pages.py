"""What the guides call a button or a page is called so on the page."""

import re

import pytest

from api.languages.catalogues import written
from tests.docs.written import FENCED, INLINE, text_of

CALLED = re.compile(r"(?<![*\w])\*([^*\s][^*]*)\*(?![*\w])")
VALUE = re.compile(r"%\(\w+\)s|<[^>]+>")
OWN = {"Nederlands · Română · English", "our own line, which is on our page"}
"""Names of languages, and what somebody writes; ours say the rest."""


def said_on_pages() -> str:
    """Join every text of the pages in English, with a sign where a value stands."""
    found = [message.id for message in written("nl") if message.id]
    texts = [one for text in found for one in ([text] if isinstance(text, str) else text)]
    return "\n".join(VALUE.sub("…", " ".join(text.split())) for text in texts).lower()


SAID = said_on_pages()


@pytest.mark.parametrize("guide", ["coordinators", "workers", "operators"])
def test_what_a_guide_names_stands_on_a_page(guide: str) -> None:
    prose = INLINE.sub("`", FENCED.sub("", text_of(f"docs/guides/{guide}.md")))
    names = {" ".join(name.split()) for name in CALLED.findall(prose.replace("**", ""))} - OWN
    assert len(names) > 3
    patterns = {name: re.escape(name.rstrip(".,:?").lower()) for name in names}
    missing = [
        name for name, one in patterns.items() if not re.search(one.replace("…", ".*"), SAID)
    ]
    assert missing == []
