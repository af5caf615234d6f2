"""A file as programs save it becomes cells; what is no table or too large is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Refusal
from rota.record_imports.rules import tables
from rota.record_imports.rules.tables import Row, Table, carried, read_sheet, table_of

CELL = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\x85"),
    max_size=6,
).map(str.strip)
TEXT = "Date;Oraș\n2026-11-03;Iași\n"
ROWS = Table(("Date", "Oraș"), (Row(2, ("2026-11-03", "Iași")),))


@pytest.mark.parametrize(
    "given",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        f"sep=;\r\n{TEXT}".encode(),
        f"sep=\t\r\n{TEXT}".replace(";", "\t").encode(),
    ],
)
def test_ways_to_save_the_same_table(given: bytes) -> None:
    assert read_sheet(given) == ROWS


def test_what_is_not_utf_8_is_windows_1252() -> None:
    assert read_sheet("Día;Año\n3;4".encode("cp1252")).header == ("Día", "Año")


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    found = table_of('Date,Note\n1,"two\nlines"\n\n,,\n2,,\n3\n')
    assert found.rows == (Row(2, ("1", "two; lines")), Row(5, ("2", "")), Row(6, ("3", "")))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "unreadable-table"),
        (b"\n\n", "unreadable-table"),
        (b"\x89PNG\r\n\0\0", "unreadable-table"),
        (b"\x81\x8d", "unreadable-table"),
        (b'Date\n"open', "unreadable-table"),
        (b"Date\n2026-11-03,more", "unreadable-table"),
        (b"x" * (tables.MOST_BYTES + 1), "too-many-bytes"),
        (b"Date\n" + b"1\n" * (tables.MOST_ROWS + 1), "too-many-rows"),
        (b"Date" + b",x" * tables.MOST_COLUMNS + b"\n", "too-many-columns"),
        (b"Date,Note\n1," + b"x" * (tables.LONGEST_CELL + 1), "cell-too-long"),
    ],
)
def test_what_is_refused_and_never_repeated(given: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_sheet(given)
    caught = refused.value
    assert code in {caught.code, *(reason.code for reason in caught.reasons)}
    assert caught.code in {"unreadable-table", "table-too-large"}
    said = [caught.sentence, *(reason.text for reason in caught.reasons)]
    assert [one for one in said if "xxx" in one or "more," in one] == []


def test_a_table_at_its_limits_is_read() -> None:
    assert len(read_sheet(b"Date\n" + b"1\n" * tables.MOST_ROWS).rows) == tables.MOST_ROWS
    wide = b"Date" + b",x" * (tables.MOST_COLUMNS - 1) + b"\n"
    assert len(read_sheet(wide).header) == tables.MOST_COLUMNS


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=5))
def test_what_a_page_carries_is_the_same_table_without_unread_cells(rows: list[list[str]]) -> None:
    numbered = [Row(number, tuple(cells)) for number, cells in enumerate(rows, 2) if any(cells)]
    table = Table(("a;b", "b", "c\td"), tuple(numbered))
    assert table_of(carried(table, [0, 1, 2])) == table
    kept = [Row(row.number, (row.cells[0], "", row.cells[2])) for row in numbered]
    again = table_of(carried(table, [0, 2]))
    assert again.rows == tuple(row for row in kept if any(row.cells))
