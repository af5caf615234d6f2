"""Reference, section 2: the traps of Chatwoot's and Rocket.Chat's APIs are tests."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.fates import Fate, Made, Step
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.three_way import steps
from protocols.exchange.rules.tools import chatwoot, rocket_chat, zammad
from tests.protocols.exchange.outgoing_texts import URN, gap, text, words
from tests.protocols.exchange.tools_as_they_are import Chatwoot, RocketChat

GAPS = {"name": gap("name"), "worker": gap("worker"), "phone": gap("phone", "project")}
SAID = st.text(alphabet="ab {}%-\n*[]é😀", min_size=1, max_size=40).filter(str.strip)


def requests(file: Callable[..., Any], found: Made, fate: Fate = Fate.CREATE) -> dict[str, Any]:
    going = [Step(entry=entry, fate=fate) for entry in found.entries]
    read: dict[str, Any] = json.loads("".join(file(going, ())))
    return read


def in_chatwoot(*texts: Outgoing) -> Chatwoot:
    tool = Chatwoot()
    for asked in requests(chatwoot.file, chatwoot.entries(texts, {}))["requests"]:
        tool.ask(asked)
    return tool


def in_rocket_chat(*texts: Outgoing) -> RocketChat:
    tool = RocketChat()
    for asked in requests(rocket_chat.file, rocket_chat.entries(texts, {}))["requests"]:
        tool.ask(asked)
    return tool


def test_chatwoot_gets_one_response_a_language_and_a_map_of_names() -> None:
    said = {
        "en": words("Hi {{name}}, **ring** {{phone}}."),
        "nl": words("Hoi.", title="Gratis test"),
    }

    found = chatwoot.entries([text(said, {"phone": "0113"}, gaps=GAPS)], {})

    assert requests(chatwoot.file, found) == {
        "format": "netreach-requests/1",
        "tool": "chatwoot",
        "requests": [
            {
                "method": "POST",
                "path": "/api/v1/accounts/{account_id}/canned_responses",
                "body": {"canned_response": {"short_code": code, "content": content}},
            }
            for code, content in (
                ("free-test-en", "Hi {{contact.name}}, **ring** 0113."),
                ("gratis-test-nl", "Hoi."),
            )
        ],
        "id_map": [
            {
                "name": entry.key,
                "id": None,
                "item": URN,
                "language": entry.language,
                "fingerprint": entry.fingerprint,
            }
            for entry in found.entries
        ],
    }


def test_rocket_chat_gets_no_key_that_it_does_not_know() -> None:
    """Any extra keys are refused there, and a POST returns no id."""
    tool = in_rocket_chat(text("I am {{worker}}.\n\n1. One", gaps=GAPS))

    assert tool.responses == {
        "id1": {
            "_id": "id1",
            "shortcut": "free-test-en",
            "text": "I am {{agent.name}}.\n\n1. One",
            "scope": "global",
            "tags": ["test"],
        }
    }


@pytest.mark.parametrize("said", ["{{", "a }} b", "{% if %}", "{{ agent.email }}"])
@pytest.mark.parametrize("in_a_value", [False, True])
def test_liquid_is_never_given_anything_to_obey(said: str, in_a_value: bool) -> None:  # noqa: FBT001
    """Liquid runs on every message that Chatwoot sends."""
    one = text("{{x}}", {"x": said}) if in_a_value else text(said)

    found = chatwoot.entries([one, text("Good.", urn=URN[:-1] + "2")], {})

    assert [left.why.code for left in found.left] == ["read-as-program"]
    assert [entry.fields["content"] for entry in found.entries] == ["Good."]


def test_a_name_within_an_address_is_the_tools_variable_there_too() -> None:
    linked = text("Open [your page](https://a.example/?n={{name}}).", gaps=GAPS)

    [shown] = rocket_chat.entries([linked], {}).entries
    [kept] = chatwoot.entries([linked], {}).entries
    [laid_out] = zammad.entries([linked], {}).entries

    assert shown.fields["text"] == "Open your page (https://a.example/?n={{contact.name}})."
    assert kept.fields["content"] == "Open [your page](https://a.example/?n={{contact.name}})."
    assert 'href="https://a.example/?n=#{ticket.customer.firstname}"' in laid_out.fields["content"]


def test_braces_that_meet_only_once_a_value_is_in_are_seen_as_well() -> None:
    """Rocket.Chat's hook has no sender check: what stands in braces is filled for anybody."""
    split = text("{{{x}} agent.email }}", {"x": "{"})

    assert chatwoot.entries([split], {}).left[0].why.code == "read-as-program"
    assert rocket_chat.entries([split], {}).left[0].why.code == "read-as-program"


def test_a_text_longer_than_chatwoot_takes_stays_out_whole() -> None:
    """Chatwoot takes 20,000 characters."""
    assert chatwoot.entries([text("x" * 20_001)], {}).left[0].why.code == "too-long"
    assert in_chatwoot(text("x" * 20_000)).sent("free-test-en") == "x" * 20_000


@given(SAID)
def test_what_goes_out_is_sent_there_as_it_was_written(said: str) -> None:
    for entry in chatwoot.entries([text(said)], {}).entries:
        assert in_chatwoot(text(said)).sent(entry.key) == entry.fields["content"]


@given(st.lists(st.sampled_from(["Test", "test!", "Tést", "?", "Über"]), min_size=2, max_size=5))
def test_short_names_are_unique_however_alike_the_titles(titles: list[str]) -> None:
    """A short_code is there once in an account, a shortcut once in a workspace."""
    texts = [
        text({"en": words("Yes.", title=title)}, urn=f"{URN[:-1]}{number}")
        for number, title in enumerate(titles)
    ]

    assert len(in_chatwoot(*texts).responses) == len(titles)
    assert len(in_rocket_chat(*texts).responses) == len(titles)


def test_a_name_stays_whatever_becomes_of_the_title() -> None:
    renamed = text({"en": words("Yes.", title="Another title")})

    [entry] = chatwoot.entries([renamed], {(URN, "en"): "free-test-en"}).entries

    assert entry.key == "free-test-en"


def test_what_chatwoot_has_is_changed_under_its_own_id() -> None:
    """No external id is kept there: the file has a map of them."""
    tool = in_chatwoot(text("Other.", urn=URN[:-1] + "2"), text({"en": words("Old.", title="B")}))
    entries = chatwoot.entries([text({"en": words("New.", title="B")})], {}).entries
    [before] = chatwoot.entries([text({"en": words("Old.", title="B")})], {}).entries
    there = chatwoot.read(tool.listed()).entries

    going = steps(entries, {(URN, "en"): {before.fingerprint}}, there)
    asked = json.loads("".join(chatwoot.file(going, ())))

    assert [(one["method"], one["path"].rpartition("/")[2]) for one in asked["requests"]] == [
        ("PATCH", "2")
    ]
    assert [one["id"] for one in asked["id_map"]] == ["2"]
    for one in asked["requests"]:
        tool.ask(one)
    assert (tool.sent("b-en"), tool.sent("free-test-en")) == ("New.", "Other.")


def test_an_update_keeps_the_scope_that_rocket_chat_has() -> None:
    """What is left out is lost: omitted tags are cleared."""
    tool = in_rocket_chat(text("Old."))
    tool.responses["id1"] |= {"scope": "department", "departmentId": "health"}
    [entry] = rocket_chat.entries([text("New.")], {}).entries
    step = Step(entry=entry, fate=Fate.UPDATE, there=rocket_chat.read(tool.listed()).entries[0])

    [asked] = json.loads("".join(rocket_chat.file([step], ())))["requests"]
    tool.ask(asked)

    assert tool.responses["id1"]["text"] == "New."
    assert tool.responses["id1"]["scope"] == "department"
    assert tool.responses["id1"]["departmentId"] == "health"
    assert tool.responses["id1"]["tags"] == ["test"]


ODD: Sequence[bytes] = [b"", b"{}", b"[1]", b"\xff", b'{"cannedResponses": 3}', b"[" * 100_000]


@pytest.mark.parametrize("given_file", ODD)
def test_a_file_that_is_no_list_is_refused(given_file: bytes) -> None:
    for read in (chatwoot.read, rocket_chat.read):
        with pytest.raises(NotAnExport):
            read(given_file)


def test_one_page_of_a_longer_list_is_no_list() -> None:
    with pytest.raises(NotAnExport):
        rocket_chat.read(b'{"cannedResponses": [], "total": 60}')
