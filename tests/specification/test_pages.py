"""The pages name everything that travels, in the forms of the code, with examples of the file."""

import re
from collections.abc import Iterator

import pytest

from api.peers.routes import ROUTES
from federation.errors import Refusal
from tests.docs.test_pages_are_true import HEADING, anchor_of
from tests.docs.written import text_of
from tests.specification.kinds import KINDS
from tests.specification.page import EXAMPLE, ROW, TABLE, filled
from tests.specification.shapes import SHAPES
from tests.specification.test_vectors import ALL, FILE

PAGE, EVENTS = "docs/federation.md", "docs/federation-events.md"
BOTH = text_of(PAGE) + text_of(EVENTS)
STATUS = re.compile(r"^\| `([a-z-]+)` \| (\d{3}) \| ", re.MULTILINE)
PATH = re.compile(r"^\| `([A-Z]+) (/[^`]+)` \| ", re.MULTILINE)


@pytest.mark.parametrize("name", [PAGE, EVENTS])
def test_examples_fields_and_forms_are_those_of_the_code(name: str) -> None:
    page = text_of(name)
    assert len(EXAMPLE.findall(page)) == page.count("<!-- vector:")
    assert filled(page, FILE) == page


def test_every_shape_has_one_table_and_every_field_a_sentence() -> None:
    tables = TABLE.findall(BOTH)
    assert sorted(name for name, _ in tables) == sorted(SHAPES)
    unsaid = [
        (name, field) for name, rows in tables for field, said in ROW.findall(rows) if not said
    ]
    assert unsaid == []


def test_every_kind_of_event_has_a_heading() -> None:
    headings = HEADING.findall(text_of(EVENTS))
    assert sorted(each.strip("`") for each in headings if each.startswith("`")) == sorted(KINDS)


def test_the_sections_that_vectors_name_are_there() -> None:
    anchors = {anchor_of(each) for each in HEADING.findall(BOTH)}
    assert {group.section for group in FILE.groups} <= anchors


def test_every_code_of_a_vector_is_explained() -> None:
    explained = set(re.findall(r"^\| `([a-z_-]+)` \| ", BOTH, re.MULTILINE))
    codes = {vector.refused for _, vector in ALL if isinstance(vector.refused, str)}
    assert len(codes) > 15
    assert codes <= explained


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for kind in of.__subclasses__():
        yield kind
        yield from refusals(kind)


def test_each_code_has_the_status_that_the_page_gives_it() -> None:
    known = {kind.code: kind.status for kind in refusals()}
    told = {code: int(status) for code, status in STATUS.findall(text_of(PAGE))}
    assert len(told) > 10
    assert told == {code: known[code] for code in told}


def test_the_page_names_each_address_that_partners_call() -> None:
    served = {
        (str(method), re.sub(r"\{\w+:uuid\}", "{id}", path))
        for route in ROUTES
        for method in route.http_methods
        for path in route.paths
    }
    assert set(PATH.findall(text_of(PAGE))) == served
