import json
from typing import Any

import pytest
from sqlalchemy import select

from database.session import door
from protocols.exchange.models import ExportedWording
from protocols.exports.models import AnswerExport, ExportedAnswer
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.api.conftest import Node, Somebody
from tests.protocols.example_texts import Members, answer, approved, released, take_up, withdraw
from tests.protocols.exchange.tools_as_they_are import Chatwoot, LiveHelperChat, RocketChat, Zammad

PHONE = DraftPlaceholder("phone", "0113", type="phone")
ADDRESS = "/api/v1/answer-exports"


@pytest.fixture
async def people(node: Node) -> dict[str, Somebody]:
    project_id = await node.project()
    return {
        role: await node.somebody(role, project_id=project_id)
        for role in ("coordinator", "reviewer", "worker")
    }


def members_of(people: dict[str, Somebody]) -> Members:
    askers = {role: somebody.asker for role, somebody in people.items()}
    return Members(project=people["worker"].project_id, name="project", **askers)


@pytest.fixture
async def published(node: Node, people: dict[str, Somebody]) -> Release:
    """Give an answer in use, beside a draft, one of a partner, and one for public posts only."""
    members = members_of(people)
    async with door(node.engine) as session:
        text = await released(
            session, members, answer("How to test?", "Ring {{phone}}.", placeholders=[PHONE])
        )
        await take_up(session, members, text, values={"phone": "0113 496 0000"})
        await approved(session, members, answer("Only a draft?", "Draft words."))
        post = answer("For posts?", "Post words.", use_limits=["public-post"])
        await take_up(session, members, await released(session, members, post))
    return text


def urn_id(text: Release) -> str:
    return text.urn.removeprefix("urn:uuid:")


async def exported(node: Node, who: Somebody, tool: str, **body: Any) -> bytes:
    given = await node.web.post(f"{ADDRESS}/{tool}", headers=who.bearer, json=body)
    assert given.status_code == 200, given.text
    return given.content


async def previewed(node: Node, who: Somebody, tool: str, **body: Any) -> dict[str, Any]:
    given = await node.web.post(f"{ADDRESS}/{tool}/preview", headers=who.bearer, json=body)
    assert given.status_code == 200, given.text
    report: dict[str, Any] = given.json()
    return report


async def test_what_goes_out_and_what_stays_is_told_before(
    node: Node, people: dict[str, Somebody], published: Release
) -> None:
    report = await previewed(node, people["coordinator"], "rocket-chat")

    assert report["entries"] == [
        {
            "item": urn_id(published),
            "language": "en",
            "title": "How to test?",
            "key": "how-to-test-en",
            "fate": "create",
            "remarks": [],
        }
    ]
    assert [(one["title"], one["reason"]["code"]) for one in report["left"]] == [
        ("For posts?", "not-a-reply")
    ]
    assert (report["compared"], report["remove"]) == (False, [])


@pytest.mark.usefixtures("published")
async def test_each_tool_takes_its_file(node: Node, people: dict[str, Somebody]) -> None:
    asker = people["coordinator"]
    lhc, zammad, chatwoot, rocket = LiveHelperChat(), Zammad(), Chatwoot(), RocketChat()

    lhc.load(await exported(node, asker, "live-helper-chat"))
    zammad.load(await exported(node, asker, "zammad"))
    for asked in json.loads(await exported(node, asker, "chatwoot"))["requests"]:
        chatwoot.ask(asked)
    for asked in json.loads(await exported(node, asker, "rocket-chat"))["requests"]:
        rocket.ask(asked)

    said = "Ring 0113 496 0000."
    assert [one["msg"] for one in lhc.messages.values()] == [said]
    assert [one["content"] for one in zammad.modules] == [f"<p>{said}</p>"]
    assert [one["content"] for one in chatwoot.responses.values()] == [said]
    assert [one["text"] for one in rocket.responses.values()] == [said]


@pytest.mark.usefixtures("published")
async def test_an_edit_in_the_tool_shows_and_stays_until_somebody_decides(
    node: Node, people: dict[str, Somebody]
) -> None:
    asker = people["coordinator"]
    tool = LiveHelperChat()
    tool.load(await exported(node, asker, "live-helper-chat"))
    [key] = tool.messages
    same = tool.exported().decode()
    tool.messages[key]["msg"] = "Edited there."
    edited = tool.exported().decode()

    before = await previewed(node, asker, "live-helper-chat", holds=same)
    drift = await previewed(node, asker, "live-helper-chat", holds=edited)
    tool.load(await exported(node, asker, "live-helper-chat", holds=edited))
    kept = tool.messages[key]["msg"]
    tool.load(await exported(node, asker, "live-helper-chat", holds=edited, ours=[key]))

    assert [one["fate"] for one in before["entries"]] == ["unchanged"]
    assert [one["fate"] for one in drift["entries"]] == ["drift"]
    assert kept == "Edited there."
    assert tool.messages[key]["msg"] == "Ring 0113 496 0000."


async def test_a_recalled_answer_never_goes_out_again(
    node: Node, people: dict[str, Somebody], published: Release
) -> None:
    asker = people["coordinator"]
    tool = Zammad()
    tool.load(await exported(node, asker, "zammad"))
    async with door(node.engine) as session:
        await withdraw(
            session, members_of(people), published, holds_texts={"en": "Ask us for the number."}
        )

    report = await previewed(node, asker, "zammad", holds=tool.exported().decode())
    tool.load(await exported(node, asker, "zammad", holds=tool.exported().decode()))

    assert [one["fate"] for one in report["entries"]] == ["update"]
    assert [one["code"] for one in report["entries"][0]["remarks"]] == ["emergency-words"]
    assert [one["content"] for one in tool.modules] == ["<p>Ask us for the number.</p>"]


async def test_what_went_out_is_remembered_for_the_day_of_a_recall(
    node: Node, people: dict[str, Somebody], published: Release
) -> None:
    await exported(node, people["coordinator"], "zammad")

    async with door(node.engine) as session:
        rows = await session.execute(
            select(AnswerExport.tool, AnswerExport.exported_by, ExportedAnswer.sequence)
            .join(ExportedAnswer, ExportedAnswer.export_id == AnswerExport.id)
            .where(ExportedAnswer.urn == published.urn)
        )
        assert [tuple(row) for row in rows] == [("zammad", people["coordinator"].id, 1)]


async def test_only_coordinators_export_and_only_their_own_projects_answers(
    node: Node, people: dict[str, Somebody], published: Release
) -> None:
    refused = [
        await node.web.post(f"{ADDRESS}/zammad{end}", headers=people["worker"].bearer, json={})
        for end in ("", "/preview")
    ]
    reader = await node.somebody(
        "coordinator", project_id=people["worker"].project_id, scopes=["read"]
    )
    reads = await node.web.post(f"{ADDRESS}/zammad", headers=reader.bearer, json={})
    stranger = await node.somebody("coordinator")

    assert [one.status_code for one in refused] == [403, 403]
    assert reads.status_code == 403
    assert b"0113" not in await exported(node, stranger, "zammad")
    assert (await previewed(node, stranger, "zammad"))["entries"] == []
    async with door(node.engine) as session:
        query = select(ExportedWording).where(ExportedWording.urn == published.urn)
        assert list(await session.scalars(query)) == []


@pytest.mark.usefixtures("published")
async def test_what_is_no_tool_and_no_export_is_refused(
    node: Node, people: dict[str, Somebody]
) -> None:
    asker = people["coordinator"].bearer
    unknown = await node.web.post(f"{ADDRESS}/smoke-signals", headers=asker, json={})
    odd = await node.web.post(f"{ADDRESS}/zammad", headers=asker, json={"holds": "nonsense"})
    many = "id,name,keywords,content\n" + "1,a,,b\n" * 20_001
    large = await node.web.post(f"{ADDRESS}/zammad", headers=asker, json={"holds": many})

    assert unknown.status_code == 400
    assert (odd.status_code, odd.json()["code"]) == (422, "not-an-export")
    assert (large.status_code, large.json()["code"]) == (413, "file-too-large")
