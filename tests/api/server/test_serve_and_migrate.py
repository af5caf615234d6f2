"""The commands as processes of their own, on real sockets."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator, Mapping

import pytest
from sqlalchemy import text

from api.server.migrate import drift
from database.session import make_engine
from tests.api.server.conftest import log_of, serving, started
from tests.conftest import own_name

NOWHERE = "postgresql+asyncpg://somebody:very-secret@127.0.0.1:1/none"


async def ran(command: str, environment: Mapping[str, str], *words: str) -> tuple[int, str, str]:
    process = await started(command, environment, *words)
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, out.decode(), errors.decode()


async def test_serving_answers_caps_logs_and_ends(environment: dict[str, str]) -> None:
    async with serving(environment) as (process, web):
        assert (await web.get("/health/ready")).json() == {"ready": True}
        large = await web.post("/sign-out", content=b"x" * 2_000_000)
        assert (large.status_code, large.json()["code"]) == (413, "too-large")
        assert "server" not in large.headers
        await web.get("/sign-in/a-secret-that-no-log-shows")
        process.terminate()
        out, _ = await asyncio.wait_for(process.communicate(), 20)
    errors = log_of(environment).read_bytes()
    assert (process.returncode, out) == (-signal.SIGTERM, b"")
    assert b"a-secret-that-no-log-shows" not in errors
    lines = [json.loads(line) for line in errors.splitlines()]
    answered = [line for line in lines if line["event"] == "answered"]
    assert [(line["method"], line["route"], line["status"]) for line in answered[-2:]] == [
        ("POST", "unmatched", 413),
        ("GET", "/sign-in/{secret}", 404),
    ]


async def test_a_port_in_use_is_one_sentence(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, errors = await ran("serve", environment | {"NETREACH_PORT": str(port)})
    assert code == 1
    assert errors == (
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. "
        "Set NETREACH_PORT to a free port.\n"
    )


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("serve", "The database does not answer.\n"),
        ("migrate", "The database does not answer (ConnectionRefusedError). Check DATABASE_URL.\n"),
    ],
)
async def test_a_database_that_is_down_is_one_sentence(
    environment: dict[str, str], command: str, sentence: str
) -> None:
    code, _, errors = await ran(command, environment | {"DATABASE_URL": NOWHERE})
    assert (code, errors) == (1, sentence)


@pytest.mark.parametrize("command", ["serve", "migrate"])
async def test_a_wrong_setting_is_one_sentence(environment: dict[str, str], command: str) -> None:
    code, _, errors = await ran(command, environment | {"NETREACH_PORT": "many"})
    assert (code, errors) == (1, "NETREACH_PORT is wrong: Expected int, got str.\n")


@pytest.fixture
async def empty_url(server_url: str, template: str) -> AsyncIterator[str]:
    name = own_name(template)
    engine = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield str(engine.url.set(database=name).render_as_string(hide_password=False))
        await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    await engine.dispose()


async def test_an_empty_database_is_told_migrated_and_then_served(
    environment: dict[str, str], empty_url: str
) -> None:
    empty = environment | {"DATABASE_URL": empty_url}
    assert await ran("serve", empty) == (
        1,
        "",
        "The database is not migrated. Run: netreach-server migrate\n",
    )
    code, _, errors = await ran("migrate", empty, "--check")
    assert (code, errors.splitlines()[0]) == (1, "The database differs from the code:")
    for _ in range(2):
        assert await ran("migrate", empty) == (0, "The database is up to date.\n", "")
    code, out, errors = await ran("migrate", empty, "--check")
    assert (code, out.splitlines()[-1], errors) == (0, "The database is up to date.", "")
    async with serving(empty) as (_, web):
        assert (await web.get("/health/ready")).json() == {"ready": True}


async def test_drift_is_listed(database_url: str) -> None:
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE notice DROP COLUMN seen_at"))
    await engine.dispose()
    changes = await asyncio.to_thread(drift, database_url)
    assert len(changes) == 1
    assert "seen_at" in changes[0]
