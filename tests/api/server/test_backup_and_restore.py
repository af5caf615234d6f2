"""A backup is one file of the keeper's; who comes back from it first asks its partners."""

import stat
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.server.postgres_programs import ProgramsMissingError, address_for, find_programs
from database.session import door, make_engine
from federation.audit.models import AuditEntry
from federation.feeds.models import Feed
from federation.partners.models import Partner
from federation.people.models import Person
from federation.pools.models import PoolMember
from federation.projects.models import Project
from federation.restoring.models import Restore, RestoreWait
from tests.api.server.by_hand_node import (
    add_person,
    add_project,
    at_node,
    environment_of,
    said,
)
from tests.rota.world import NOW

GRANTING = "This node is not restoring: it grants seats."
FAR_PROJECT = UUID("01940000-0000-7000-8000-00000000000a")
POOL = ("pools", "make", "evening", "--name", "Evening chat", "--zone", "Europe/London")


@pytest.fixture
def node(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(database_url, tmp_path / "keys", "http://127.0.0.1:8000")


@pytest.fixture
async def founded(node: dict[str, str]) -> str:
    """Set up a project with a coordinator and a pool; gives the database's name."""
    await add_project(node)
    coordinator = await add_person(node, "Ines", "coordinator")
    share = ("--offers", "12", "--ran", "6", "--as", coordinator)
    await said(node, *POOL, *share)
    return address_for(node["DATABASE_URL"], {})["PGDATABASE"]


async def a_partner_of_the_pool(node: dict[str, str]) -> None:
    """Let a project of another node take part."""
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        session.add(
            Partner(
                node_id="far-node",
                name="Far",
                base_url="https://far.test",
                state="joined",
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=NOW,
            )
        )
        await session.flush()
        session.add(
            Project(
                id=FAR_PROJECT,
                slug="far",
                name="Far",
                region="South",
                jurisdiction="england-and-wales",
                zone="Europe/London",
                languages=["en"],
                node="far-node",
            )
        )
        await session.flush()
        pool = (await session.scalars(select(PoolMember.pool_id))).one()
        session.add(
            PoolMember(
                pool_id=pool,
                project_id=FAR_PROJECT,
                hours_offered_per_week=4,
                hours_before_per_week=0,
                joined_at=NOW,
            )
        )
    await engine.dispose()


def found_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def epochs(session: AsyncSession) -> dict[UUID, str]:
    rows = await session.execute(select(Feed.id, Feed.epoch))
    return {row.id: row.epoch for row in rows}


async def test_a_backup_is_the_keepers_alone_and_comes_back_whole(
    node: dict[str, str], founded: str, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    written = await said(node, "backup", str(file))
    assert written.startswith(f"Written to {file}.")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await add_person(node, "Later", "worker")
    answer = await at_node(node, "restore", str(file), typed=f"{founded}\n")
    assert (answer.exit_code, answer.stderr, answer.stdout.splitlines()) == (
        0,
        f"Type its name to go on: {founded}\n",
        [
            f"This replaces everything in the database {founded}, where 2 people are.",
            "Restoring: all partners have answered; `work` enters what they said.",
        ],
    )
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        assert list(await session.scalars(select(Person.name))) == ["Ines"]
        [restore] = await session.scalars(select(Restore))
        assert (restore.begun_at is not None, restore.over_at) == (True, None)
    await engine.dispose()
    assert found_in(tmp_path) == ["monday.backup"]


@pytest.mark.usefixtures("founded")
async def test_a_backup_is_never_written_over(node: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    file.write_text("precious")
    answer = await at_node(node, "backup", str(file))
    assert (answer.exit_code, answer.stderr) == (
        1,
        f"{file} is there already. A backup is never written over another.\n",
    )
    assert file.read_text() == "precious"


@pytest.mark.usefixtures("founded")
async def test_another_name_typed_changes_nothing(node: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    await said(node, "backup", str(file))
    await add_person(node, "Later", "worker")
    answer = await at_node(node, "restore", str(file), typed="something-else\n")
    assert answer.exit_code == 1
    assert answer.stderr.endswith("That is another name. Nothing was changed.\n")
    assert await said(node, "restore", "--status") == GRANTING


async def test_a_backup_of_a_newer_version_changes_nothing(
    node: dict[str, str], founded: str, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        before = await session.scalar(text("SELECT version_num FROM alembic_version"))
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await said(node, "backup", str(file))
    migrated = await at_node(node, "migrate")
    async with door(engine) as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": before})
    await add_person(node, "Later", "worker")

    answer = await at_node(node, "restore", str(file), typed=f"{founded}\n")

    assert (migrated.exit_code, migrated.stderr) == (
        1,
        "A newer version of netreach has migrated this database. Install that version.\n",
    )
    assert (answer.exit_code, answer.stderr.splitlines()[1:]) == (
        1,
        [
            f"{file} was made by a newer version of netreach than this one. Install that version.",
            "Nothing was changed.",
        ],
    )
    async with door(engine) as session:
        assert set(await session.scalars(select(Person.name))) == {"Ines", "Later"}
    await engine.dispose()


async def test_a_backup_into_a_folder_that_is_not_there_says_so(
    node: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "nowhere" / "monday.backup"
    answer = await at_node(node, "backup", str(file))
    assert (answer.exit_code, answer.stdout, answer.stderr) == (
        1,
        "",
        f"Cannot write {file}: No such file or directory.\n",
    )


async def test_a_file_that_is_no_backup_changes_nothing(
    node: dict[str, str], founded: str, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    file.write_text("not a backup")
    answer = await at_node(node, "restore", str(file), typed=f"{founded}\n")
    assert answer.exit_code == 1
    assert answer.stderr.endswith("\nNothing was changed.\n")
    assert "pg_restore failed: " in answer.stderr
    assert await said(node, "restore", "--status") == GRANTING


async def test_every_feed_begins_anew_and_partners_of_pools_are_asked(
    node: dict[str, str], founded: str, tmp_path: Path
) -> None:
    await a_partner_of_the_pool(node)
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        before = await epochs(session)
    file = tmp_path / "monday.backup"
    await said(node, "backup", str(file))
    await engine.dispose()
    answer = await at_node(node, "restore", str(file), typed=f"{founded}\n")
    assert answer.stdout.splitlines()[-1] == (
        "Restoring: waits for Far (far-node). Until then no seats are given."
    )
    async with door(engine) as session:
        after = await epochs(session)
    # an epoch is a time-ordered id: a reader takes a later one for news, an earlier for a replay
    assert all(after[feed] > before[feed] for feed in before)
    await engine.dispose()


async def test_going_on_without_a_dead_partner_is_typed_and_written_down(
    node: dict[str, str], founded: str, tmp_path: Path
) -> None:
    await a_partner_of_the_pool(node)
    file = tmp_path / "monday.backup"
    await said(node, "backup", str(file))
    await at_node(node, "restore", str(file), typed=f"{founded}\n")
    refused = await at_node(node, "restore", "--go-on-without", "Far", typed="Fahr\n")
    assert refused.exit_code == 1
    assert "waits for Far" in await said(node, "restore", "--status")
    gone = await at_node(node, "restore", "--go-on-without", "Far", typed="Far\n")
    assert gone.exit_code == 0
    assert "What only Far knows may be lost" in gone.stdout
    again = await at_node(node, "restore", "--go-on-without", "Far", typed="Far\n")
    assert (again.exit_code, again.stderr) == (
        1,
        "This node does not wait for that partner. See whom it waits for.\n",
    )
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        [wait] = await session.scalars(select(RestoreWait))
        written = await session.scalars(
            select(AuditEntry.facts).where(AuditEntry.verb == "go-on-without")
        )
        assert (wait.answered_at, list(written)) == (None, [{"node": "far-node"}])
    await engine.dispose()


@pytest.mark.usefixtures("founded")
async def test_stopped_before_partners_were_asked_it_still_grants_nothing(
    node: dict[str, str],
) -> None:
    """What the command's own transaction leaves, should it be killed right after it."""
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        session.add(Restore(restored_at=NOW))
    assert (await said(node, "restore", "--status")).startswith("Restoring: ")
    async with door(engine) as session:
        await session.execute(update(Restore).values(over_at=NOW))
    assert await said(node, "restore", "--status") == GRANTING
    await engine.dispose()


@pytest.mark.usefixtures("founded")
async def test_no_partner_is_given_up_by_a_node_that_waits_for_none(node: dict[str, str]) -> None:
    answer = await at_node(node, "restore", "--go-on-without", "Far", typed="Far\n")
    assert (answer.exit_code, answer.stderr) == (
        1,
        "This node does not wait for that partner. See whom it waits for.\n",
    )


def test_programs_of_another_version_are_not_used() -> None:
    with pytest.raises(ProgramsMissingError) as refused:
        find_programs(9, {"PG_BIN": "/nowhere"})
    assert str(refused.value) == (
        "The database is PostgreSQL 9, and pg_dump, pg_restore and psql of that version were not "
        "found. Install postgresql-client-9, or name the folder of these programs in PG_BIN."
    )


def test_a_password_goes_by_the_environment() -> None:
    url = "postgresql+asyncpg://ines:secret@db.test:5433/netreach?ssl=require"
    assert address_for(url, {"PATH": "/bin", "SOMETHING": "else"}) == {
        "PATH": "/bin",
        "PGHOST": "db.test",
        "PGPORT": "5433",
        "PGUSER": "ines",
        "PGPASSWORD": "secret",
        "PGDATABASE": "netreach",
        "PGSSLMODE": "require",
        "PGAPPNAME": "netreach-backup",
    }
