import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from database.session import door
from federation.access.actions import make_api_token
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project
from netreach_client import Client
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.netreach_client.conftest import MONDAY, Person, Run, Served
from tests.netreach_client.loopback import Answer, good, peer
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
TOLD = Told(parts=("**Ring** {{on_call}}.", "Stay calm."), placeholders=[PHONE])
ITEM = "01936d6e-0000-7000-8000-000000000002"


class Project:
    """A project of the served node, with a text that is in force there."""

    def __init__(self, node: Served, members: Members, worker: Person, text: Release) -> None:
        self.node, self.members, self.worker, self.text = node, members, worker, text

    @property
    def item(self) -> str:
        return self.text.urn.removeprefix("urn:uuid:")


@pytest.fixture
async def project(served_node: Served) -> Project:
    async with door(served_node.engine) as session:
        project_id = await add_project(
            session,
            OPERATOR,
            slug=f"texts-{uuid4().hex[:8]}",
            name="Quayside Outreach",
            region="North East",
            jurisdiction="england",
            zone="Europe/London",
            languages=["en"],
            now=MONDAY,
        )
        askers = {}
        for role in ("coordinator", "reviewer", "worker"):
            person_id = await add_person(
                session,
                OPERATOR,
                project_id=project_id,
                name=role,
                languages=["en"],
                roles=[role],
                now=MONDAY,
            )
            askers[role] = Asker(person_id, project_id, frozenset({role}))
        members = Members(project=project_id, name="texts", **askers)
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=members.worker.person_id,
            label="test",
            scopes=["read"],
            days=30,
            now=MONDAY,
        )
        text = await released(session, members, protocol(TOLD))
        await take_up(session, members, text, values={"on_call": "0113"})
    return Project(served_node, members, Person("", token.secret), text)


@pytest.fixture
def pull(run: Run, project: Project, tmp_path: Path) -> Any:
    def pull() -> list[str]:
        result = run(
            *("protocols", "pull", "--out", str(tmp_path / "out")),
            at=project.node.url,
            token=project.worker.token,
        )
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.splitlines()

    return pull


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


def test_text_in_force_is_written_with_its_manifest(
    pull: Any, project: Project, tmp_path: Path
) -> None:
    assert pull() == [f"{project.item}  1.0.0  Live chat conduct  (en)"]
    folder = tmp_path / "out" / project.item
    assert (folder / "en.txt").read_text() == "Live chat conduct\n\nRing 0113.\n\nStay calm.\n"
    manifest = json.loads((folder / "manifest.json").read_text())
    text_hash = manifest.pop("text_hashes")["en"]
    assert manifest == {
        "id": project.item,
        "title": "Live chat conduct",
        "kind": "conduct",
        "number": "1.0.0",
        "withdrawn_because": None,
        "pending": None,
        "texts": {"en": "en.txt"},
        "jurisdictions": ["england"],
        "review_by": "2027-12-01",
        "expires_at": project.text.expires_at.isoformat(),
    }
    with Client(project.node.url, project.worker.token) as client:
        release = client.protocol_release(UUID(project.item), "1.0.0")
    assert (release.text_hash, len(release.passages)) == (text_hash, 2)
    written = [f"{project.item}/en.txt", f"{project.item}/manifest.json", "index.json"]
    assert files(tmp_path / "out") == written


async def test_newer_release_waits_until_it_is_adopted(
    pull: Any, project: Project, tmp_path: Path
) -> None:
    async with door(project.node.engine) as session:
        newer = await revised(session, project.members, project.text, Told(parts=("New.",)))
    assert pull() == [f"{project.item}  1.0.0  Live chat conduct  (en)  2.0.0 waits to be adopted"]
    async with door(project.node.engine) as session:
        await take_up(session, project.members, newer)
    assert pull() == [f"{project.item}  2.0.0  Live chat conduct  (en)"]
    text = (tmp_path / "out" / project.item / "en.txt").read_text()
    assert text == "Live chat conduct\n\nNew.\n"


async def test_emergency_text_replaces_what_was_withdrawn(
    pull: Any, project: Project, tmp_path: Path
) -> None:
    pull()
    async with door(project.node.engine) as session:
        holds = {"nl": "Stop. Bel de coördinator."}
        await withdraw(session, project.members, project.text, holds_texts=holds)
    assert pull() == [
        f"{project.item}  -  Live chat conduct  (nl)  withdrawn: The law has changed."
    ]
    written = [f"{project.item}/manifest.json", f"{project.item}/nl.txt", "index.json"]
    assert files(tmp_path / "out") == written
    text = (tmp_path / "out" / project.item / "nl.txt").read_text()
    assert text == "Live chat conduct\n\nStop. Bel de coördinator.\n"


async def test_answers_are_found(project: Project) -> None:
    async with door(project.node.engine) as session:
        draft = answer(
            "Do I pay tax?",
            "Yes, above {{limit}}.",
            placeholders=[DraftPlaceholder("limit", "12,570 pounds")],
        )
        published = await released(session, project.members, draft, "none")
        await take_up(session, project.members, published, values={"limit": "12,570 pounds"})
    with Client(project.node.url, project.worker.token) as client:
        (found,) = client.answers("tax")
        assert client.answers("no such word") == []
    assert (found.question, found.text) == ("Do I pay tax?", "Yes, above 12,570 pounds.")
    assert (found.use_limits, found.language) == (["reply-only"], "en")


def listed(*lines: dict[str, Any]) -> Answer:
    return good({"items": list(lines), "next": None})


def line(**other: Any) -> dict[str, Any]:
    told = {"id": ITEM, "title": "T", "kind": "conduct", "number": "1.0.0", "languages": ["en"]}
    return told | other


def said(language: str) -> Answer:
    words = {"language": language, "text": "Stop."}
    return good({"id": ITEM, "title": "T", "emergency": words})


@pytest.mark.parametrize("language", ["../../x", "en/../../..", "", "e" * 300])
def test_hostile_node_names_no_files(run: Run, tmp_path: Path, language: str) -> None:
    out = tmp_path / "out"
    with peer(listed(line()), said(language)) as node:
        result = run("protocols", "pull", "--out", str(out), at=node.url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The answer names a language that is none.\n"
    assert not out.exists()


def test_failing_node_leaves_the_last_pull_as_it_was(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with peer(listed(line()), said("en"), listed(line()), Answer(500)) as node:
        words = ("protocols", "pull", "--out", str(out))
        assert run(*words, at=node.url).exit_code == 0
        before = {name: (out / name).read_bytes() for name in files(out)}
        assert run(*words, at=node.url).exit_code == 1
    assert {name: (out / name).read_bytes() for name in files(out)} == before


def test_protocol_that_is_no_longer_there_goes(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with peer(listed(line()), said("en"), listed()) as node:
        for _ in range(2):
            assert run("protocols", "pull", "--out", str(out), at=node.url).exit_code == 0
    assert files(out) == ["index.json"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "mine"),
        ("index.json", "mine"),
        ("index.json", '{"files": ["../precious.txt"]}'),
        ("index.json", '{"files": ["/etc/hosts"]}'),
    ],
)
def test_folder_of_somebody_else_is_left_alone(
    run: Run, tmp_path: Path, name: str, content: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "precious.txt").write_text("precious")
    (out / name).write_text(content)
    with peer(listed(line()), said("en")) as node:
        result = run("protocols", "pull", "--out", str(out), at=node.url)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert (files(out), (out / name).read_text()) == ([name], content)
    assert (tmp_path / "precious.txt").read_text() == "precious"
