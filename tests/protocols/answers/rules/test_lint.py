"""What keeps an answer from being sent, with every reason at once."""

import pytest

from protocols.answers.rules.lint import Identity, Use, ready_to_send
from protocols.answers.rules.message import as_message
from protocols.releases.rules import Gap

US = Identity(
    names=("Mary-Ann Bright May",), handles=("brisk-otter",), addresses=("may@project.example",)
)


def gap(name: str = "place", kind: str = "text") -> Gap:
    return Gap(name=name, type=kind, filled_by="worker", example="the café", material=False)


def reply(**more: object) -> Use:
    return Use(**{"used_as": "reply-only", "use_limits": ["reply-only"], **more})  # type: ignore[arg-type]


def codes(body: str, use: Use, kind: str = "text", **values: str) -> list[str]:
    gaps = [gap(name, kind) for name in values]
    return [reason.code for reason in ready_to_send(body, gaps, values, use).reasons]


def test_gaps_are_filled_and_nothing_is_wrong() -> None:
    ready = ready_to_send(
        "Come to {{place}}.", [gap()], {"place": " the library "}, reply(identity=US, as_sms=True)
    )

    assert (ready.text, ready.sms.parts, ready.reasons) == ("Come to the library.", 1, [])


def test_what_the_worker_is_not_asked_for_stays_open() -> None:
    """What is sent for another field would be looked at by nobody."""
    values = {"place": "here", "number": "07700 900123", "other": "x" * 501}
    ready = ready_to_send("{{place}} {{number}} {{other}}", [gap()], values, reply(identity=US))

    assert ready.text == "here {{number}} {{other}}"
    assert [(each.code, each.text) for each in ready.reasons] == [
        ("unresolved-field", "{{number}} is still open. Fill it in first."),
        ("unresolved-field", "{{other}} is still open. Fill it in first."),
    ]


@pytest.mark.parametrize(
    ("body", "values", "expected"),
    [
        ("{{place}} {{other}}", {"place": "here"}, ["unresolved-field"]),
        ("{{place}}", {"place": "  "}, ["unresolved-field"]),
        ("{{ place }}", {}, ["broken-field"]),
        ("Hello {{", {}, ["broken-field"]),
        # chatwoot's Liquid would read what a value brings with it
        ("{{place}}", {"place": "{{contact.name}}"}, ["broken-field"]),
        ("{{place}}", {"place": "{{name}}"}, ["unresolved-field"]),
        ("{{place}}", {"place": "x" * 501}, ["field-too-long"]),
        ("{{place}}", {"place": "ring 07700 900123"}, ["contact-in-field"]),
        ("{{place}}", {"place": "me@elsewhere.example"}, ["contact-in-field"]),
    ],
)
def test_nothing_open_broken_or_personal_is_sent(
    body: str, values: dict[str, str], expected: list[str]
) -> None:
    """osTicket#6673 sent fields as they stood; Chatwoot's blanks are no better."""
    assert codes(body, reply(), **values) == expected


def test_a_place_within_an_address_is_filled_or_open_like_any_other() -> None:
    body = as_message("See [our page](https://{{place}}/en).")

    assert ready_to_send(body, [gap()], {"place": "clinic.example"}, reply()).text == (
        "See our page (https://clinic.example/en)."
    )
    assert codes(body, reply()) == ["unresolved-field"]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("phone", "+44 191 498 0123", "nine"),
        ("phone", "116 123", "11"),
        ("phone", "0800 123 456", "call 0800"),
        ("phone", "ring +44 191 498 0123", "1" * 16),
        ("email", "clinic@example.org", "clinic at example"),
        ("url", "https://clinic.example/open", "javascript:alert(1)"),
        ("url", "http://clinic.example", "http://[clinic"),
        ("time", "19:30", "half past"),
    ],
)
def test_a_value_fits_its_kind(kind: str, right: str, wrong: str) -> None:
    assert codes("{{place}}", reply(), kind, place=right) == []
    assert codes("{{place}}", reply(), kind, place=wrong) == ["wrong-field"]


@pytest.mark.parametrize(
    ("body", "value", "expected"),
    [
        ("{{place}}", "I am mary ann", ["own-name"]),
        ("{{place}}", "I am Bright", ["own-name"]),
        ("{{place}}", "BRISK OTTER", ["own-handle"]),
        ("{{place}}", "brisk_otter", ["own-handle"]),
        ("Yours, Mary-Ann Bright May. {{place}}", "here", ["own-name"]),
        ("Write to MAY@project.example. {{place}}", "here", ["own-address"]),
        # part of a name, but in the project's own words
        ("You may ask for a bright room. {{place}}", "here", []),
        ("{{place}}", "the brightest otter", []),
    ],
)
def test_a_worker_stays_unknown(body: str, value: str, expected: list[str]) -> None:
    assert codes(body, reply(identity=US), place=value) == expected


def test_what_is_a_reply_is_no_public_post() -> None:
    assert codes("Hi.", reply(used_as="public-post")) == ["not-in-public"]
    assert codes("Hi.", reply(used_as="with-recorded-consent")) == ["not-for-this-use"]
    assert codes("Hi.", reply(used_as="anything")) == ["not-for-this-use"]
    assert codes("Hi.", reply(used_as="public-post", use_limits=["public-post"])) == []


def test_an_sms_has_as_many_parts_as_the_project_allows() -> None:
    long = "a" * 161

    assert codes(long, reply(as_sms=True, sms_segments=1)) == ["sms-too-long"]
    assert codes(long, reply(as_sms=True, sms_segments=2)) == []
    assert codes(long, reply(as_sms=False, sms_segments=1)) == []


def test_who_somebody_is_shows_in_no_trace() -> None:
    shown = repr(reply(identity=US))

    assert not any(word in shown for word in ("Mary", "otter", "@project"))


def test_every_reason_is_given_at_once() -> None:
    found = codes(
        "{{place}} {{other}}" + "a" * 200,
        reply(identity=US, used_as="public-post", as_sms=True, sms_segments=1),
        place="Bright",
    )

    assert found == ["unresolved-field", "not-in-public", "own-name", "sms-too-long"]
