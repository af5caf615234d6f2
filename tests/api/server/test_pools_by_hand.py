"""A pool from nothing, by an operator's commands alone."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import door, make_engine
from federation.audit.models import AuditEntry
from federation.errors import ExampleStaysApart, NotFound
from federation.people.models import Handle, Person
from federation.permissions.rules import Asker
from federation.pools.models import Channel, Pool, PoolMember
from rota.example.actions import fill_example
from rota.passport.models import Training
from tests.api.server.by_hand_node import (
    add_person,
    add_project,
    at_node,
    environment_of,
    said,
)
from tests.rota.example.test_example import WORDS

POOL = ("pools", "make", "evening", "--name", "Evening chat", "--zone", "Europe/London")
SHARE = ("--offers", "12", "--ran", "6")


@pytest.fixture
def node(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path / "keys", "http://127.0.0.1:8000")


async def test_a_pool_is_founded_and_staffed(node: dict[str, str]) -> None:
    await add_project(node)
    coordinator = await add_person(node, "Ines", "coordinator")
    worker = await add_person(node, "Tess", "worker")
    own = ("--as", coordinator)
    await said(node, *POOL, *SHARE, *own)
    chat = ("pools", "channel", "evening", "live-chat", "--name", "Live chat", "--training", "core")
    await said(node, *chat, *own)
    handle = await said(node, "pools", "handle", "evening", worker, *own)
    dates = ("--issued", "2027-01-04", "--expires", "2028-01-03")
    assert (
        await said(node, "pools", "train", worker, "core", *dates, *own) == "Valid to 2028-01-03."
    )
    listed = await said(node, "pools", "list")
    assert listed == "evening  Evening chat (Europe/London), planned here"
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        [pool] = await session.scalars(select(Pool))
        [channel] = await session.scalars(select(Channel))
        [member] = await session.scalars(select(PoolMember))
        [known] = await session.scalars(select(Handle))
        [training] = await session.scalars(select(Training))
        actors = set(
            await session.scalars(select(AuditEntry.actor).where(AuditEntry.verb == "make-pool"))
        )
    await engine.dispose()
    assert (pool.slug, pool.supervisor_sessions_at_once) == ("evening", 1)
    assert (channel.minimum_workers, channel.minimum_supervisors, channel.trainings) == (
        2,
        1,
        ["core"],
    )
    assert (member.hours_offered_per_week, member.hours_before_per_week) == (12, 6)
    assert (known.display, known.roles) == (handle, ["worker"])
    assert (training.name, str(training.expires)) == ("core", "2028-01-03")
    assert actors == {coordinator}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("pools", "handle", "nowhere", "{worker}"),
            "There is no pool named nowhere here. See `netreach-server pools list`.\n",
        ),
        (
            ("pools", "join", "nowhere", *SHARE),
            "There is no pool named nowhere here. See `netreach-server pools list`.\n",
        ),
        (
            (*POOL, "--offers", "nan", "--ran", "6"),
            "The hours of a project in a week are a number from 0 to 10,000.\n",
        ),
    ],
)
async def test_what_is_not_there_is_said_in_one_sentence(
    node: dict[str, str], words: tuple[str, ...], sentence: str
) -> None:
    await add_project(node)
    coordinator = await add_person(node, "Ines", "coordinator")
    worker = await add_person(node, "Tess", "worker")
    asked = [word.format(worker=worker) for word in words]
    answer = await at_node(node, *asked, "--as", coordinator)
    assert (answer.exit_code, answer.stdout, answer.stderr) == (1, "", sentence)


async def test_of_a_pool_without_a_published_plan_there_is_no_scenario(
    node: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "scenario.json"
    answer = await at_node(node, "scenario", "nowhere", "--out", str(out))
    assert (answer.exit_code, answer.stdout, answer.stderr, out.exists()) == (
        1,
        "",
        "There is no published plan of a pool named nowhere here.\n",
        False,
    )


async def test_a_scenario_of_a_database_without_tables_is_refused_in_one_sentence(
    node: dict[str, str], server_url: str, tmp_path: Path
) -> None:
    out = str(tmp_path / "scenario.json")
    answer = await at_node(node | {"DATABASE_URL": server_url}, "scenario", "x", "--out", out)
    assert (answer.exit_code, answer.stderr) == (
        1,
        "The database cannot be used (ProgrammingError). Is it up, and has `migrate` been run?\n",
    )


async def test_a_worker_may_not_found_a_pool(node: dict[str, str]) -> None:
    await add_project(node)
    worker = await add_person(node, "Tess", "worker")
    answer = await at_node(node, *POOL, *SHARE, "--as", worker)
    assert (answer.exit_code, answer.stderr) == (
        1,
        "Your roles do not allow this. Your coordinator can help.\n",
    )
    assert await said(node, "pools", "list") == ""


async def test_nobody_acts_for_somebody_of_an_example(node: dict[str, str]) -> None:
    await add_project(node)
    ines = UUID(await add_person(node, "Ines", "coordinator"))
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        home = await session.scalar(select(Person.project_id).where(Person.id == ines))
        assert home is not None
        asker = Asker(ines, home, frozenset({"coordinator"}))
        await fill_example(session, asker, WORDS, datetime(2027, 1, 4, 9, tzinfo=UTC))
        played = await session.scalar(select(Person.id).where(Person.name == WORDS.coordinator))
    await engine.dispose()
    answer = await at_node(node, *POOL, *SHARE, "--as", str(played))
    assert (answer.exit_code, answer.stderr) == (1, f"{ExampleStaysApart.title}\n")


async def test_nobody_acts_for_somebody_who_has_left(node: dict[str, str]) -> None:
    await add_project(node)
    ines = await add_person(node, "Ines", "coordinator")
    await said(node, "people", "leave", ines)
    answer = await at_node(node, *POOL, *SHARE, "--as", ines)
    assert (answer.exit_code, answer.stderr) == (1, f"{NotFound.title}\n")
