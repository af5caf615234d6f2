"""A text that is written to a file and read again is the same draft, to the letter."""

from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from protocols.exchange.errors import NotAText
from protocols.exchange.rules import csv_files, json_files, markdown_files
from protocols.exchange.rules.tables import csv_line
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder

WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="\x00")
    | st.sampled_from("\n|\\-'=:#"),
    max_size=30,
)
MARKED = WORDS | st.sampled_from(
    ["<!-- part -->", "\\<!-- part locked -->", "---\nkind: x\n---\n", "a\n<!-- part -->\n", "\n\n"]
)
LINE = WORDS.filter(lambda text: text != "")
DRAFTS = st.builds(
    Draft,
    kind=st.sampled_from(["protocol", "answer"]),
    title=WORDS,
    source_language=st.sampled_from(["en", "no", "nl-BE"]),
    jurisdictions=st.lists(LINE, max_size=3),
    review_by=st.dates(date(2020, 1, 1), date(2099, 1, 1)),
    blocks=st.lists(st.builds(DraftBlock, MARKED, st.booleans()), min_size=1, max_size=4),
    protocol_kind=st.none() | st.sampled_from(["conduct", "closing-a-session"]),
    question=st.none() | LINE,
    keywords=st.lists(LINE, max_size=3),
    use_limits=st.lists(st.sampled_from(["reply-only", "public-post"]), unique=True),
    channels=st.lists(LINE, max_size=2),
    placeholders=st.lists(
        st.builds(
            DraftPlaceholder,
            LINE,
            WORDS,
            st.sampled_from(["text", "phone"]),
            st.sampled_from(["project", "worker"]),
            st.booleans(),
        ),
        max_size=2,
    ),
    acknowledgement=st.sampled_from(["none", "notify", "re-read"]),
)


@st.composite
def texts(draw: st.DrawFn) -> ExchangedText:
    draft = draw(DRAFTS)
    said = st.builds(
        Translated,
        title=WORDS,
        texts=st.lists(MARKED, min_size=len(draft.blocks), max_size=len(draft.blocks)),
        question=st.none() | LINE,
        keywords=st.lists(LINE, max_size=2),
    )
    return ExchangedText(
        draft=draft, translations=draw(st.dictionaries(st.sampled_from(["ro", "de"]), said))
    )


@given(texts())
def test_markdown(text: ExchangedText) -> None:
    files = markdown_files.written(text)
    source = files.pop(text.draft.source_language)

    assert markdown_files.together(source, files) == text
    assert markdown_files.is_source(source)
    assert not any(markdown_files.is_source(file) for file in files.values())


@given(st.lists(texts(), max_size=3))
def test_json(given_texts: list[ExchangedText]) -> None:
    assert json_files.read("".join(json_files.written(given_texts)).encode()) == given_texts


@given(st.lists(texts(), max_size=3))
def test_csv(given_texts: list[ExchangedText]) -> None:
    assert csv_files.read("".join(csv_files.written(given_texts)).encode()) == given_texts


TEXT = ExchangedText(
    draft=Draft(
        kind="answer",
        title="Free test",
        source_language="en",
        jurisdictions=["england-and-wales"],
        review_by=date(2027, 12, 1),
        blocks=[DraftBlock("Come to {{clinic}}.", locked=True), DraftBlock("Bye.")],
        question="Where?",
        keywords=["test"],
        use_limits=["reply-only"],
        channels=[],
        placeholders=[DraftPlaceholder("clinic", "the clinic")],
    ),
    translations={
        "no": Translated(title="Gratis test", texts=["Kom til {{clinic}}.", "Ha det."], keywords=[])
    },
)
SOURCE = """---
format: netreach-text/1
kind: answer
language: en
title: Free test
jurisdictions:
- england-and-wales
review_by: '2027-12-01'
question: Where?
keywords:
- test
use_limits:
- reply-only
acknowledgement: re-read
placeholders:
- name: clinic
  example: the clinic
---

<!-- part locked -->
Come to {{clinic}}.

<!-- part -->
Bye.
"""


def test_a_file_is_made_to_be_read_by_people() -> None:
    assert markdown_files.written(TEXT)["en"] == SOURCE


def test_what_a_person_writes_by_hand_is_read() -> None:
    by_hand = SOURCE.replace("\n\n<!-- part -->", "\n<!-- part -->").replace(
        "'2027-12-01'", "2027-12-01"
    )
    norwegian = (
        "---\nlanguage: no\ntitle: Gratis test\n---\n<!-- part -->\nKom.\n<!-- part -->\nHa det.\n"
    )

    for saved in (by_hand, by_hand.replace("\n", "\r\n"), f"\ufeff{by_hand}"):
        read = markdown_files.together(saved, [norwegian])
        assert read.draft == TEXT.draft
        assert list(read.translations) == ["no"]


def test_a_text_without_marks_has_one_part() -> None:
    one = SOURCE[: SOURCE.index("<!--")] + "All of it.\n\nTwo paragraphs.\n"

    assert markdown_files.together(one).draft.blocks == [
        DraftBlock("All of it.\n\nTwo paragraphs.")
    ]


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "no front matter",
        "---\nkind: [\n---\n",
        "---\nkind: answer\n---\n",
        SOURCE.replace("title:", "titel:"),
        SOURCE.replace("kind: answer", "kind: poem"),
        SOURCE.replace("title: Free test", "title: &a Free test\nkeywords: *a"),
        SOURCE.replace("Where?", "[" * 20 + "]" * 20),
        SOURCE.replace("Where?", "x" * 70_000),
        SOURCE.replace("title: Free test", 'title: "\\UFFFFFFFF"'),
    ],
)
def test_a_file_that_says_something_else_is_refused(odd: str) -> None:
    with pytest.raises(NotAText):
        markdown_files.together(odd)


def test_little_yaml_never_becomes_much() -> None:
    bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n"

    with pytest.raises(NotAText):
        markdown_files.together(bomb)


@pytest.mark.parametrize("odd", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"format": "other"}'])
def test_json_that_says_something_else_is_refused(odd: bytes) -> None:
    with pytest.raises(NotAText):
        json_files.read(odd)


@pytest.mark.parametrize("words", [["|"], ["a|", "b"], ["\\"], ["a\\|"], ["|", "|"], []])
def test_words_of_a_list_keep_their_bars(words: list[str]) -> None:
    barred = replace(TEXT, draft=replace(TEXT.draft, channels=words))

    assert csv_files.read("".join(csv_files.written([barred])).encode()) == [barred]


@pytest.mark.parametrize("odd", ["[", "[" * 100_000, '{"a":' * 100_000, "7"])
def test_a_cell_of_gaps_that_says_something_else_is_refused(odd: str) -> None:
    """The csv module takes no longer cell than 131,072 characters."""
    head = csv_line(("number", "kind", "language", "title", "text", "placeholders"))
    row = csv_line(("1", "protocol", "en", "A title", "Words.", odd[:131_000]))

    with pytest.raises(NotAText):
        csv_files.read((head + row).encode())


@pytest.mark.parametrize(
    ("written", "locked"),
    [("Yes", True), (" TRUE ", True), ("1", True), ("NO", False), ("", False)],
)
def test_a_lock_is_kept_however_a_spreadsheet_writes_it(written: str, *, locked: bool) -> None:
    assert _with_lock(written).draft.blocks == [DraftBlock("Words.", locked=locked)]


def test_a_lock_that_cannot_be_read_is_never_taken_off_in_silence() -> None:
    with pytest.raises(NotAText, match="Text 1: write yes or no"):
        _with_lock("perhaps")


def _with_lock(written: str) -> ExchangedText:
    columns = ("number", "kind", "protocol_kind", "language", "title", "jurisdictions", "review_by")
    head = csv_line((*columns, "text", "locked"))
    facts = ("1", "protocol", "conduct", "en", "A title", "england", "2027-12-01")
    [text] = csv_files.read((head + csv_line((*facts, "Words.", written))).encode())
    return text


def test_no_cell_is_a_formula() -> None:
    evil = replace(TEXT, draft=replace(TEXT.draft, title="=1+1", keywords=["@x"]))
    table = "".join(csv_files.written([evil]))
    import csv

    cells = [cell for row in csv.reader(StringIO(table)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]
    assert csv_files.read(table.encode()) == [evil]


def test_the_head_is_yaml_that_any_reader_reads() -> None:
    head = SOURCE.split("---\n")[1]
    read: dict[str, Any] = yaml.safe_load(head)
    assert read["placeholders"] == [{"name": "clinic", "example": "the clinic"}]
