import json
from pathlib import Path
from typing import Any

from tests.netreach_client.conftest import Run
from tests.netreach_client.loopback import Answer, good, peer, problem

ITEM = "01936d6e-0000-7000-8000-000000000001"
REPORT: dict[str, Any] = {
    "tool": "chatwoot",
    "file_name": "chatwoot-requests.json",
    "compared": False,
    "entries": [
        {
            "item": ITEM,
            "language": "en",
            "title": "Free test",
            "key": "free-test-en",
            "fate": fate,
            "remarks": remarks,
        }
        for fate, remarks in (
            ("create", [{"code": "fill-by-hand", "text": "Fill it.\x1b[2J"}]),
            ("conflict", []),
        )
    ],
    "left": [
        {
            "item": ITEM,
            "language": "nl",
            "title": "Gratis test",
            "reason": {"code": "stale-translation", "text": "Bring it up to date."},
        }
    ],
    "remove": [{"key": "old-en", "id": "7"}],
    "notes": ["Chatwoot keeps no keywords."],
}


def test_the_file_is_written_and_everything_to_know_is_told(run: Run, tmp_path: Path) -> None:
    out, holds = tmp_path / "out.json", tmp_path / "holds.json"
    holds.write_bytes(b"\xef\xbb\xbf[]")
    with peer(good(REPORT), Answer(body=b'{"requests": []}')) as node:
        words = ("answers", "export", "--to", "chatwoot", "--out", str(out), "--holds", str(holds))
        result = run(*words, "--ours", "free-test-en", at=node.url)

    assert (result.exit_code, result.stdout) == (0, f"{out}: 1 entries\n")
    assert result.stderr.splitlines() == [
        "Note: Chatwoot keeps no keywords.",
        (
            "Note: what was edited in the tool is not known, so what went out before stays out;"
            " give the tool's own export with --holds, or --again to write over it."
        ),
        "Free test (en): Fill it. [2J",
        (
            "Free test (en): changed here and in the tool, left out (as it is here: --ours"
            " free-test-en)."
        ),
        "Gratis test (nl) stays out: Bring it up to date.",
        "Take out of the tool by hand: old-en",
    ]
    assert out.read_bytes() == b'{"requests": []}'
    assert [(one.method, one.path) for one in node.asked] == [
        ("POST", "/api/v1/answer-exports/chatwoot/preview"),
        ("POST", "/api/v1/answer-exports/chatwoot"),
    ]
    assert [json.loads(one.body) for one in node.asked] == 2 * [
        {"holds": "[]", "ours": ["free-test-en"]}
    ]


def test_a_refusal_leaves_what_was_there(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    with peer(problem(403, "not-allowed", "Your roles do not allow this.")) as node:
        result = run("answers", "export", "--to", "zammad", "--out", str(out), at=node.url)

    assert (result.exit_code, out.read_text()) == (1, "before")
    assert result.stderr == "Your roles do not allow this.\n"


def test_a_tool_that_nobody_knows_and_a_file_that_is_no_text_are_told(
    run: Run, tmp_path: Path
) -> None:
    holds = tmp_path / "holds.csv"
    holds.write_bytes(b"\xff\xfe")
    with peer(good(REPORT)) as node:
        start = ("answers", "export", "--out", str(tmp_path / "out"), "--to")
        unknown = run(*start, "smoke-signals", at=node.url)
        odd = run(*start, "zammad", "--holds", str(holds), at=node.url)

    assert unknown.exit_code == 2
    assert (odd.exit_code, odd.stderr) == (1, f"{holds} is not UTF-8 text.\n")
    assert node.asked == []
