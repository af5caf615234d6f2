from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.partners.models import Partner
from federation.pools.models import PoolMember
from federation.projects.models import Project
from protocols.confirmations.models import RecallConfirmation
from protocols.exports.actions import note_export
from protocols.recalls.models import Recall
from tests.api.conftest import Node
from tests.api.withdrawals import InForce, text_in_force

API = "/api/v1"
INSTEAD = {"texts": {"en": "Ring the supervisor."}}
LONG = {"texts": dict.fromkeys(("en", "nl", "ro", "fr"), "a" * 20_000)}


@pytest.fixture
async def text(node: Node) -> InForce:
    return await text_in_force(node)


def body(**changed: Any) -> dict[str, Any]:
    return {"reason": "It was wrong.", "holds": INSTEAD, **changed}


async def withdraw(text: InForce, **changed: Any) -> Any:
    return await text.node.web.post(
        f"{API}/texts/{text.item}/recalls",
        json=body(**changed),
        headers=text.coordinator.bearer,
    )


async def shown(text: InForce) -> dict[str, Any]:
    answer = await text.node.web.get(f"{API}/protocols/{text.item}", headers=text.worker.bearer)
    told: dict[str, Any] = answer.json()
    return told


async def test_a_part_is_withdrawn_and_shown_with_what_holds(text: InForce) -> None:
    answer = await withdraw(text, number="1.0.0", part=str(text.part(1)))

    assert answer.status_code == 201
    [made] = answer.json()["items"]
    assert (made["number"], made["part"], made["holds"]) == (
        "1.0.0",
        "Ring 999.",
        {"number": None, **INSTEAD},
    )
    passages = (await shown(text))["release"]["passages"]
    assert [(one["text"], one["withdrawn_because"]) for one in passages] == [
        ("Two of you.", None),
        ("Ring the supervisor.", "It was wrong."),
    ]


async def test_a_text_is_withdrawn_altogether(text: InForce) -> None:
    assert (await withdraw(text)).status_code == 201
    told = await shown(text)
    assert (told["release"], told["emergency"]["text"]) == (None, "Ring the supervisor.")
    assert told["withdrawn_because"] == "It was wrong."
    again = await withdraw(text)
    assert (again.status_code, again.json()["code"]) == (409, "already-recalled")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"holds": {}}, 422, "nothing-would-hold"),
        ({"holds": {"texts": {"../x": "y"}}}, 400, "invalid-request"),
        ({"number": "7.0.0"}, 404, "not-found"),
        ({"number": "1.0.0", "part": str(uuid4())}, 404, "not-found"),
        ({"reason": ""}, 400, "invalid-request"),
        ({"holds": LONG}, 422, "recall-too-large"),
        ({"holds": LONG, "number": "1.0.0"}, 422, "recall-too-large"),
        ({"by": "somebody"}, 400, "unknown-field"),
    ],
)
async def test_what_cannot_be_withdrawn_so(
    text: InForce, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = await withdraw(text, **changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await shown(text))["withdrawn_because"] is None


async def test_others_neither_withdraw_nor_see_it(node: Node, text: InForce) -> None:
    await withdraw(text, number="1.0.0")
    stranger = await node.somebody("coordinator")
    address = f"{API}/texts/{text.item}/recalls"

    for asker, status in ((text.worker, 403), (stranger, 404)):
        refused = await node.web.post(address, json=body(), headers=asker.bearer)
        assert refused.status_code == status
    listed = await node.web.get(f"{API}/recalls", headers=stranger.bearer)
    assert listed.json() == {"items": [], "next": None}
    for path in ("recalls", "exports/withdrawn"):
        refused = await node.web.get(f"{API}/{path}", headers=text.worker.bearer)
        assert refused.status_code == 403


async def partner_with_project(text: InForce) -> tuple[str, Project]:
    """Let a project of another node take part in the pool."""
    node_id = str(new_id())
    async with door(text.node.engine) as session:
        session.add(
            Partner(
                node_id=node_id,
                name="South node",
                base_url="https://south.example",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=current_time(),
                last_heard_at=datetime.fromisoformat("2026-11-01T09:00:00+00:00"),
            )
        )
        await session.flush()
        project = Project(
            slug=f"south-{node_id}",
            name="South",
            region="",
            jurisdiction="netherlands",
            zone="Europe/Amsterdam",
            languages=["nl"],
            node=node_id,
        )
        session.add(project)
        await session.flush()
        session.add(
            PoolMember(
                pool_id=text.evening.pool.id,
                project_id=project.id,
                hours_offered_per_week=1,
                hours_before_per_week=1,
                joined_at=current_time(),
            )
        )
    return node_id, project


async def test_who_has_not_confirmed_is_named_with_the_last_contact(text: InForce) -> None:
    node_id, project = await partner_with_project(text)
    await withdraw(text, number="1.0.0")
    recalls = f"{API}/recalls"

    before = await text.node.web.get(recalls, headers=text.coordinator.bearer)
    async with door(text.node.engine) as session:
        query = select(Recall.id).where(Recall.urn == text.text.urn)
        recall_id = (await session.scalars(query)).one()
        session.add(
            RecallConfirmation(
                recall_id=recall_id, node_id=node_id, at=current_time(), used_by=[project.id]
            )
        )
    after = await text.node.web.get(recalls, headers=text.coordinator.bearer)

    [[waiting]] = [one["hearers"] for one in before.json()["items"]]
    assert waiting == {
        "project": "South",
        "node": "South node",
        "confirmed_at": None,
        "used_it": False,
        "last_heard_at": "2026-11-01T09:00:00Z",
    }
    [[confirmed]] = [one["hearers"] for one in after.json()["items"]]
    assert (confirmed["used_it"], confirmed["confirmed_at"] is not None) == (True, True)


async def test_what_was_carried_into_a_tool_is_listed_and_ticked_off(text: InForce) -> None:
    urn = text.text.urn
    async with door(text.node.engine) as session:
        _, _, last = [
            await note_export(
                session, text.coordinator.asker, tool=tool, sequences={urn: 1}, now=current_time()
            )
            for tool in ("chatwoot", "zammad", "chatwoot")
        ]
    web, bearer = text.node.web, text.coordinator.bearer
    assert (await web.get(f"{API}/exports/withdrawn", headers=bearer)).json()["items"] == []
    await withdraw(text, number="1.0.0")

    listed = (await web.get(f"{API}/exports/withdrawn", headers=bearer)).json()["items"]
    # of two exports to one tool the later one is what it holds
    assert [(one["tool"], one["removed_at"]) for one in listed] == [
        ("chatwoot", None),
        ("zammad", None),
    ]
    assert listed[0]["export"] == str(last.id)
    address = f"{API}/exports/{last.id}/answers/{text.item}/removed"
    assert (await web.post(address, headers=bearer)).status_code == 204

    listed = (await web.get(f"{API}/exports/withdrawn", headers=bearer)).json()["items"]
    assert [(one["tool"], one["removed_at"] is None) for one in listed] == [
        ("zammad", True),
        ("chatwoot", False),
    ]
