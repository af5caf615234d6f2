"""`netreach protocols bundle` at a real node, and `verify` with the file alone."""

import socket
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token
from federation.people.actions import grant_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.models import Project
from tests.netreach_client.bundled import Maker
from tests.netreach_client.conftest import LiveNode, Run, Served
from tests.protocols.example_texts import Members, Told, protocol, released


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path / "keys")


@pytest.fixture
def file(tmp_path: Path, maker: Maker) -> Path:
    path = tmp_path / "texts.bundle"
    path.write_bytes(maker.bundle(maker.releases(1), now=current_time()))
    return path


@pytest.fixture
async def a_release(
    live_node: LiveNode, served_node: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Release a text of the live node's project with the live node's own key."""

    def sign(manifest: bytes) -> str:
        return served_node.keys.sign("release", manifest, purpose="netreach-release+jws")

    monkeypatch.setattr("tests.protocols.example_texts.signer", sign)
    async with door(served_node.engine) as session:
        found = select(Project.id).where(Project.slug == live_node.project)
        project_id = (await session.scalars(found)).one()
        askers = {}
        for role in ("coordinator", "reviewer", "worker"):
            person = Person(project_id=project_id, name=f"Secret {role}", languages=["en"])
            session.add(person)
            await session.flush()
            askers[role] = Asker(person.id, project_id, frozenset({role}))
        members = Members(project=project_id, name=live_node.project, **askers)
        await released(session, members, protocol(Told()))


def test_a_bundle_is_fetched_and_verified(
    run: Run, live_node: LiveNode, served_node: Served, tmp_path: Path, a_release: None
) -> None:
    del a_release
    file = tmp_path / "carried.bundle"

    made = run(
        "protocols", "bundle", "--out", str(file), at=live_node.url, token=live_node.wren.token
    )
    good = run("protocols", "verify", str(file), "--root", served_node.keys.root_fingerprint())

    assert (made.exit_code, good.exit_code) == (0, 0), made.output + good.output
    assert "1.0.0  Live chat conduct" in good.output
    assert made.output == good.output
    assert b"Secret" not in file.read_bytes()


def test_kinds_can_be_chosen(
    run: Run, live_node: LiveNode, tmp_path: Path, a_release: None
) -> None:
    del a_release
    file = tmp_path / "answers.bundle"

    made = run(
        *("protocols", "bundle", "--out", str(file), "--kind", "answer"),
        at=live_node.url,
        token=live_node.wren.token,
    )

    assert made.exit_code == 0, made.output
    assert ": 0 texts from" in made.output


async def test_what_is_written_is_listed_for_those_who_write(
    run: Run, live_node: LiveNode, served_node: Served, a_release: None
) -> None:
    del a_release
    async with door(served_node.engine) as session:
        [writer] = await session.scalars(
            select(Person).where(
                Person.name == "Secret coordinator",
                Person.project_id
                == select(Project.id).where(Project.slug == live_node.project).scalar_subquery(),
            )
        )
        now = current_time()
        await grant_role(session, OPERATOR, person_id=writer.id, role="coordinator", now=now)
        token = await make_api_token(
            session, OPERATOR, person_id=writer.id, label="t", scopes=["read"], days=1, now=now
        )

    listed = run("texts", at=live_node.url, token=token.secret)
    refused = run("texts", at=live_node.url, token=live_node.wren.token)

    assert "  released  1.0.0  Live chat conduct" in listed.output
    assert refused.exit_code == 1


def test_verifying_needs_no_network(
    run: Run, file: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unplugged(*_args: object, **_facts: object) -> NoReturn:
        raise OSError("there is no network here")

    monkeypatch.setattr(socket, "socket", unplugged)
    monkeypatch.setattr(socket, "getaddrinfo", unplugged)

    good = run("protocols", "verify", str(file))

    assert good.exit_code == 0
    assert maker.node.root_fingerprint() in good.output


def test_a_bad_file_is_refused_with_the_reason(run: Run, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"Two of you", b"One of you"))

    bad = run("protocols", "verify", str(file))

    assert bad.exit_code == 1
    assert bad.stderr == "Release 1 is not signed by the key that it should be.\n"
    assert bad.stdout == ""


def test_another_root_is_refused(run: Run, file: Path) -> None:
    bad = run("protocols", "verify", str(file), "--root", "A" * 43)

    assert (bad.exit_code, bad.stderr) == (
        1,
        "The bundle comes from another node than the one that you have named.\n",
    )


def test_an_older_file_than_before_is_refused(
    run: Run, file: Path, maker: Maker, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.bundle"
    newer.write_bytes(maker.bundle(maker.releases(2), now=current_time() + timedelta(minutes=1)))

    good = run("protocols", "verify", str(newer), "--after", str(file))
    bad = run("protocols", "verify", str(file), "--after", str(newer))

    assert good.exit_code == 0
    assert (bad.exit_code, bad.stderr) == (1, "The bundle is older than the earlier one.\n")


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("protocols", "verify", str(tmp_path / "none")).exit_code == 2
