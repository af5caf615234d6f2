from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Node, Somebody
from tests.api.suggesting import Stage, a_stage
from tests.protocols.proposals.suggestions import RESTORED, WHY

API = "/api/v1"


@pytest.fixture
async def stage(node: Node) -> Stage:
    return await a_stage(node)


async def asked(stage: Stage, who: Somebody, method: str, path: str, **sent: Any) -> Any:
    return await stage.node.web.request(method, f"{API}{path}", headers=who.bearer, **sent)


async def proposed(stage: Stage, **part: Any) -> Any:
    body = {"parts": [{"block": str(stage.own.replaced), "why": WHY, **part}]}
    return await asked(
        stage, stage.user.reviewer, "POST", f"/texts/{stage.item}/proposals", json=body
    )


async def test_what_could_be_proposed_is_shown_with_places_put_back(stage: Stage) -> None:
    answer = await asked(stage, stage.user.coordinator, "GET", f"/texts/{stage.item}/proposable")

    part: dict[str, Any] = {"doubts": {}, "findings": {}}
    assert answer.json() == {
        "owner": "Quayside Outreach",
        "number": "1.0.0",
        "open": None,
        "parts": [
            part
            | {
                "block": str(stage.own.replaced),
                "action": "replace",
                "after": None,
                "texts": {"en": RESTORED},
            },
            part
            | {
                "block": str(stage.own.added),
                "action": "add",
                "after": str(stage.own.second),
                "texts": {"en": "Close the chat together."},
            },
        ],
    }


async def test_a_proposal_is_made_read_and_accepted(stage: Stage) -> None:
    made = await proposed(stage)
    assert made.status_code == 201
    proposal = made.json()
    told = {
        "id": proposal["id"],
        "text": stage.item,
        "title": "Live chat conduct",
        "number": "1.0.0",
        "received": False,
        "project": "Quayside Outreach",
        "parts": [
            {
                "block": str(stage.own.replaced),
                "action": "replace",
                "after": None,
                "texts": {"en": RESTORED},
                "why": WHY,
            }
        ],
        "state": "sent",
        "sentence": "",
        "sent_at": proposal["sent_at"],
        "answered_at": None,
    }
    assert proposal == told
    path = f"/proposals/{proposal['id']}"
    owner = stage.owner.reviewer
    assert (await asked(stage, owner, "GET", path)).json() == told | {"received": True}
    beside = (await asked(stage, owner, "GET", f"{path}/draft")).json()
    assert (beside["version"], beside["left_out"]) == (1, [])
    [part] = beside["parts"]
    [words] = part.pop("differences")
    assert part == {
        "block": str(stage.own.replaced),
        "gone": False,
        "reworded": False,
        "after": None,
    }
    assert words["text"].startswith("[removed: Two][added: Three] of you are online")
    assert "<ins>" in words["html"]

    stale = await asked(stage, owner, "POST", f"{path}/acceptance", json={"version": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed-since-seen")
    answer = await asked(stage, owner, "POST", f"{path}/acceptance", json={"version": 1})
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    text = (await asked(stage, owner, "GET", f"/texts/{stage.item}")).json()
    assert [block["text"] for block in text["blocks"]] == [RESTORED, "Ring {{on_call}}."]
    listed = (await asked(stage, stage.user.coordinator, "GET", "/proposals")).json()
    assert [one["state"] for one in listed["items"]] == ["accepted"]


async def test_a_proposal_is_declined_or_taken_back(stage: Stage) -> None:
    path = f"/proposals/{(await proposed(stage)).json()['id']}"
    answer = await asked(
        stage, stage.owner.coordinator, "POST", f"{path}/refusal", json={"sentence": "Two it is."}
    )
    assert (answer.status_code, answer.json()["sentence"]) == (200, "Two it is.")
    again = await asked(
        stage, stage.owner.coordinator, "POST", f"{path}/acceptance", json={"version": 1}
    )
    assert (again.status_code, again.json()["code"]) == (409, "proposal-answered")
    path = f"/proposals/{(await proposed(stage)).json()['id']}"
    open_one = await proposed(stage)
    assert (open_one.status_code, open_one.json()["code"]) == (409, "proposal-open")
    assert (await asked(stage, stage.user.reviewer, "DELETE", path)).status_code == 204
    assert (await asked(stage, stage.owner.reviewer, "GET", path)).status_code == 404


@pytest.mark.parametrize(
    ("part", "status", "code", "reason"),
    [
        ({"texts": {"en": "Ring 0113 496 0000."}}, 422, "proposal-refused", "own-value"),
        ({"texts": {"en": "Ask Reviewerson."}}, 422, "proposal-refused", "own-people"),
        ({"block": str(uuid4())}, 409, "nothing-to-propose", None),
        ({"why": ""}, 400, "invalid-request", None),
        ({"texts": {"../x": "?"}}, 400, "invalid-request", None),
        ({"texts": {"en": "a\0b"}}, 400, "not-text", None),
        ({"owner": "me"}, 400, "unknown-field", None),
    ],
)
async def test_what_cannot_be_proposed_so(
    stage: Stage, part: dict[str, Any], status: int, code: str, reason: str | None
) -> None:
    answer = await proposed(stage, **part)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert reason is None or reason in [one["code"] for one in told["reasons"]]
    assert (await asked(stage, stage.owner.reviewer, "GET", "/proposals")).json()["items"] == []


async def test_nobody_else_sees_or_answers_it(stage: Stage) -> None:
    path = f"/proposals/{(await proposed(stage)).json()['id']}"
    tries: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", path, {}),
        ("GET", f"{path}/draft", {}),
        ("DELETE", path, {}),
        ("POST", f"{path}/acceptance", {"json": {"version": 1}}),
        ("POST", f"{path}/refusal", {"json": {"sentence": "No."}}),
        ("GET", f"/texts/{stage.item}/proposable", {}),
    ]
    for method, address, sent in tries:
        for who, status in ((stage.stranger.coordinator, 404), (stage.owner.worker, 403)):
            assert (await asked(stage, who, method, address, **sent)).status_code == status
    listed = await asked(stage, stage.stranger.reviewer, "GET", "/proposals")
    assert listed.json() == {"items": [], "next": None}
    assert (await asked(stage, stage.user.worker, "GET", "/proposals")).status_code == 403
    # the owner does not take it back, and the proposer does not answer
    assert (await asked(stage, stage.owner.reviewer, *tries[2][:2])).status_code == 404
    for method, address, sent in (tries[1], *tries[3:5]):
        answer = await asked(stage, stage.user.reviewer, method, address, **sent)
        assert answer.status_code == 404
    [one] = (await asked(stage, stage.owner.reviewer, "GET", "/proposals")).json()["items"]
    assert one["state"] == "sent"
    said = str(one)
    for canary in ("CanaryReason", "Canary", "0113 496", str(stage.user.reviewer.id)):
        assert canary not in said
