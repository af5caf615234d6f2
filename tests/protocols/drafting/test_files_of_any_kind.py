"""Whatever is given is read by what is in it, within limits, and never trusted about its size."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest

from protocols.drafting.rules.any_file import texts_in
from protocols.drafting.rules.archives import LARGEST_FILE, pack
from protocols.drafting.rules.fates import reasons_for
from protocols.drafting.rules.from_tools import Defaults
from protocols.exchange.errors import NotAnExport, NotAText, TooLarge
from protocols.exchange.rules import csv_files, json_files
from protocols.exchange.rules.fates import Fate, Step
from protocols.exchange.rules.markdown_files import written
from protocols.exchange.rules.tools import zammad
from protocols.starter.library import starter_texts
from tests.protocols.exchange.outgoing_texts import gap, text, words
from tests.protocols.exchange.test_live_helper_chat_file import loaded
from tests.protocols.exchange.tools_as_they_are import Zammad

DEFAULTS = Defaults(language="en", jurisdictions=["ireland"], review_by=date(2027, 6, 30))
TEXTS = list(starter_texts(date(2027, 1, 5)).values())
NAMED = text(
    {"en": words("Hi {{name}}, I am {{worker}}."), "nl": words("Hoi {{name}}.")},
    gaps={"name": gap("name"), "worker": gap("worker")},
)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_our_own_files_come_back_as_they_went() -> None:
    in_order = sorted(TEXTS, key=lambda one: one.draft.kind)

    assert texts_in(pack(in_order), DEFAULTS) == in_order
    assert texts_in("".join(csv_files.written(TEXTS)).encode(), DEFAULTS) == TEXTS
    assert texts_in("".join(json_files.written(TEXTS)).encode(), DEFAULTS) == TEXTS
    [conduct] = texts_in(written(TEXTS[0])["en"].encode(), DEFAULTS)
    assert conduct == TEXTS[0]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_our_table_comes_back_from_a_spreadsheet_that_parts_cells_by_semicolons(mark: str) -> None:
    cells = csv.reader(io.StringIO("".join(csv_files.written(TEXTS)), newline=""))
    saved = io.StringIO()
    csv.writer(saved, delimiter=";").writerows(cells)

    assert texts_in((mark + saved.getvalue()).encode(), DEFAULTS) == TEXTS


def test_live_helper_chat_comes_in_with_its_languages_and_names() -> None:
    tool = loaded(NAMED)
    [row] = tool.messages.values()
    tool.messages["personal"] = row | {"user_id": "7", "title": "Mine"}
    tool.messages["off"] = row | {"disabled": "1", "title": "Switched off"}

    [one] = texts_in(tool.exported(), DEFAULTS)

    assert (one.draft.title, one.draft.question) == ("Free test", "Where?")
    assert one.draft.blocks[0].text == "Hi {{visitor_name}}, I am {{worker_name}}."
    assert one.translations["nl"].texts == ["Hoi {{visitor_name}}."]
    assert one.draft.keywords == ["test"]
    assert {gap.name: gap.filled_by for gap in one.draft.placeholders} == {
        "visitor_name": "worker",
        "worker_name": "worker",
    }
    assert reasons_for(one) == []


@pytest.mark.parametrize(
    "odd",
    [
        "[",
        '[{"languages":["nl"],"message":' + "[" * 100_000,
        '[{"languages":5,"message":"Hoi."}]',
        '[{"languages":"nl","message":"Hoi."}]',
    ],
)
def test_languages_that_cannot_be_read_stop_no_answer(odd: str) -> None:
    tool = loaded(NAMED)
    [row] = tool.messages.values()
    row["languages"] = odd

    [one] = texts_in(tool.exported(), DEFAULTS)

    assert (one.draft.title, one.translations) == ("Free test", {})


def test_zammad_comes_in_from_html_as_table_and_as_list() -> None:
    tool = Zammad()
    said = words("See [this](https://a.example).\n\n- one\n- two", keywords=("home test", "sti"))
    made = zammad.entries([text({"en": said})], {})
    tool.load("".join(zammad.file([Step(entry=made.entries[0], fate=Fate.CREATE)], ())).encode())
    tool.modules.append({"name": "Off", "content": "<p>x</p>", "active": "false", "keywords": ""})

    [of_table] = texts_in(tool.exported(), DEFAULTS)
    [of_list] = texts_in(json.dumps(tool.modules).encode(), DEFAULTS)

    assert of_table == of_list
    assert of_table.draft.blocks[0].text == "See [this](https://a.example).\n\n- one\n- two"
    assert of_table.draft.keywords == ["home test", "sti"]


def test_lists_of_the_two_other_tools_come_in() -> None:
    chatwoot = [{"id": 1, "short_code": "hi", "content": "Hi {{contact.name}}."}]
    rocket = {
        "cannedResponses": [
            {"_id": "a", "shortcut": "hi", "text": "Hi.", "scope": "global", "tags": ["x"]},
            {"_id": "b", "shortcut": "me", "text": "Mine.", "scope": "user"},
        ]
    }
    odd = {"cannedResponses": [{"_id": "c", "shortcut": "ho", "text": "Ho.", "tags": 5}]}

    [of_chatwoot] = texts_in(json.dumps(chatwoot).encode(), DEFAULTS)
    [of_rocket] = texts_in(json.dumps(rocket).encode(), DEFAULTS)
    [without_tags] = texts_in(json.dumps(odd).encode(), DEFAULTS)

    assert of_chatwoot.draft.blocks[0].text == "Hi {{visitor_name}}."
    assert (of_rocket.draft.title, of_rocket.draft.keywords) == ("hi", ["x"])
    assert of_rocket.draft.use_limits == ["reply-only"]
    assert without_tags.draft.keywords == []


def test_what_a_tool_would_have_obeyed_cannot_come_in_as_it_is() -> None:
    [one] = texts_in(b'[{"short_code": "x", "content": "{{ contact.email }}"}]', DEFAULTS)

    assert [reason.code for reason in reasons_for(one)] == ["broken-placeholder"]


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"PK\x03\x04broken",
        b"{}",
        b"[1]",
        b'{"format": "x"}',
        b"a,b\n1,2\n",
        b"\xff",
        b"---\ntitle: Hours\n\n| day | from |\n|-----|---\n| Mon | 9 |\n",
        rb'[{"short_code": "x", "content": "a\u0000b"}]',
        b"msg,title,unique_id\na\0b,x,1\n",
        *(
            written(TEXTS[0])["en"].replace("- england-and-wales", said, 1).encode()
            for said in (r'- "\0"', r'- "\ud800"')
        ),
    ],
)
def test_what_is_none_of_these_is_refused(given: bytes) -> None:
    with pytest.raises((NotAText, NotAnExport)):
        texts_in(given, DEFAULTS)


def test_an_archive_that_would_burst_is_not_opened() -> None:
    bomb = zipped({"a.en.md": b"x" * (LARGEST_FILE + 1)})
    many = zipped({f"{number}.en.md": b"x" for number in range(4_001)})
    heap = zipped({f"{number}.en.md": b"x" * LARGEST_FILE for number in range(70)})

    assert len(bomb) < 1_000
    for given in (bomb, many, heap):
        with pytest.raises(TooLarge):
            texts_in(given, DEFAULTS)


def test_an_archive_with_a_translation_alone_is_refused() -> None:
    alone = zipped({"x.nl.md": b"---\nlanguage: nl\ntitle: Hoi\n---\nHoi."})

    with pytest.raises(NotAText):
        texts_in(alone, DEFAULTS)


def test_what_is_no_markdown_in_an_archive_is_not_read() -> None:
    files = {
        "../../evil.sh": b"rm",
        "notes.txt": b"\xff",
        "a/x.en.md": written(TEXTS[0])["en"].encode(),
    }

    assert texts_in(zipped(files), DEFAULTS) == [TEXTS[0]]


def test_an_archive_from_a_mac_is_read_without_what_the_mac_keeps_beside_it() -> None:
    said = written(TEXTS[0])["en"].encode()
    files = {
        "texts/x.en.md": said,
        "__MACOSX/texts/._x.en.md": b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
        "texts/.md": said,
    }

    assert texts_in(zipped(files), DEFAULTS) == [TEXTS[0]]


def test_an_archive_in_which_one_byte_is_wrong_is_read_or_refused() -> None:
    whole = zipped({"x.en.md": written(TEXTS[0])["en"].encode()})
    refused = 0

    for place in range(len(whole)):
        try:
            texts_in(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :], DEFAULTS)
        except (NotAText, NotAnExport, TooLarge):
            refused += 1

    assert refused > len(whole) // 2
