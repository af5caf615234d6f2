"""Reference, section 2: each trap of Live Helper Chat's import is a test."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.fates import Fate, Made, Step
from protocols.exchange.rules.names import digits_for
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.tools.live_helper_chat import entries, file, read, unfit
from tests.protocols.exchange.outgoing_texts import OWNER, URN, gap, text, words
from tests.protocols.exchange.tools_as_they_are import HEADER, LiveHelperChat

NUMBER = digits_for(OWNER, URN)
ANYTHING = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co"]) | st.just("\n"),
    max_size=60,
)
SAID = st.text(alphabet="ab ,\"\\\n[]{}~#'é😀", max_size=40)


def made(*texts: Outgoing) -> Made:
    return entries(texts, {})


def written(found: Made, columns: Sequence[str] = ()) -> bytes:
    going = [Step(entry=entry, fate=Fate.CREATE) for entry in found.entries]
    return "".join(file(going, columns)).encode()


def loaded(*texts: Outgoing) -> LiveHelperChat:
    tool = LiveHelperChat()
    tool.load(written(made(*texts)))
    return tool


def test_header_and_row_are_as_the_tool_wants_them() -> None:
    """The header has to be strictly equal, without a mark of order; numbers are never empty."""
    lines = written(made(text("Come by."))).decode().split("\n")

    assert lines == [
        HEADER,
        f"0,Free test,Where?,Come by.,,0,0,0,0,0,0,0,0,,,,{NUMBER},0,0,0,0,0,,0,0,0,,test,",
        "",
    ]


def test_every_language_goes_with_its_answer_and_names_become_variables() -> None:
    said = {
        "en": words(
            "Hi {{name}}, I am {{worker}}. **Ring** {{phone}}.\n\n- [Page](https://a.example)"
        ),
        "nl": words('Hoi {{name}}, bel "{{phone}}".\nDag!'),
    }
    gaps = {"name": gap("name"), "worker": gap("worker"), "phone": gap("phone", "project")}

    found = made(text(said, {"phone": "0113"}, gaps=gaps))
    tool = LiveHelperChat()
    tool.load(written(found))

    assert tool.sent(NUMBER) == ("Hi Visitor, I am Wren. Ring 0113.\n\n- Page (https://a.example)")
    assert tool.sent(NUMBER, "nl") == 'Hoi Visitor, bel "0113".\nDag!'
    assert [warned.code for warned in found.entries[0].warned] == ["shows-operator"]


def test_a_gap_that_the_tool_cannot_fill_stays_to_be_seen() -> None:
    found = made(text("Come to {{town}}.", gaps={"town": gap("town")}))

    assert found.entries[0].fields["msg"] == "Come to (( town ))."
    assert [warned.code for warned in found.entries[0].warned] == ["fill-by-hand"]


@pytest.mark.parametrize(
    ("said", "values", "code"),
    [
        ("Write {email} here.", {}, "read-as-program"),
        ("A [b]bold[/b] word.", {}, "read-as-program"),
        ("Ring {{phone}}.", {"phone": "{nick}"}, "read-as-program"),
        ("Ends with a \\", {}, "backslash-before-quote"),
        ('A \\\\" inside.', {}, "backslash-before-quote"),
        ("é" * 5_000, {}, "too-long"),
    ],
)
def test_what_would_arrive_otherwise_stays_out_with_the_reason(
    said: str, values: dict[str, str], code: str
) -> None:
    found = made(text(said, values), text("Good.", urn=URN[:-1] + "2"))

    assert [(left.language, left.title, left.why.code) for left in found.left] == [
        ("en", "Free test", code)
    ]
    assert [entry.fields["msg"] for entry in found.entries] == ["Good."]


def test_only_titles_and_keywords_are_ever_cut_and_that_is_told() -> None:
    """Titles and questions ≤250, a tag ≤40 and without spaces: the tool would cut in silence."""
    long = text({"en": words("Yes.", title="t" * 300, keywords=("home test", "k" * 41, "a#b"))})

    found = made(long)

    fields = found.entries[0].fields
    assert (len(fields["title"]), fields["tags_plain"]) == (250, "home-test, a-b")
    assert [warned.code for warned in found.entries[0].warned] == ["keyword-left-out", "shortened"]
    loaded(long)


def test_a_line_ends_at_ten_thousand_bytes() -> None:
    """fgetcsv is called with that length, and cuts there."""
    overhead = len(written(made(text("x"))).decode().split("\n")[1]) - 1
    longest = "x" * (9_999 - overhead - 1)

    assert loaded(text(longest)).sent(NUMBER) == longest
    assert made(text(longest + "x")).left[0].why.code == "too-long"


@given(SAID, SAID)
def test_whatever_goes_out_is_read_there_as_it_was_written(one: str, other: str) -> None:
    found = made(text({"en": words(one), "nl": words(other)}))
    tool = LiveHelperChat()
    tool.load(written(found))

    for entry in found.entries:
        assert tool.messages[NUMBER]["msg"] == entry.fields["msg"]
        again = read(tool.exported()).entries
        assert [there.fingerprint for there in again] == [entry.fingerprint]


@given(st.lists(st.uuids(), min_size=2, max_size=2, unique=True))
def test_numbers_are_digits_without_zero_and_differ(ids: list[object]) -> None:
    """PHP 7 takes any text for the number 0, and writes over it."""
    one, other = (digits_for(OWNER, str(each)) for each in ids)

    assert one != other
    assert len(one) <= 20
    assert set(one) <= set("123456789")
    assert digits_for("another project", str(ids[0])) != one


def test_an_update_keeps_what_the_tool_has_beside_the_words() -> None:
    """Departments are sent again each time: their links are deleted first."""
    tool = loaded(text("Old."))
    tool.messages[NUMBER] |= {"position": "7", "department_ids_front": "3,7", "subject": "Health"}
    tool.header += ",colour"
    tool.messages[NUMBER]["colour"] = "red"

    exported = read(tool.exported())
    [new] = made(text("New.")).entries
    step = Step(entry=new, fate=Fate.UPDATE, there=exported.entries[0])
    tool.load("".join(file([step], exported.columns)).encode())

    kept = tool.messages[NUMBER]
    assert kept["msg"] == "New."
    assert (kept["position"], kept["department_ids_front"]) == ("7", "3,7")
    assert (kept["subject"], kept["colour"]) == ("Health", "red")


def test_what_the_tool_keeps_in_its_own_escapes_is_read_and_stays() -> None:
    """fputcsv writes a quotation mark behind a backslash once, as JSON with quotes has them."""
    tool = loaded(text("Old."))
    theirs = tool.messages[NUMBER] | {
        "unique_id": "7",
        "languages": json.dumps([{"message": 'Zeg "hoi", of niet.', "languages": ["nl"]}]),
    }
    tool.messages |= {"7": theirs}
    kept = json.dumps({"say": 'a "b"', "path": "c\\d"})
    tool.messages[NUMBER] |= {"additional_data": kept, "html_snippet": 'x \\"'}

    exported = read(tool.exported())
    [new] = made(text("New.")).entries
    step = Step(entry=new, fate=Fate.UPDATE, there=exported.entries[0])
    tool.load("".join(file([step], exported.columns)).encode())

    assert exported.entries[1].fields["languages"] == theirs["languages"]
    assert unfit(step, exported.columns) is None
    assert tool.messages[NUMBER]["msg"] == "New."
    assert tool.messages[NUMBER]["additional_data"] == kept
    assert tool.messages[NUMBER]["html_snippet"] == 'x \\"'


@pytest.mark.parametrize(
    ("kept", "code"), [("é" * 5_000, "too-long"), ("a, \\", "backslash-before-quote")]
)
def test_what_the_tool_keeps_may_leave_no_room_for_other_words(kept: str, code: str) -> None:
    tool = loaded(text("Old."))
    there = read(tool.exported()).entries[0]
    there = replace(there, fields={**there.fields, "html_snippet": kept})
    [new] = made(text("New.")).entries

    why = unfit(Step(entry=new, fate=Fate.UPDATE, there=there), HEADER.split(","))

    assert why is not None
    assert why.code == code


def test_a_table_that_somebody_saved_anew_is_read_as_well() -> None:
    """A spreadsheet doubles every quotation mark, and a backslash is a letter like any other."""
    tool = loaded(text("Old."))
    cells = [*csv.reader(io.StringIO(tool.exported().decode()))]
    cells[1][HEADER.split(",").index("html_snippet")] = 'a \\"b\\", c\\'
    saved = io.StringIO()
    csv.writer(saved).writerows(cells)

    [there] = read(saved.getvalue().encode()).entries

    assert there.fields["html_snippet"] == 'a \\"b\\", c\\'


@pytest.mark.parametrize("odd", ["[", '[{"x":' + "[" * 100_000])
def test_languages_that_cannot_be_read_are_known_as_they_stand(odd: str) -> None:
    tool = loaded(text("Words."))
    before = read(tool.exported()).entries[0].fingerprint
    tool.messages[NUMBER]["languages"] = odd

    changed = [read(tool.exported()).entries[0].fingerprint for _ in range(2)]

    assert changed[0] == changed[1] != before


@pytest.mark.parametrize("given_file", [b"", b"a,b\n1,2\n", b"\xff", b"title,title\n", b'"'])
def test_a_file_that_is_no_export_is_refused(given_file: bytes) -> None:
    with pytest.raises(NotAnExport):
        read(given_file)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_nobody_who_opens_the_file_as_a_table_runs_a_formula(sign: str) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"
    said = {"en": words(evil, title=evil, question=evil, keywords=(evil,))}

    found = made(text(said))

    cells = [cell for row in csv.reader(io.StringIO(written(found).decode())) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    tool = LiveHelperChat()
    tool.load(written(found))
    assert tool.sent(NUMBER).strip() == evil
    again = read(tool.exported()).entries
    assert [there.fingerprint for there in again] == [found.entries[0].fingerprint]


def test_a_gap_that_the_project_has_not_filled_is_never_sent() -> None:
    """osTicket#6673: a raw variable reached people."""
    found = made(text("Ring {{phone}}.", gaps={"phone": gap("phone", "project")}))

    assert [tuple(left.why) for left in found.left] == [
        ("unresolved-field", "{{phone}} is still open. Give it a value.")
    ]
