"""A local PostgreSQL for the demo, the tests and development, from any binaries.

It listens on nothing but a socket in a folder that only its own user may enter. Whoever starts it
holds a lock while it runs: a server whose lock is free was left behind, so it is taken over.
"""

import atexit
import fcntl
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

from api.demo.binaries import (
    SHARED,
    PostgresError,
    binaries_for_another_user,
    find_binaries,
    runs_as_root,
)

__all__ = ["FolderNotWritableError", "PostgresError", "Server", "StartFailedError", "start"]

PORT = 5432  # only a part of the socket's name
CONNECTIONS = 300
LONGEST_START = 60
LONGEST_SOCKET_PATH = 80  # the system's limit is near 100, and the socket's own name counts
IN_A_HURRY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # it would look through hundreds of databases in turns
    "autovacuum": "off",
    # what is written again and again may lie in memory
    "max_wal_size": "256MB",
}
IN_MEMORY = Path("/dev/shm")  # noqa: S108 -- mkdtemp makes a private one in it
ROOM = 2 * 2**30
"""Bytes; a throwaway of the whole tests takes a quarter of it."""


class FolderNotWritableError(PostgresError):
    """The folder for the database's files cannot be made or written."""


class StartFailedError(PostgresError):
    """PostgreSQL is there but does not start."""


@dataclass
class Server:
    """A running PostgreSQL; `lock` is None where another process started it and will stop it."""

    binaries: Path
    place: Path
    throwaway: bool
    lock: IO[str] | None = None
    sockets: Path | None = None
    account: dict[str, Any] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """The folder of the database itself."""
        return self.place / "data"

    def url(self, database: str = "postgres") -> str:
        """Say how SQLAlchemy reaches a database of this server."""
        where = f"host={quote(str(self.sockets), safe='/')}&port={PORT}"
        return f"postgresql+asyncpg://netreach@/{database}?{where}"

    def stop(self) -> None:
        """Stop the server if this process answers for it; a throwaway takes its files along."""
        if self.lock is None:
            return
        atexit.unregister(self.stop)
        mode = "immediate" if self.throwaway else "fast"
        self._run("pg_ctl", "-D", str(self.files), "-w", "-m", mode, "stop")
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)
        if self.throwaway:
            shutil.rmtree(self.place, ignore_errors=True)
        self.lock.close()
        self.lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def launch(self) -> None:
        """Get the server running for as long as this process lives, or until `stop`."""
        found = self.running()
        if found is not None:  # its starter was killed
            self.sockets = found
        else:
            self._start()
        atexit.register(self.stop)

    def _start(self) -> None:
        try:
            self._init()
            self._listen()
        except (PostgresError, OSError):
            if self.lock is not None:
                self.lock.close()
            raise

    def _init(self) -> None:
        if self.files.exists():
            return
        unfinished = self.place / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        sync = ["--no-sync"] if self.throwaway else []
        who = ["-U", "netreach", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        answer = self._run("initdb", "-D", str(unfinished), *who, *sync)
        if answer.returncode:
            raise StartFailedError(f"PostgreSQL could not be set up: {_last_lines(answer.stderr)}")
        unfinished.rename(self.files)

    def _listen(self) -> None:
        short = len(str(self.place)) < LONGEST_SOCKET_PATH
        for left in self.place.glob("socket-*"):
            shutil.rmtree(left, ignore_errors=True)
        # made 0700, which is what keeps others out
        where = self.place if short else None
        self.sockets = Path(tempfile.mkdtemp(prefix="socket-", dir=where))
        self._give_away(self.sockets)
        settings = {"max_connections": str(CONNECTIONS), **(IN_A_HURRY if self.throwaway else {})}
        options = f"-h '' -p {PORT} -k {shlex.quote(str(self.sockets))}"
        options += "".join(f" -c {name}={value}" for name, value in settings.items())
        log = self.files / "log"
        timing = ["-w", "-t", str(LONGEST_START)]
        answer = self._run(
            "pg_ctl", "-D", str(self.files), "-l", str(log), *timing, "-o", options, "start"
        )
        if answer.returncode:
            shutil.rmtree(self.sockets, ignore_errors=True)
            said = log.read_text(errors="replace") if log.exists() else answer.stderr
            raise StartFailedError(f"PostgreSQL does not start: {_last_lines(said)}")

    def running(self) -> Path | None:
        """Find the sockets of the server that runs on these files, if it answers."""
        if self._run("pg_ctl", "-D", str(self.files), "status").returncode:
            return None
        try:
            sockets = Path((self.files / "postmaster.pid").read_text().splitlines()[4])
            # the number of a process may have been given to another since
            with socket.socket(socket.AF_UNIX) as knock:
                knock.connect(str(sockets / f".s.PGSQL.{PORT}"))
        except (OSError, IndexError):
            return None
        return sockets

    def _give_away(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account["user"], self.account["group"])

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [str(self.binaries / program), *arguments],
                # of its own, since PGPORT and the like would change what the programs do
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                **self.account,
            )
        except OSError as error:
            raise StartFailedError(
                f"PostgreSQL does not start: {self.binaries / program} cannot be run as user "
                f"{_user_name(self.account)} ({error.strerror})."
            ) from error


def start(folder: Path, *, throwaway: bool, environment: Mapping[str, str] = os.environ) -> Server:
    """Start PostgreSQL with its files in `folder`, or join the server that runs there already.

    A throwaway gets files of its own, in memory where that has room, else below `folder`; it does
    not wait for the disk, and is gone after `stop`. As root the files live in a place of the user
    nobody, found by the folder's name.
    """
    with _said_plainly(folder):
        server = _server(folder, environment)
        _make(server.place, mode=0o711 if server.account else 0o700)
        if throwaway:
            return _start_throwaway(server.place, server.binaries, server.account)
        return _start_or_join(server)


def erase(folder: Path, *, environment: Mapping[str, str] = os.environ) -> None:
    """Delete the files of the server that ran in `folder`; one left behind is stopped first."""
    with _said_plainly(folder):
        if not _place(folder).exists():
            return
        left = _server(folder, environment)
        _clear(left)
        if left.place.exists():
            raise StartFailedError(
                f"The PostgreSQL of {folder} is in use by another process, so nothing was deleted."
            )


def _server(folder: Path, environment: Mapping[str, str]) -> Server:
    binaries, account = find_binaries(environment), _account_for_server()
    if account:
        _make(SHARED, mode=0o711)
        binaries = binaries_for_another_user(binaries)
    return Server(binaries, _place(folder), throwaway=False, account=account)


def _start_throwaway(place: Path, binaries: Path, account: dict[str, Any]) -> Server:
    name = f"netreach-{sha256(str(place).encode()).hexdigest()[:16]}-"
    with (place / "lock").open("w") as taking_turns:
        fcntl.flock(taking_turns, fcntl.LOCK_EX)
        for left in (*place.glob(f"{name}*"), *IN_MEMORY.glob(f"{name}*")):
            # anybody may make a folder in the memory that all share
            if left.lstat().st_uid == os.geteuid():
                _clear(Server(binaries, left, throwaway=True, account=account))
        where = IN_MEMORY if _has_room(IN_MEMORY) else place
        own = Path(tempfile.mkdtemp(prefix=name, dir=where))
        if account:
            own.chmod(0o711)
        server = Server(binaries, own, throwaway=True, account=account, lock=_try_lock(own))
    try:
        server.launch()
    except (PostgresError, OSError):
        shutil.rmtree(own, ignore_errors=True)
        raise
    return server


def _has_room(memory: Path) -> bool:
    try:
        return shutil.disk_usage(memory).free >= ROOM
    except OSError:  # not every system has one
        return False


def _clear(left: Server) -> None:
    """Remove what a killed starter left; what is in use has its lock taken, and stays."""
    left.lock = _try_lock(left.place)
    if left.lock is None:
        return
    left.sockets = left.running()
    if left.sockets is not None:
        left.stop()
    shutil.rmtree(left.place, ignore_errors=True)
    if left.lock is not None:
        left.lock.close()


def _start_or_join(server: Server) -> Server:
    latest = time.monotonic() + LONGEST_START
    while time.monotonic() < latest:
        server.lock = _try_lock(server.place)
        if server.lock is not None:
            server.launch()
            return server
        if (found := server.running()) is not None:
            server.sockets = found
            return server
        time.sleep(0.1)
    raise StartFailedError(f"PostgreSQL does not start: another process has held {server.place}.")


def _try_lock(place: Path) -> IO[str] | None:
    lock = (place / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def _account_for_server() -> dict[str, Any]:
    """Say as whom the server runs: as nobody where we are root, which PostgreSQL refuses."""
    if not runs_as_root():
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise StartFailedError(
            "PostgreSQL refuses to run as root, and this machine has no user nobody to run it."
        ) from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _place(folder: Path) -> Path:
    if not runs_as_root():
        return folder.resolve()
    return SHARED / sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def _make(path: Path, *, mode: int) -> None:
    """Make a folder of ours; one that exists, and every parent, keep the rights they have."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=mode, exist_ok=True)
    path.chmod(mode)  # whatever the umask says


@contextmanager
def _said_plainly(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderNotWritableError(
            f"The database's files cannot be kept in {error.filename or folder}: {error.strerror}."
        ) from error


def _last_lines(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-3:]) or "it gave no reason."


def _user_name(account: dict[str, Any]) -> str:
    return pwd.getpwuid(account.get("user", os.geteuid())).pw_name
