"""Reference, section 2: the traps of Zammad's import are tests."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.fates import Fate, Made, Step
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.tools.zammad import entries, file, read
from tests.protocols.exchange.outgoing_texts import URN, gap, text, words
from tests.protocols.exchange.tools_as_they_are import Zammad, seen

GAPS = {"name": gap("name"), "worker": gap("worker")}
SAID = st.text(alphabet="ab ,\"<>&#~{}\n'é😀*", min_size=1, max_size=40).filter(str.strip)


def written(found: Made) -> bytes:
    going = [Step(entry=entry, fate=Fate.CREATE) for entry in found.entries]
    return "".join(file(going, ())).encode()


def loaded(*texts: Outgoing) -> Zammad:
    tool = Zammad()
    tool.load(written(entries(texts, {})))
    return tool


def test_one_module_a_language_in_html_with_the_tools_own_variables() -> None:
    said = {"en": words("Hi {{name}}, *I am* {{worker}} & co."), "nl": words("Hoi.\n\n- a")}

    tool = loaded(text(said, gaps=GAPS))

    names = [one["name"] for one in tool.modules]
    assert [name.rpartition(" ")[0] for name in names] == ["Free test [en", "Free test [nl"]
    assert [{**one, "name": ""} for one in tool.modules] == [
        {
            "id": "1",
            "name": "",
            "keywords": "test",
            "content": "<p>Hi #{ticket.customer.firstname}, <em>I am</em> #{user.firstname}"
            " &amp; co.</p>",
            "note": "",
            "active": "true",
        },
        {
            "id": "2",
            "name": "",
            "keywords": "test",
            "content": "<p>Hoi.</p>\n<ul>\n<li>a</li>\n</ul>",
            "note": "",
            "active": "true",
        },
    ]


def test_a_module_of_the_same_title_that_is_not_ours_is_never_overwritten() -> None:
    """It looks for an id and then for a name, and names are not unique."""
    tool = Zammad([{"id": "1", "name": "Free test", "content": "<p>Theirs.</p>"}])

    tool.load(written(entries([text("Ours.")], {})))

    assert [one["content"] for one in tool.modules] == ["<p>Theirs.</p>", "<p>Ours.</p>"]


@pytest.mark.parametrize("said", ["#{user.email}", "One ~~~ two"])
def test_what_would_be_obeyed_or_split_stays_out(said: str) -> None:
    found = entries([text(said), text("Good.", urn=URN[:-1] + "2")], {})

    assert [left.why.code for left in found.left] == ["read-as-program"]
    assert [entry.fields["content"] for entry in found.entries] == ["<p>Good.</p>"]


def test_a_keyword_that_would_split_its_cell_stays_out() -> None:
    """Zammad splits a cell at ~~~."""
    found = entries([text({"en": words("Yes.", keywords=("a~~~b",))})], {})

    assert [left.why.code for left in found.left] == ["read-as-program"]


def test_only_titles_and_keywords_are_ever_cut_and_that_is_told() -> None:
    many = tuple(f"keyword-{number:03}" for number in range(60))
    found = entries([text({"en": words("Yes.", title="t" * 300, keywords=many)})], {})

    [entry] = found.entries
    assert len(entry.fields["name"]) == 250
    assert len(entry.fields["keywords"]) == 492
    assert [warned.code for warned in entry.warned] == ["shortened", "keyword-left-out"]


@given(SAID)
def test_whatever_goes_out_is_read_there_as_it_was_written(said: str) -> None:
    found = entries([text(said)], {})
    tool = Zammad()
    if found.entries:
        tool.load(written(found))
    for entry, one in zip(found.entries, tool.modules, strict=True):
        assert seen(one["content"]) == seen(entry.fields["content"])
        assert [there.fingerprint for there in read(tool.exported()).entries] == [entry.fingerprint]


def test_an_update_goes_by_id_and_leaves_note_and_activity_alone() -> None:
    """zammad#3670: several groups fail, so no group is ever written."""
    tool = loaded(text("Other.", urn=URN[:-1] + "2"), text("Old."))
    tool.modules[1] |= {"active": "false", "note": "Mine."}
    [entry] = entries([text({"en": words("New.", title="Renamed")})], {}).entries
    there = next(one for one in read(tool.exported()).entries if one.key == entry.key)

    step = Step(entry=entry, fate=Fate.UPDATE, there=there)
    going = "".join(file([step], ("groups",)))
    tool.load(going.encode())

    assert "groups" not in going
    assert len(tool.modules) == 2
    changed = tool.modules[1]
    assert (changed["content"], changed["note"], changed["active"]) == (
        "<p>New.</p>",
        "Mine.",
        "false",
    )
    assert changed["name"].startswith("Renamed [en ")


def test_words_laid_out_anew_by_the_tool_are_the_same_words() -> None:
    tool = loaded(text("See [this](https://a.example)  and *that*."))
    [there] = read(tool.exported()).entries
    tool.modules[0]["content"] = (
        '<div>See <a href="https://a.example" rel="nofollow" target="_blank">this</a> and'
        " <i>that</i>.</div>"
    )

    assert read(tool.exported()).entries[0].fingerprint == there.fingerprint
    tool.modules[0]["content"] = tool.modules[0]["content"].replace("a.example", "b.example")
    assert read(tool.exported()).entries[0].fingerprint != there.fingerprint


def test_a_file_that_is_no_export_is_refused() -> None:
    with pytest.raises(NotAnExport):
        read(b"name,content\nx,y\n")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_nobody_who_opens_the_file_as_a_table_runs_a_formula(sign: str) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"
    found = entries([text({"en": words(evil, title=evil, keywords=(evil,))})], {})

    cells = [cell for row in csv.reader(io.StringIO(written(found).decode())) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@" and cell] == []
    tool = Zammad()
    for _ in range(2):
        tool.load(written(found))
    [module] = tool.modules
    assert module["name"].startswith(f"{evil} [en ")
    assert [there.fingerprint for there in read(tool.exported()).entries] == [
        found.entries[0].fingerprint
    ]


def test_a_gap_that_the_project_has_not_filled_is_never_sent() -> None:
    """osTicket#6673: a raw variable reached people."""
    found = entries([text("Ring {{phone}}.", gaps={"phone": gap("phone", "project")})], {})

    assert [tuple(left.why) for left in found.left] == [
        ("unresolved-field", "{{phone}} is still open. Give it a value.")
    ]
