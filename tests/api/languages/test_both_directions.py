"""Pages can be read from the right as well as from the left, and what they quote in its own way."""

import re
from pathlib import Path

import pytest

from api.pages.rendering import STATIC, TEMPLATES
from tests.api.languages.test_catalogues import PUBLIC

ONE_SIDE = re.compile(
    r"\b(?:margin|padding|border)-(?:left|right)\b|\b(?:text-align|float|clear): *(?:left|right)"
    r"|(?<![\w-])(?:left|right):"
)
FOUR = re.compile(r"\b(?:margin|padding):((?: +[\w.-]+){4});")
# a language that can be chosen is named in one word and stands in the page's own row
QUOTED = re.compile(r'<[^<>]*\blang="\{\{ (?!page_language|choice\.tag)[^}]*\}\}"[^<]*?>')


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_no_style_is_for_the_left_or_the_right_alone(sheet: Path) -> None:
    styles = sheet.read_text()
    assert ONE_SIDE.findall(styles) == []
    assert [four for four in FOUR.findall(styles) if len({*four.split()[1::2]}) > 1] == []


@pytest.mark.parametrize(
    "page", [*sorted(TEMPLATES.glob("*.html")), *PUBLIC], ids=lambda page: page.name
)
def test_what_is_quoted_in_its_language_is_written_in_its_direction(page: Path) -> None:
    assert [tag for tag in QUOTED.findall(page.read_text()) if 'dir="auto"' not in tag] == []
