"""Copying, keeping, telling and counting over HTTP; and that nothing is sent to many at once."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from litestar.routes import HTTPRoute

from api.parts import current_time
from database.session import door
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.api.conftest import Node, Somebody
from tests.api.routes.test_protocols_and_answers import Project, item_of, project
from tests.protocols.example_texts import answer, released, take_up
from tests.protocols.signposts.services import hsds

PLACE = DraftPlaceholder("place", "the café", filled_by="worker")
__all__ = ["project"]


@pytest.fixture
async def text(node: Node, project: Project) -> Release:
    draft = answer("Where?", "Come to {{place}}.", placeholders=[PLACE])
    async with door(node.engine) as session:
        published = await released(session, project.members, draft, "none")
        await take_up(session, project.members, published)
    return published


async def asked(
    node: Node, who: Somebody, method: str, path: str, body: Any = None
) -> tuple[int, Any]:
    answered = await node.web.request(method, f"/api/v1{path}", headers=who.bearer, json=body)
    return answered.status_code, answered.json() if answered.content else None


async def test_an_answer_is_copied_and_counted(node: Node, project: Project, text: Release) -> None:
    path = f"/answers/{item_of(text)}"
    _, shown = await asked(node, project.worker, "GET", path)
    body = {"seen": shown["fingerprint"], "used_as": "reply-only", "values": {"place": "here"}}

    copied = await asked(node, project.worker, "POST", f"{path}/copies", body)
    refused = await asked(
        node, project.worker, "POST", f"{path}/copies", body | {"values": {}, "as_sms": True}
    )
    changed = await asked(node, project.worker, "POST", f"{path}/copies", body | {"seen": "0" * 64})

    assert copied == (
        201,
        {
            "text": "Come to here.",
            "language": "en",
            "number": "1.0.0",
            "sms_alphabet": "GSM-7",
            "sms_units": 13,
            "sms_parts": 1,
        },
    )
    assert (refused[0], refused[1]["code"]) == (422, "not-ready-to-copy")
    assert [reason["code"] for reason in refused[1]["reasons"]] == ["unresolved-field"]
    assert (changed[0], changed[1]["code"]) == (409, "answer-changed")
    assert await asked(node, project.coordinator, "GET", "/answers/uses") == (
        200,
        {
            "items": [{"answer": item_of(text), "number": "1.0.0", "language": "en", "times": 1}],
            "next": None,
        },
    )
    assert (await asked(node, project.worker, "GET", "/answers/uses"))[0] == 403
    _, recent = await asked(node, project.worker, "GET", "/answers/recent")
    assert [one["id"] for one in recent["items"]] == [item_of(text)]


async def test_favourites_are_kept_and_put_away(
    node: Node, project: Project, text: Release
) -> None:
    path = f"/answers/{item_of(text)}/favourite"
    seen = []
    for method in ("PUT", "PUT", "DELETE", "DELETE"):
        assert (await asked(node, project.worker, method, path)) == (204, None)
        _, mine = await asked(node, project.worker, "GET", "/answers/favourites")
        seen.append([one["id"] for one in mine["items"]])

    assert seen == [[item_of(text)], [item_of(text)], [], []]
    assert (await asked(node, project.worker, "PUT", f"/answers/{uuid4()}/favourite"))[0] == 404
    assert (await asked(node, project.coordinator, "GET", "/answers/favourites"))[1]["items"] == []


async def test_a_remark_is_told_and_put_away(node: Node, project: Project, text: Release) -> None:
    path = f"/answers/{item_of(text)}/marks"
    said = {"kind": "wrong", "note": "It has moved.", "language": "en"}

    assert await asked(node, project.worker, "POST", path, said) == (204, None)
    wrong = await asked(node, project.worker, "POST", path, said | {"note": "me@home.example"})
    _, listed = await asked(node, project.coordinator, "GET", "/answers/marks")
    [mark] = listed["items"]
    gone = await asked(node, project.coordinator, "DELETE", f"/answers/marks/{mark['id']}")

    assert (wrong[0], wrong[1]["code"]) == (422, "wrong-mark")
    assert {name: mark[name] for name in mark if name not in {"id", "day"}} == {
        "answer": item_of(text),
        "number": "1.0.0",
        "language": "en",
        "kind": "wrong",
        "note": "It has moved.",
        "project": "Quayside Outreach",
    }
    assert gone == (204, None)
    assert (await asked(node, project.coordinator, "GET", "/answers/marks"))[1]["items"] == []
    assert (await asked(node, project.worker, "GET", "/answers/marks"))[0] == 403


async def test_rules_for_languages_are_set(node: Node, project: Project, text: Release) -> None:
    rules = {"fallback": "hide", "sms_segments": 2}
    own = f"/answers/{item_of(text)}/fallback"

    assert await asked(node, project.coordinator, "PUT", "/answers/rules", rules) == (204, None)
    assert await asked(node, project.worker, "GET", "/answers/rules") == (200, rules)
    _, none = await asked(node, project.worker, "GET", "/answers?language=nl")
    assert await asked(node, project.coordinator, "PUT", own, {"fallback": "warn"}) == (204, None)
    _, one = await asked(node, project.worker, "GET", "/answers?language=nl")

    assert (none["items"], len(one["items"])) == ([], 1)
    assert (await asked(node, project.worker, "PUT", "/answers/rules", rules))[0] == 403
    assert (await asked(node, project.coordinator, "PUT", own, {"fallback": "guess"}))[0] == 400


async def test_services_are_kept_over_http(node: Node, project: Project) -> None:
    today = current_time().date()
    service = {"name": "Night line", "phone": "116 123", "languages": ["en"]}

    _, added = await asked(node, project.coordinator, "POST", "/signposts", service)
    path = f"/signposts/{added['id']}"
    changed = await asked(
        node,
        project.coordinator,
        "PUT",
        path,
        service | {"closed": True, "web": "https://n.example"},
    )
    checked = await asked(node, project.coordinator, "POST", f"{path}/checks")
    _, listed = await asked(node, project.worker, "GET", "/signposts")

    assert added == {
        "id": added["id"],
        "source_id": None,
        "name": "Night line",
        "services": "",
        "opening": "",
        "area": "",
        "languages": ["en"],
        "phone": "116123",
        "email": "",
        "web": "",
        "last_checked": today.isoformat(),
        "check_by": (today + timedelta(days=90)).isoformat(),
        "expires": (today + timedelta(days=180)).isoformat(),
        "closed": False,
        "blocked": None,
    }
    assert (changed[0], changed[1]["blocked"]["code"]) == (200, "signpost-closed")
    assert checked[0] == 201
    assert [one["web"] for one in listed["items"]] == ["https://n.example"]
    assert (await asked(node, project.worker, "DELETE", path))[0] == 403
    assert await asked(node, project.coordinator, "DELETE", path) == (204, None)
    assert (await asked(node, project.coordinator, "GET", "/signposts"))[1]["items"] == []


async def test_a_list_of_services_is_taken_up_over_http(node: Node, project: Project) -> None:
    body = {"format": "hsds", "content": json.dumps(hsds(assured_date=None))}
    fate = {"row": 1, "name": "Drop-in (Harbour Trust)", "reasons": []}
    path = "/signposts/imports"

    for more, told in (({}, "new"), ({"dry_run": False}, "new"), ({"dry_run": False}, "same")):
        assert await asked(node, project.coordinator, "POST", path, body | more) == (
            201,
            {"items": [fate | {"fate": told}], "next": None},
        )
    wrong = await asked(node, project.coordinator, "POST", path, body | {"content": "{"})
    assert (wrong[0], wrong[1]["code"]) == (422, "wrong-signpost-list")
    assert (await asked(node, project.worker, "POST", path, body))[0] == 403


COUNTS = {
    *("DeletionAnswer", "Draft", "ImportAnswer", "LookAnswer", "RowAnswer"),
    "reports_MonthAnswer",
}
"""What counts contacts that were had, and names nobody."""
MANY = {"recipients", "send_to", "numbers", "addresses", "phones", "emails", "contacts"}


def test_nothing_is_sent_to_many_at_once(node: Node) -> None:
    """PECR: no address of ours takes recipients, and none that copies an answer takes several."""
    fields: set[str] = set()
    for name, schema in (node.app.openapi_schema.components.schemas or {}).items():
        if name not in COUNTS:
            fields |= set(schema.properties or {})
    paths = {
        route.path
        for route in node.app.routes
        if isinstance(route, HTTPRoute)
        for word in ("send", "broadcast", "bulk", "mailing", "campaign")
        # a draft is sent back to its author: nothing leaves the node
        if word in route.path.removesuffix("/send-back")
    }

    assert fields & MANY == set()
    assert paths == set()
