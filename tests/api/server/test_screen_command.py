import json
import subprocess
import sys
from pathlib import Path


def screened(given: bytes, *options: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command without any setting: no database is asked."""
    return subprocess.run(
        [sys.executable, "-m", "api.server.main", "screen", *options],
        input=given,
        capture_output=True,
        check=False,
        env={"PYTHONPATH": str(Path.cwd())},
        cwd=folder,
    )


def test_one_line_of_findings_for_each_line_of_text(tmp_path: Path) -> None:
    texts = "Bel 06-12345678\n\nTwee vragen over huur\r\n😀 ann@example.org"

    done = screened(texts.encode(), "--language", "nl", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"line": 1, "findings": [{"kind": "phone", "start": 4, "end": 15}]},
        {"line": 2, "findings": []},
        {"line": 3, "findings": []},
        {"line": 4, "findings": [{"kind": "email", "start": 2, "end": 17}]},
    ]


def test_the_text_is_never_printed_and_bytes_that_are_no_text_are_read_past(
    tmp_path: Path,
) -> None:
    done = screened(b"\xff Ring 07700 900123\x1b[2J\n", folder=tmp_path)

    assert json.loads(done.stdout) == {
        "line": 1,
        "findings": [{"kind": "phone", "start": 7, "end": 19}],
    }
    assert b"07700" not in done.stdout + done.stderr


def test_nothing_in_nothing_out(tmp_path: Path) -> None:
    done = screened(b"", folder=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
