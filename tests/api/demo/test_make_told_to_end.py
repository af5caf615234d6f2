import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.demo.started_by_make import parent_make

CHILD = """
import threading
from api.demo.started_by_make import parent_make, was_told_to_end
make = parent_make()
print("before", was_told_to_end(make), flush=True)
while not was_told_to_end(make):
    threading.Event().wait(0.05)
print("told", flush=True)
"""
ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux shows what make waits for"
)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "child.py").write_text(CHILD)
    (tmp_path / "Makefile").write_text("demo:\n\t@$(PYTHON) child.py\n")
    command = [shutil.which("make") or "make", "demo", f"PYTHON={sys.executable}"]
    project = str(Path(__file__).parent.parent.parent.parent)
    environment = {"PATH": os.defpath, "PYTHONPATH": project}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@ON_LINUX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_child_learns_what_only_make_was_told(
    make: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert make.stdout is not None
    assert make.stdout.readline() == "before False\n"
    make.send_signal(number)
    assert make.stdout.readline() == "told\n"
    assert make.wait(timeout=10) != 0


def test_without_make_there_is_nobody_to_watch() -> None:
    assert parent_make({}) is None
