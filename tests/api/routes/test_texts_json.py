"""The whole way of a text over HTTP: draft, translation, review, approval, release, history."""

from typing import Any
from uuid import uuid4

import pytest

from federation.partners.keys import NodeKeys
from tests.api.conftest import Node, Somebody

DRAFT: dict[str, Any] = {
    "kind": "protocol",
    "protocol_kind": "conduct",
    "title": "Live chat conduct",
    "source_language": "en",
    "jurisdictions": ["england"],
    "review_by": "2090-12-01",
    "blocks": [{"text": "Two of you are online.", "locked": True}, {"text": "Ring {{phone}}."}],
    "placeholders": [{"name": "phone", "example": "07700 900000", "type": "phone"}],
}


class Writers:
    """A project's people over HTTP."""

    def __init__(self, node: Node, people: dict[str, Somebody]) -> None:
        self.node, self.people = node, people

    async def ask(self, who: str, method: str, path: str, **sent: Any) -> Any:
        answer = await self.node.web.request(
            method, f"/api/v1{path}", headers=self.people[who].bearer, **sent
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def refused(
        self, who: str, method: str, path: str, **sent: Any
    ) -> tuple[int, str, list[str]]:
        answer = await self.node.web.request(
            method, f"/api/v1{path}", headers=self.people[who].bearer, **sent
        )
        problem = answer.json()
        codes = [reason["code"] for reason in problem.get("reasons", [])]
        return answer.status_code, problem["code"], codes

    async def draft(self, **other: Any) -> dict[str, Any]:
        made: dict[str, Any] = await self.ask("reviewer", "POST", "/texts", json=DRAFT | other)
        return made


@pytest.fixture
async def writers(node: Node) -> Writers:
    if not (node.settings.keys / "node-id").exists():
        NodeKeys.create(node.settings.keys)
    project_id = await node.project()
    people = {
        role: await node.somebody(role, project_id=project_id)
        for role in ("coordinator", "reviewer", "worker")
    }
    people["stranger"] = await node.somebody("coordinator")
    return Writers(node, people)


async def test_a_text_from_its_first_word_to_its_second_release(writers: Writers) -> None:
    made = await writers.draft()
    item = made["text"]["id"]
    assert (made["text"]["state"], made["version"], made["next_number"]) == ("draft", 1, "1.0.0")
    assert made["meaning"].startswith("Everybody reads it again")

    asked = await writers.ask("reviewer", "POST", f"/texts/{item}/review")
    assert (asked["text"]["state"], asked["text"]["yours"]) == ("in-review", False)
    [line] = (await writers.ask("coordinator", "GET", "/texts"))["items"]
    assert (line["id"], line["yours"]) == (item, True)
    approved = await writers.ask(
        "coordinator", "POST", f"/texts/{item}/approval", json={"version": 1}
    )
    assert approved["text"]["state"] == "approved"
    first = await writers.ask("coordinator", "POST", f"/texts/{item}/releases")
    assert (first["number"], first["sequence"]) == ("1.0.0", 1)

    words = [{"id": part["id"], "text": part["text"]} for part in made["blocks"]]
    words[0] |= {"text": "Two of you are always online.", "locked": False}
    change = {key: DRAFT[key] for key in ("title", "jurisdictions", "review_by", "placeholders")}
    change |= {"blocks": words, "version": 1, "acknowledgement": "none"}
    changed = await writers.ask("reviewer", "PUT", f"/texts/{item}", json=change)
    assert changed["since"]["released_as"] == "1.0.0"
    assert [block["text"] for block in changed["differences"]["blocks"]] == [
        "Two of you are [added: always ]online.",
        "Ring {{phone}}.",
    ]
    assert changed["differences"]["blocks"][0]["lock"] == "unlocked"
    await writers.ask("reviewer", "POST", f"/texts/{item}/review")
    await writers.ask("coordinator", "POST", f"/texts/{item}/approval", json={"version": 2})
    second = await writers.ask("coordinator", "POST", f"/texts/{item}/releases")

    assert (second["number"], second["sequence"]) == ("1.0.1", 2)
    history = (await writers.ask("coordinator", "GET", f"/texts/{item}/versions"))["items"]
    assert [(one["version"], one["released_as"]) for one in history] == [(2, "1.0.1"), (1, "1.0.0")]
    found = await writers.ask("coordinator", "GET", f"/texts/{item}/versions/2?from=1")
    assert found["facts"] == [{"name": "acknowledgement", "before": "re-read", "after": "none"}]


def change_of(made: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Give what a program sends that read a text and changes one thing in it."""
    change = {key: DRAFT[key] for key in ("title", "jurisdictions", "review_by", "placeholders")}
    words = [{"id": part["id"], "text": part["text"]} for part in made["blocks"]]
    return change | {"blocks": words, "version": made["version"]} | other


async def test_a_lock_goes_only_where_that_is_said_aloud(writers: Writers) -> None:
    """helm#12791: what a program does not mention in a list is not thereby taken away."""
    made = await writers.draft()
    path = f"/texts/{made['text']['id']}"

    changed = await writers.ask("reviewer", "PUT", path, json=change_of(made))
    said = change_of(changed)
    said["blocks"][0]["locked"] = False
    unlocked = await writers.ask("reviewer", "PUT", path, json=said)

    locks = [[part["locked"] for part in one["blocks"]] for one in (made, changed, unlocked)]
    assert locks == [[True, False], [True, False], [False, False]]


@pytest.mark.parametrize(
    "name", ["title", "blocks", "placeholders", "jurisdictions", "review_by", "acknowledgement"]
)
async def test_null_deletes_nothing(writers: Writers, name: str) -> None:
    """Under RFC 7386 null takes away whatever stood there; here it is refused."""
    made = await writers.draft()
    path = f"/texts/{made['text']['id']}"
    part = change_of(made)["blocks"][0] | {"locked": None}

    for change in (change_of(made, **{name: None}), change_of(made, blocks=[part])):
        refused = await writers.refused("reviewer", "PUT", path, json=change)
        assert refused == (400, "wrong-type", ["wrong-type"])

    assert await writers.ask("reviewer", "GET", path) == made


async def test_a_translation_turns_stale_and_is_made_anew(writers: Writers) -> None:
    made = await writers.draft()
    item, [one, two] = made["text"]["id"], [part["id"] for part in made["blocks"]]
    dutch = {"title": "Gedrag", "texts": {one: "Samen online.", two: "Bel {{phone}}."}}
    await writers.ask(
        "reviewer", "PUT", f"/texts/{item}/translations/nl", json=dutch | {"version": 1}
    )
    change = {key: DRAFT[key] for key in ("title", "jurisdictions", "review_by", "placeholders")}
    change["blocks"] = [
        {"id": one, "text": "Three of you."},
        {"id": two, "text": "Ring {{phone}}."},
    ]

    stale = await writers.ask("reviewer", "PUT", f"/texts/{item}", json=change | {"version": 2})
    fresh = await writers.ask(
        "reviewer", "PUT", f"/texts/{item}/translations/nl", json=dutch | {"version": 3}
    )

    assert stale["text"]["stale_languages"] == ["nl"]
    assert stale["translations"]["nl"]["stale"] is True
    assert fresh["text"]["stale_languages"] == []


async def test_comments_are_made_resolved_and_erased(writers: Writers) -> None:
    made = await writers.draft()
    item, block = made["text"]["id"], made["blocks"][0]["id"]
    said = {"said": "Which two?", "block": block}
    comment = await writers.ask("coordinator", "POST", f"/texts/{item}/comments", json=said)
    path = f"/text-comments/{comment['id']}"

    await writers.ask("reviewer", "PUT", path, json={"resolved": True})
    await writers.ask("reviewer", "PUT", path, json={"resolved": False})
    shown = await writers.ask("reviewer", "GET", f"/texts/{item}")
    await writers.ask("coordinator", "DELETE", path)
    [left] = (await writers.ask("reviewer", "GET", f"/texts/{item}/comments"))["items"]

    assert shown["text"]["open_comments"] == 1
    assert (left["said"], left["author"], left["block"]) == (None, None, block)


async def test_changes_are_asked_for_in_words(writers: Writers) -> None:
    item = (await writers.draft())["text"]["id"]
    await writers.ask("reviewer", "POST", f"/texts/{item}/review")

    back = await writers.ask(
        "coordinator", "POST", f"/texts/{item}/changes", json={"said": "Which tool?"}
    )

    assert (back["text"]["state"], back["text"]["open_comments"]) == ("draft", 1)


async def test_lived_experience_is_stated_without_a_name(writers: Writers) -> None:
    item = (await writers.draft())["text"]["id"]
    path = f"/texts/{item}/lived-reviews"
    made = await writers.ask("coordinator", "POST", path, json={"who": "Robin"})

    [to_reviewer] = (await writers.ask("reviewer", "GET", path))["items"]
    [to_coordinator] = (await writers.ask("coordinator", "GET", path))["items"]
    await writers.ask("coordinator", "DELETE", f"/lived-reviews/{made['id']}/who")
    [erased] = (await writers.ask("coordinator", "GET", path))["items"]

    assert (to_reviewer["who"], to_coordinator["who"], erased["who"]) == (None, "Robin", None)
    assert (await writers.ask("reviewer", "GET", f"/texts/{item}"))["lived_experience"] is True


async def test_what_cannot_be_is_refused_with_its_code(writers: Writers) -> None:
    item = (await writers.draft())["text"]["id"]
    seen = {"json": {"version": 1}}

    assert await writers.refused("reviewer", "POST", f"/texts/{item}/approval", **seen) == (
        409,
        "not-in-review",
        [],
    )
    assert await writers.refused("coordinator", "POST", f"/texts/{item}/releases") == (
        409,
        "not-approved",
        [],
    )
    await writers.ask("reviewer", "POST", f"/texts/{item}/review")
    assert await writers.refused("reviewer", "POST", f"/texts/{item}/approval", **seen) == (
        409,
        "author-may-not-approve",
        [],
    )
    assert await writers.refused(
        "coordinator", "POST", f"/texts/{item}/approval", json={"version": 7}
    ) == (409, "changed-since-seen", [])
    assert await writers.refused(
        "reviewer", "POST", "/texts", json=DRAFT | {"blocks": [], "jurisdictions": []}
    ) == (422, "draft-refused", ["no-parts", "no-jurisdiction"])


async def test_nobody_else_is_let_in(writers: Writers) -> None:
    item = (await writers.draft())["text"]["id"]
    one = await writers.ask("reviewer", "POST", f"/texts/{item}/comments", json={"said": "Secret"})
    paths = ("", "/versions", "/versions/1", "/comments", "/lived-reviews")

    for path in paths:
        assert (await writers.refused("stranger", "GET", f"/texts/{item}{path}"))[0] == 404
        assert (await writers.refused("worker", "GET", f"/texts/{item}{path}"))[0] == 403
    assert (await writers.refused("worker", "GET", "/texts"))[0] == 403
    assert (await writers.ask("stranger", "GET", "/texts"))["items"] == []
    for path in ("review", "releases"):
        assert (await writers.refused("stranger", "POST", f"/texts/{item}/{path}"))[0] == 404
    gone = f"/text-comments/{one['id']}"
    assert (await writers.refused("stranger", "DELETE", gone))[0] == 404
    assert (await writers.refused("coordinator", "DELETE", f"/text-comments/{uuid4()}"))[0] == 404
