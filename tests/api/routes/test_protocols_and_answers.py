from typing import Any
from uuid import UUID, uuid4

import pytest

from database.session import door
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.api.conftest import Node, Somebody
from tests.protocols.example_texts import (
    Members,
    Told,
    answer,
    protocol,
    released,
    revised,
    take_up,
    withdraw,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
NAME = DraftPlaceholder("your_display_name", "Robin", filled_by="worker")
TOLD = Told(parts=("**Ring** {{on_call}}.",), placeholders=[PHONE])


class Project:
    """A project's people, as they ask here and over HTTP."""

    def __init__(self, coordinator: Somebody, reviewer: Somebody, worker: Somebody) -> None:
        self.coordinator, self.worker = coordinator, worker
        self.members = Members(
            project=worker.project_id,
            coordinator=coordinator.asker,
            reviewer=reviewer.asker,
            worker=worker.asker,
            name="project",
        )


@pytest.fixture
async def project(node: Node) -> Project:
    project_id = await node.project()
    people = [
        await node.somebody(role, project_id=project_id)
        for role in ("coordinator", "reviewer", "worker")
    ]
    return Project(*people)


@pytest.fixture
async def text(node: Node, project: Project) -> Release:
    async with door(node.engine) as session:
        published = await released(session, project.members, protocol(TOLD))
        await take_up(session, project.members, published, values={"on_call": "0113"})
    return published


def item_of(text: Release) -> str:
    return text.urn.removeprefix("urn:uuid:")


async def ask(node: Node, who: Somebody, path: str) -> Any:
    answered = await node.web.get(f"/api/v1{path}", headers=who.bearer)
    assert answered.status_code == 200, answered.text
    return answered.json()


async def test_what_is_in_force_is_listed(node: Node, project: Project, text: Release) -> None:
    async with door(node.engine) as session:
        await revised(session, project.members, text, Told(parts=("Two.", "More.")))

    listed = await ask(node, project.worker, "/protocols")

    assert listed == {
        "items": [
            {
                "id": item_of(text),
                "title": "Live chat conduct",
                "kind": "conduct",
                "number": "1.0.0",
                "pending": "2.0.0",
                "mode": "tracking",
                "on_shifts": False,
                "withdrawn_because": None,
                "review_by": "2027-12-01",
                "review_overdue": False,
                "languages": ["en"],
                "reading_needed": True,
                "acknowledged": False,
                "readers": None,
                "people": None,
            }
        ],
        "next": None,
    }


async def test_a_release_is_given_with_the_projects_values(
    node: Node, project: Project, text: Release
) -> None:
    manifest = read_manifest(text.manifest)

    shown = await ask(
        node, project.worker, f"/protocols/{item_of(text)}/releases/1.0.0?language=ro"
    )

    assert shown.pop("text_hash")
    assert shown == {
        "id": item_of(text),
        "title": "Live chat conduct",
        "question": None,
        "number": "1.0.0",
        "kind": "conduct",
        "language": "en",
        "languages": ["en"],
        "stale_languages": [],
        "jurisdictions": ["england"],
        "review_by": "2027-12-01",
        "stated_at": "2027-01-05T18:00:00Z",
        "expires_at": "2028-02-29T00:00:00Z",
        "acknowledgement": "re-read",
        "passages": [
            {
                "id": str(manifest.blocks[0].id),
                "language": "en",
                "html": "<p><strong>Ring</strong> 0113.</p>",
                "text": "Ring 0113.",
                "withdrawn_because": None,
                "ours": False,
            }
        ],
    }


async def test_reading_is_recorded_once(node: Node, project: Project, text: Release) -> None:
    path = f"/protocols/{item_of(text)}"
    shown = await ask(node, project.worker, path)
    body = {"text_hash": shown["acknowledge"], "language": "en"}

    answers = [
        await node.web.post(
            f"/api/v1{path}/acknowledgements", json=body, headers=project.worker.bearer
        )
        for _ in range(2)
    ]

    after = await ask(node, project.worker, path)
    by_coordinator = await ask(node, project.coordinator, "/protocols")
    assert [answered.status_code for answered in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["text_hash"] == shown["acknowledge"]
    assert (after["acknowledge"], after["acknowledged_at"]) == (None, answers[0].json()["at"])
    assert [(line["readers"], line["people"]) for line in by_coordinator["items"]] == [(1, 3)]


async def test_what_holds_in_place_of_a_withdrawn_text(
    node: Node, project: Project, text: Release
) -> None:
    async with door(node.engine) as session:
        await withdraw(session, project.members, text, holds_texts={"en": "Close *now*."})

    shown = await ask(node, project.worker, f"/protocols/{item_of(text)}")

    assert len(shown.pop("acknowledge")) == 64
    assert shown == {
        "id": item_of(text),
        "title": "Live chat conduct",
        "release": None,
        "emergency": {
            "language": "en",
            "html": "<p>Close <em>now</em>.</p>",
            "text": "Close now.",
        },
        "withdrawn_because": "The law has changed.",
        "pending": None,
        "acknowledged_at": None,
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text_hash": "0" * 64, "language": "en"}, 409, "text-changed"),
        ({"text_hash": "xyz", "language": "en"}, 400, "invalid-request"),
        ({"text_hash": "0" * 64}, 400, "missing-field"),
        ({"text_hash": "0" * 64, "language": "en", "person": "x"}, 400, "unknown-field"),
    ],
)
async def test_other_words_are_not_acknowledged(
    node: Node,
    project: Project,
    text: Release,
    body: dict[str, str],
    status: int,
    code: str,
) -> None:
    answered = await node.web.post(
        f"/api/v1/protocols/{item_of(text)}/acknowledgements",
        json=body,
        headers=project.worker.bearer,
    )

    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_strangers_see_nothing(node: Node, project: Project, text: Release) -> None:
    stranger = await node.somebody("coordinator")
    item = item_of(text)
    reading = await node.somebody("worker", project_id=project.worker.project_id, scopes=("read",))
    body = {"text_hash": "0" * 64, "language": "en"}

    statuses = [
        (await node.web.get(f"/api/v1{path}", headers=stranger.bearer)).status_code
        for path in (
            f"/protocols/{item}",
            f"/protocols/{item}/releases/1.0.0",
            f"/protocols/{uuid4()}",
        )
    ]
    posts = [
        (
            await node.web.post(
                f"/api/v1/protocols/{item}/acknowledgements", json=body, headers=who.bearer
            )
        ).status_code
        for who in (stranger, reading)
    ]

    assert statuses == [404, 404, 404]
    assert posts == [404, 403]
    assert await ask(node, stranger, "/protocols") == {"items": [], "next": None}
    assert await ask(node, stranger, "/answers") == {"items": [], "next": None}
    assert (await node.web.get("/api/v1/protocols")).status_code == 401
    assert (await node.web.get("/api/v1/answers")).status_code == 401


async def test_an_answer_is_found(node: Node, project: Project) -> None:
    draft = answer("When are you there?", "I'm {{your_display_name}}.", placeholders=[NAME])
    async with door(node.engine) as session:
        published = await released(session, project.members, draft, "none")
        await take_up(session, project.members, published)

    found = await ask(node, project.worker, "/answers?q=THERE&language=nl")

    assert len(found["items"][0].pop("fingerprint")) == 64
    assert found == {
        "items": [
            {
                "id": item_of(published),
                "number": "1.0.0",
                "title": "When are you there?",
                "question": "When are you there?",
                "text": "I'm {{your_display_name}}.",
                "keywords": ["help"],
                "language": "en",
                "languages": ["en"],
                "other_language": True,
                "stale": False,
                "review_overdue": False,
                "withdrawn_because": None,
                "use_limits": ["reply-only"],
                "channels": ["live-chat"],
                "jurisdictions": ["england"],
                "to_fill": [{"name": "your_display_name", "type": "text", "example": "Robin"}],
                "blocked": [],
            }
        ],
        "next": None,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/answers?cursor=x",
        "/answers?cursor=ww==",
        f"/answers?q={'x' * 201}",
        f"/protocols/{UUID(int=0)}?language={'x' * 36}",
    ],
)
async def test_what_cannot_be_asked_is_refused(node: Node, project: Project, path: str) -> None:
    answered = await node.web.get(f"/api/v1{path}", headers=project.worker.bearer)

    assert answered.status_code == 400
    assert answered.json()["code"] == "invalid-request"


async def test_a_number_that_is_none_is_not_found(
    node: Node, project: Project, text: Release
) -> None:
    for number in ("x", "1.0.0%0A", "1.0", "9.9.9"):
        answered = await node.web.get(
            f"/api/v1/protocols/{item_of(text)}/releases/{number}",
            headers=project.worker.bearer,
        )
        assert answered.status_code == 404
