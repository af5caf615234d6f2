"""How a node begins: a project, its coordinator, a way in; by an operator's commands alone."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from httpx2 import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.app import create_app
from api.settings import Settings
from database.ids import new_id
from database.session import door, make_engine
from federation.access.seal import Seal
from federation.audit.models import AuditEntry
from federation.passkeys.models import Passkey
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.second_steps.actions import begin_second_step, confirm_second_step
from federation.second_steps.models import Authenticator
from federation.second_steps.queries import is_asked_for_code, own_second_step
from rota.calendar.actions import make_address
from rota.calendar.queries import addresses_of
from tests.api.conftest import reached
from tests.api.server.by_hand_node import (
    PROJECT,
    add_person,
    add_project,
    at_node,
    environment_of,
    said,
)

FORM = re.compile(r'name="_csrf_token" value="([^"]+)"')
CALENDAR = ("calendar-address-made", "calendar-addresses-revoked")
NOW = datetime(2027, 1, 4, tzinfo=UTC)
HERE = "http://127.0.0.1:8000"


@pytest.fixture
def node(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path / "keys", HERE)


async def test_a_coordinator_gets_in_and_a_program_with_a_token(node: dict[str, str]) -> None:
    await add_project(node)
    person = await add_person(node, "Ines", "coordinator", "partner-administrator")
    link = await said(node, "people", "link", person)
    token = await said(node, "people", "token", person, "--label", "laptop")
    settings = Settings(
        database_url=node["DATABASE_URL"],
        keys=Path(node["NETREACH_KEYS"]),
        base_url=HERE,
        development=True,
    )
    app = create_app(settings)
    async with (
        app.lifespan(),
        AsyncClient(transport=reached(app), base_url=HERE) as web,
    ):
        shown = await web.get(link.removeprefix(HERE))
        form = {"_csrf_token": FORM.findall(shown.text)[0]}
        pressed = await web.post(link.removeprefix(HERE), data=form)
        ended = await said(node, "people", "sign-out", person)
        afterwards = await web.get("/week")
        me = await web.get("/api/v1/me", headers={"authorization": f"Bearer {token}"})
    assert link.startswith(f"{HERE}/sign-in/")
    assert (shown.status_code, pressed.status_code, me.status_code) == (200, 303, 200)
    assert (ended, afterwards.status_code) == ("Ended sessions: 1", 401)
    assert me.json() == {
        "id": person,
        "project": "harbour-lights",
        "roles": ["coordinator", "partner-administrator"],
        "languages": ["en"],
        "scopes": ["read"],
        "handles": [],
    }


@pytest.mark.parametrize("lifetime", ["nan", "inf", "0", "1e300"])
async def test_a_lifetime_that_is_none_is_refused_in_one_sentence(
    node: dict[str, str], lifetime: str
) -> None:
    await add_project(node)
    person = await add_person(node, "Ines", "coordinator")
    link = await at_node(node, "people", "link", person, "--hours", lifetime)
    token = await at_node(node, "people", "token", person, "--label", "x", "--days", lifetime)
    assert [(each.exit_code, each.stdout, each.stderr) for each in (link, token)] == [
        (1, "", f"Choose a lifetime above zero and of at most {most} hours.\n")
        for most in (168, 366 * 24)
    ]


async def set_up_an_app(session: AsyncSession, node: dict[str, str], person: UUID) -> None:
    seal = Seal.open(Path(node["NETREACH_KEYS"]))
    found = await session.get_one(Person, person)
    asker = Asker(person, found.project_id, frozenset())
    await begin_second_step(session, asker, seal, NOW)
    step = await own_second_step(session, asker, seal)
    assert step is not None
    code = pyotp.TOTP(step.secret or "").at(NOW)
    assert await confirm_second_step(session, asker, seal, code, NOW)


async def test_a_lost_app_is_forgotten_by_the_operator_alone(node: dict[str, str]) -> None:
    await add_project(node)
    person = UUID(await add_person(node, "Ines", "coordinator"))
    engine = make_engine(node["DATABASE_URL"])
    async with door(engine) as session:
        await set_up_an_app(session, node, person)
    told = await said(node, "people", "reset-second-step", str(person))
    assert told == "A link alone lets them in again. Make one: netreach-server people link"
    async with door(engine) as session:
        assert not await is_asked_for_code(session, person)
        removed = select(AuditEntry.actor).where(AuditEntry.verb == "authenticator.removed")
        assert (await session.scalars(removed)).all() == ["system"]
    await engine.dispose()


async def add_key(session: AsyncSession, person: UUID) -> None:
    key = Passkey(
        person_id=person,
        credential=person.bytes,
        public_key=b"key",
        sign_count=0,
        device="phone",
        made_at=NOW,
    )
    session.add(key)
    await session.flush()


async def test_the_operator_removes_the_passkeys_of_a_lost_phone(node: dict[str, str]) -> None:
    await add_project(node)
    people = [UUID(await add_person(node, name, "worker")) for name in ("Ines", "Olu")]
    engine = make_engine(node["DATABASE_URL"])
    async with door(engine) as session:
        for person in people:
            await add_key(session, person)
    assert await said(node, "people", "remove-passkeys", str(people[0])) == "Removed passkeys: 1"
    async with door(engine) as session:
        assert (await session.scalars(select(Passkey.person_id))).all() == people[1:]
        removed = select(AuditEntry.actor).where(AuditEntry.verb == "passkey.removed")
        assert (await session.scalars(removed)).all() == ["system"]
    await engine.dispose()


async def test_lists_name_who_is_there_and_not_who_left(node: dict[str, str]) -> None:
    await add_project(node)
    ines = await add_person(node, "Ines", "worker", "coordinator")
    olu = await add_person(node, "Olu")
    gone = await add_person(node, "Gone", "worker")
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        await make_address(session, UUID(gone), "Phone", "", NOW)
    told = await said(node, "people", "leave", gone)
    assert told == "They can no longer sign in. The worker frees the seats that are still to come."
    async with door(engine) as session:
        working = await addresses_of(session, UUID(gone))
        verbs = set(await session.scalars(select(AuditEntry.verb)))
        actors = set(await session.scalars(select(AuditEntry.actor)))
    await engine.dispose()
    assert await said(node, "projects", "list") == "harbour-lights  Harbour"
    listed = await said(node, "people", "list", "harbour-lights")
    assert listed.splitlines() == [f"{ines}  Ines: coordinator, worker", f"{olu}  Olu:"]
    assert verbs == {"project.added", "person.added", "role.granted", "person.left", *CALENDAR}
    assert actors == {"system", gone}
    assert working == []


async def test_who_has_left_is_erased_and_nobody_else(node: dict[str, str]) -> None:
    await add_project(node)
    gone = await add_person(node, "Gone", "worker")
    early = await at_node(node, "people", "erase", gone)
    assert (early.exit_code, early.stderr) == (
        1,
        "This person still takes part. Let them leave first.\n",
    )
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        await set_up_an_app(session, node, UUID(gone))
        await add_key(session, UUID(gone))
    await said(node, "people", "leave", gone)
    told = await said(node, "people", "erase", gone)
    assert told == "Erased: nobody can bring back who that was."
    async with door(engine) as session:
        names = list(await session.scalars(select(Person.name)))
        apps = list(await session.scalars(select(Authenticator.id)))
        keys = list(await session.scalars(select(Passkey.id)))
    await engine.dispose()
    assert (names, apps, keys) == (["(erased)"], [], [])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (PROJECT, "This short name is in use. Choose another."),
        (
            ["people", "add", "nowhere", "--name", "Ines"],
            "There is nothing here, or it is not yours to see.",
        ),
        (
            ["people", "link", str(new_id())],
            "There is nothing here, or it is not yours to see.",
        ),
        (
            ["people", "add", "harbour-lights", "--name", " "],
            "Give a name. Only the person's own project sees it.",
        ),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(
    node: dict[str, str], words: list[str], sentence: str
) -> None:
    await add_project(node)
    answer = await at_node(node, *words)
    assert (answer.exit_code, answer.stdout, answer.stderr) == (1, "", f"{sentence}\n")


async def test_a_database_that_is_away_is_one_sentence_without_its_password(
    tmp_path: Path,
) -> None:
    nowhere = "postgresql://somebody:very-secret@127.0.0.1:1/none"
    answer = await at_node(environment_of(nowhere, tmp_path, HERE), "projects", "list")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr.count("\n") == 1
    assert "very-secret" not in answer.stderr
