"""A project's own parts over HTTP: drafted, compared, approved, and nobody else's business."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node, Somebody
from tests.api.pages.test_adopted_pages import TOLD, VALUES
from tests.api.sharing import Sharing, item_of, sharing
from tests.protocols.example_texts import protocol

PART: dict[str, Any] = {
    "action": "replace",
    "reason": "We are three.",
    "review_by": "2090-01-01",
    "texts": {"en": "Three of you are online."},
}
LONGER = replace(TOLD, parts=("Two of you, always.", "Ring {{on_call}} at once."))


class Asking:
    """People of several projects over HTTP, about one text."""

    def __init__(self, shared: Sharing, text: Release) -> None:
        self.shared, self.text = shared, text
        self.path = f"/api/v1/adopted/{item_of(text)}"
        self.blocks = [str(part.id) for part in read_manifest(text.manifest).blocks]

    async def ask(self, who: Somebody, method: str, rest: str = "", **sent: Any) -> Any:
        answer = await self.shared.node.web.request(
            method, f"{self.path}{rest}", headers=who.bearer, **sent
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def refused(
        self, who: Somebody, method: str, rest: str = "", **sent: Any
    ) -> tuple[int, str]:
        answer = await self.shared.node.web.request(
            method, f"{self.path}{rest}", headers=who.bearer, **sent
        )
        return answer.status_code, answer.json()["code"]


@pytest.fixture
async def asking(node: Node) -> Asking:
    shared = await sharing(node)
    return Asking(shared, await shared.adopted(protocol(TOLD), values=VALUES))


async def test_own_words_from_the_draft_to_the_next_version(asking: Asking) -> None:
    author, other = asking.shared.south["reviewer"], asking.shared.south["coordinator"]
    first, second = asking.blocks
    before = await asking.ask(author, "GET")
    await asking.ask(author, "PUT", f"/parts/{first}", json=PART)
    line = {"action": "add", "after": second, "texts": {"en": "Tell the lead."}}
    added = str(uuid4())
    await asking.ask(author, "PUT", f"/parts/{added}", json=PART | line)
    drafted = await asking.ask(author, "PUT", f"/parts/{added}", json=PART | line)
    asked = await asking.ask(author, "POST", "/review")
    live = await asking.ask(other, "POST", "/approval", json={"seen": asked["asked"]})
    await asking.shared.revise(asking.text, LONGER)
    update = await asking.ask(author, "GET", "/update")
    taken = await asking.ask(
        author,
        "POST",
        "/update",
        json={"number": "2.0.0", "decisions": {first: {"choice": "ours"}}},
    )

    assert (before["state"], before["live"], before["differences"]["facts"]) == (
        "live",
        "1.0.0",
        [],
    )
    assert [place["block"] for place in before["places"]] == [None, first, second]
    assert [one["text"] for one in drafted["differences"]["blocks"]] == [
        "[removed: Two][added: Three] of you are online.",
        "Ring {{on_call}}.",
        "[added: Tell the lead.]",
    ]
    assert (asked["state"], asked["wrote"]) == ("asked", True)
    assert (live["state"], live["asked"], live["differences"]["facts"]) == ("live", None, [])
    assert live["places"][1]["own"] == {
        "block": first,
        "action": "replace",
        "after": None,
        "texts": {"en": "Three of you are online."},
        "reason": "We are three.",
        "owner": str(author.id),
        "review_by": "2090-01-01",
    }
    assert (update["number"], update["to_decide"]) == ("2.0.0", 1)
    assert [(step["kind"], step["choices"]) for step in update["steps"]] == [
        ("both", ["ours", "theirs", "text"]),
        ("theirs", []),
        ("ours", []),
    ]
    assert (taken["state"], taken["live"], taken["number"]) == ("draft", "1.0.0", "2.0.0")


async def test_workers_read_own_words_marked_as_such(asking: Asking) -> None:
    author, other = asking.shared.south["reviewer"], asking.shared.south["coordinator"]
    await asking.ask(author, "PUT", f"/parts/{asking.blocks[0]}", json=PART)
    asked = await asking.ask(author, "POST", "/review")
    await asking.ask(other, "POST", "/approval", json={"seen": asked["asked"]})

    answer = await asking.shared.node.web.get(
        f"/api/v1/protocols/{item_of(asking.text)}", headers=asking.shared.south["worker"].bearer
    )

    assert [(part["text"], part["ours"]) for part in answer.json()["release"]["passages"]] == [
        ("Three of you are online.", True),
        ("Ring 0113 496 0000.", False),
    ]


async def test_what_differs_and_what_could_be_used_are_listed(asking: Asking) -> None:
    author = asking.shared.south["reviewer"]
    await asking.ask(author, "PUT", f"/parts/{asking.blocks[0]}", json=PART)
    unused = await asking.shared.release(protocol(replace(TOLD, title="Closing a session")))

    async def listed(who: Somebody, path: str) -> list[dict[str, Any]]:
        answer = await asking.shared.node.web.get(f"/api/v1{path}", headers=who.bearer)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    assert await listed(author, "/adopted") == [
        {
            "id": item_of(asking.text),
            "title": "Live chat conduct",
            "kind": "protocol",
            "number": "1.0.0",
            "newer": None,
            "mode": "tracking",
            "on_shifts": False,
            "withdrawn": False,
            "replaced": 0,
            "added": 0,
            "hidden": 0,
            "values": 1,
            "own_parts_overdue": False,
            "state": "draft",
            "yours": True,
        }
    ]
    assert await listed(author, "/adoptable?words=closing") == [
        {
            "id": item_of(unused),
            "title": "Closing a session",
            "kind": "protocol",
            "number": "1.0.0",
            "by": "Quayside Outreach",
        }
    ]
    stranger, worker = asking.shared.elsewhere["coordinator"], asking.shared.south["worker"]
    assert await listed(stranger, "/adopted") == []
    assert await listed(stranger, "/adoptable") == []
    for path in ("/adopted", "/adoptable"):
        answer = await asking.shared.node.web.get(f"/api/v1{path}", headers=worker.bearer)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_what_is_refused_has_its_code(asking: Asking) -> None:
    author, other = asking.shared.south["reviewer"], asking.shared.south["coordinator"]
    first, second = asking.blocks
    seen = {"seen": "0" * 64}

    assert await asking.refused(author, "POST", "/review") == (409, "no-open-change")
    await asking.ask(author, "PUT", "/values", json={"values": {"on_call": ""}})
    assert await asking.refused(author, "POST", "/review") == (422, "values-missing")
    made_up = {"values": {"nobody": "x"}}
    assert await asking.refused(author, "PUT", "/values", json=made_up) == (422, "values-missing")
    await asking.ask(author, "PUT", "/values", json={"values": VALUES})
    assert await asking.refused(author, "POST", "/review") == (409, "nothing-to-approve")
    assert await asking.refused(other, "PUT", json={}) == (409, "change-open")
    await asking.ask(author, "PUT", f"/parts/{first}", json=PART)
    assert await asking.refused(other, "POST", "/approval", json=seen) == (
        409,
        "approval-not-asked",
    )
    asked = await asking.ask(author, "POST", "/review")
    assert await asking.refused(other, "POST", "/approval", json=seen) == (409, "change-differs")
    assert await asking.refused(author, "POST", "/approval", json={"seen": asked["asked"]}) == (
        409,
        "author-may-not-approve",
    )
    back = await asking.ask(other, "POST", "/changes", json={"said": "Which three?"})
    assert (back["state"], back["sent_back"]) == ("draft", "Which three?")
    gone = await asking.ask(author, "DELETE", f"/parts/{first}")
    assert gone["places"][1]["own"] is None
    assert await asking.refused(author, "DELETE", f"/parts/{second}") == (404, "not-found")
    await asking.ask(author, "DELETE", "/draft")
    assert (await asking.ask(author, "GET"))["state"] == "live"
    stranger = PART | {"owner": str(asking.shared.elsewhere["worker"].id)}
    assert await asking.refused(author, "PUT", f"/parts/{first}", json=stranger) == (
        422,
        "own-parts-refused",
    )
    unknown = PART | {"colour": "red"}
    assert await asking.refused(author, "PUT", f"/parts/{first}", json=unknown) == (
        400,
        "unknown-field",
    )


async def test_a_text_is_taken_up_and_pinned(asking: Asking) -> None:
    coordinator, reviewer = (asking.shared.south[role] for role in ("coordinator", "reviewer"))
    await asking.shared.revise(asking.text, LONGER)
    taken = await asking.ask(coordinator, "PUT", json={"number": "2.0.0", "mode": "pinned"})
    followed = await asking.ask(coordinator, "PUT", "/mode", json={"mode": "tracking"})

    assert (taken["live"], taken["mode"]) == ("2.0.0", "pinned")
    assert (followed["live"], followed["mode"]) == ("2.0.0", "tracking")
    assert await asking.refused(reviewer, "PUT", "/mode", json={"mode": "pinned"}) == (
        403,
        "not-allowed",
    )
    assert await asking.refused(reviewer, "PUT", json={}) == (403, "not-allowed")


async def test_nobody_else_is_let_in(asking: Asking) -> None:
    author = asking.shared.south["reviewer"]
    first = asking.blocks[0]
    secret = PART | {"texts": {"en": "Our secret line."}}
    await asking.ask(author, "PUT", f"/parts/{first}", json=secret)
    asked = await asking.ask(author, "POST", "/review")
    seen = {"seen": asked["asked"]}
    stranger, worker = asking.shared.elsewhere["coordinator"], asking.shared.south["worker"]
    owner = await asking.ask(asking.shared.north["coordinator"], "GET")

    assert "secret" not in str(owner)
    for rest in ("", "/update"):
        assert await asking.refused(stranger, "GET", rest) == (404, "not-found")
        assert await asking.refused(worker, "GET", rest) == (403, "not-allowed")
    for method, rest, sent in (
        ("PUT", f"/parts/{first}", PART),
        ("PUT", "/values", {"values": VALUES}),
        ("POST", "/update", {"number": "1.0.0"}),
        ("PUT", "", {}),
    ):
        assert await asking.refused(stranger, method, rest, json=sent) == (404, "not-found")
        assert await asking.refused(worker, method, rest, json=sent) == (403, "not-allowed")
    assert await asking.refused(stranger, "POST", "/approval", json=seen) == (
        409,
        "no-open-change",
    )
    assert await asking.refused(worker, "POST", "/approval", json=seen) == (403, "not-allowed")
