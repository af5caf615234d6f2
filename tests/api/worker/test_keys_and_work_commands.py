import asyncio
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.notices.keys import NoticeKeys
from api.server.keys import keys
from database.session import make_engine
from federation.partners.keys import NodeKeys

WORK = "from api.server.work import work; work()"


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "NETREACH_KEYS": str(folder),
        "NETREACH_BASE_URL": "https://north.example",
        "NETREACH_NODE_NAME": "North",
    }


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    env = environment("postgresql+asyncpg://nowhere/", folder)
    answer = CliRunner().invoke(keys, arguments, env=env)
    return answer.exit_code, answer.output


def test_keys_are_made_once_and_shown(tmp_path: Path) -> None:
    code, shown = run(tmp_path / "keys", "init")
    assert code == 0
    lines = dict(line.split(": ", 1) for line in shown.splitlines())
    node, made = lines["node"].strip(), NodeKeys.load(tmp_path / "keys")
    assert {name: value.strip() for name, value in lines.items()} == {
        "node": node,
        "root fingerprint": node,
        "root key": "on this machine",
        "address": "https://north.example",
        "document": "number 1",
        **{role: made.by_role[role].thumbprint() for role in ("transport", "release", "head")},
    }
    assert run(tmp_path / "keys", "show") == (0, shown)
    assert run(tmp_path / "keys", "init", "--if-missing") == (0, "")
    assert run(tmp_path / "keys", "init") == (
        1,
        "This node already has keys. New ones would make it a stranger to its partners.\n",
    )


def test_the_keys_for_notices_are_made_with_the_others_and_stay(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    run(folder, "init")
    made = {name: (folder / name).read_text() for name in ("push.json", "mail-links")}
    assert {(folder / name).stat().st_mode & 0o777 for name in made} == {0o600}
    keys = NoticeKeys.open(folder)
    assert {name: (folder / name).read_text() for name in made} == made
    assert NoticeKeys.open(folder).public == keys.public
    # a node from before has none yet: the first start makes them
    for name in made:
        (folder / name).unlink()
    assert NoticeKeys.open(folder).public != keys.public
    assert NoticeKeys.open(folder).links != keys.links


def test_a_node_without_keys_says_what_to_do(tmp_path: Path) -> None:
    assert run(tmp_path, "show") == (
        1,
        "This node has no keys yet. Run: netreach-server keys init\n",
    )


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = run(tmp_path / "file" / "keys", "init")
    assert (code, said.count("\n")) == (1, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_ends_when_it_is_told(
    database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    run(tmp_path / "keys", "init")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WORK,
        env=environment(database_url, tmp_path / "keys"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    engine = make_engine(database_url)
    async with asyncio.timeout(30):
        # the worker listens first, so that its own notification proves that it is up
        async with engine.connect() as connection:
            listening = 0
            while not listening:
                found = await connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND query LIKE 'LISTEN%'"
                )
                listening = found.scalar_one()
                await connection.rollback()
        process.send_signal(number)
        output, _ = await process.communicate()
    await engine.dispose()
    assert (process.returncode, output) == (0, b"")
