import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import netreach_client
from tests.netreach_client.conftest import TOKEN, Run
from tests.netreach_client.loopback import Answer, good, peer, problem

SEAT = "01936d6e-0000-7000-8000-000000000002"
CLAIM = "01936d6e-0000-7000-8000-000000000003"
SHIFT = "01936d6e-0000-7000-8000-000000000004"
ME = {
    "project": "north",
    "roles": ["worker"],
    "handles": [{"pool": "night", "handle": "Wren"}],
}
POOLS = {
    "items": [
        {"id": SHIFT, "slug": "night", "name": "Night", "zone": "Europe/London", "host": None}
    ],
    "next": None,
}
SHIFTS: dict[str, Any] = {
    "items": [
        {
            "id": SHIFT,
            "channel": "live-chat",
            "start": "2027-06-15T18:00:00+00:00",
            "end": "2027-06-15T20:00:00+00:00",
            "zone": "Europe/London",
            "briefing_minutes": 15,
            "debrief_minutes": 15,
            "languages": ["en", "ro"],
            "theme": "tax\x1b[2J",
            "open": False,
            "seats": [
                {"id": SEAT, "role": "lead", "state": "open", "holder": None},
                {
                    "id": CLAIM,
                    "role": "second",
                    "state": "held",
                    "holder": {"handle": "Robin", "project": "south"},
                },
            ],
        }
    ],
    "next": None,
}


def claim(state: str, **more: object) -> dict[str, object]:
    return {"id": CLAIM, "seat": SEAT, "state": state, "answer_by": None, "reasons": [], **more}


def test_login_keeps_what_works(run: Run, tmp_path: Path) -> None:
    with peer(good(ME)) as node:
        result = run("login", node.url, typed=f"{TOKEN}\n")
        assert result.output == "Signed in: project north, worker; Wren in night.\n"
        kept = json.loads((tmp_path / "config/netreach/sign-in.json").read_text())
        assert kept == {"url": node.url, "token": TOKEN}
        assert run("release", CLAIM).exit_code == 0
    assert [asked.headers["Authorization"] for asked in node.asked] == [f"Bearer {TOKEN}"] * 2
    assert run("logout").output == "The token is forgotten here.\n"
    assert run("release", CLAIM).exit_code == 1


def test_login_keeps_nothing_that_does_not_work(run: Run, tmp_path: Path) -> None:
    refused = problem(401, "sign-in-needed", "The token is not known here.")
    with peer(refused) as node:
        result = run("login", node.url, typed=f"{TOKEN}\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The token is not known here.\n"
    assert not (tmp_path / "config").exists()


def test_login_takes_no_token_from_the_command_line(run: Run) -> None:
    assert run("login", "https://node.example.org", TOKEN).exit_code == 2
    assert run("login", "https://node.example.org", "--token", TOKEN).exit_code == 2


def test_shifts_of_all_pools_are_listed_in_their_zone(run: Run) -> None:
    with peer(good(POOLS), good(SHIFTS)) as node:
        result = run("shifts", "--from", "2027-06-14", "--until", "2027-06-21T00:00Z", at=node.url)
    assert result.stdout == (
        "night: 1 shifts\n"
        "  Tue 15 Jun 2027 19:00-21:00 BST  live-chat  en, ro  tax [2J  not staffed yet\n"
        f"      {SEAT}  lead        open\n"
        f"      {CLAIM}  second      held  Robin (south)\n"
    )
    assert [asked.path for asked in node.asked] == [
        "/api/v1/pools",
        "/api/v1/pools/night/shifts?from=2027-06-14&until=2027-06-21T00%3A00%3A00%2B00%3A00",
    ]


def test_shifts_of_one_pool_for_programs(run: Run) -> None:
    with peer(good(SHIFTS)) as node:
        result = run("shifts", "--pool", "night/../x", "--json", at=node.url)
    printed = json.loads(result.stdout)
    assert printed["items"][0]["pool"] == "night/../x"
    assert printed["items"][0]["seats"] == SHIFTS["items"][0]["seats"]
    assert node.asked[0].path == "/api/v1/pools/night%2F..%2Fx/shifts"


def test_seat_is_claimed(run: Run) -> None:
    with peer(good(claim("held"), 201)) as node:
        result = run("claim", SEAT, at=node.url)
    assert result.output == f"The seat is yours. To give it back: netreach release {CLAIM}\n"
    assert result.exit_code == 0
    assert node.asked[0].path == f"/api/v1/seats/{SEAT}/claims"


def test_seat_is_requested_of_another_node(run: Run) -> None:
    requested = claim("requested", answer_by="2027-06-15T16:45:00Z")
    with peer(good(requested, 202)) as node:
        result = run("claim", SEAT, at=node.url)
    assert result.output == (
        "The seat is requested; the pool's node answers by Tue 15 Jun 16:45 UTC."
        f" To withdraw: netreach release {CLAIM}\n"
    )
    assert result.exit_code == 0


def test_waiting_ends_with_the_answer(run: Run) -> None:
    with peer(good(claim("requested"), 202), good(claim("held"))) as node:
        result = run("claim", SEAT, "--wait", "--json", at=node.url)
    assert (result.exit_code, json.loads(result.stdout)["state"]) == (0, "held")
    assert [asked.path for asked in node.asked] == [
        f"/api/v1/seats/{SEAT}/claims",
        f"/api/v1/claims/{CLAIM}",
    ]


def test_waiting_ends_with_patience(run: Run) -> None:
    with peer(good(claim("requested"), 202)) as node:
        result = run("claim", SEAT, "--wait", "--patience", "0.05", at=node.url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("The seat is requested; the pool's node answers.")


@pytest.mark.parametrize(
    "answer",
    [
        problem(
            422, "refused", "The seat was refused.", reasons=[{"code": "r", "text": "No rest."}]
        ),
        good(claim("refused", reasons=[{"code": "r", "text": "No rest."}])),
    ],
    ids=["at home", "by the host"],
)
def test_refusal_gives_its_reasons(run: Run, answer: Answer) -> None:
    with peer(answer) as node:
        result = run("claim", SEAT, at=node.url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The seat was refused.\n  - No rest.\n"


def test_lost_answer_says_how_to_ask_again(run: Run) -> None:
    with peer(Answer(hang_up=True)) as node:
        result = run("claim", SEAT, "--key", "mine", at=node.url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("is unknown; ask again with --key mine\n")


def test_calendar_prints_only_its_address(run: Run) -> None:
    made = {"id": CLAIM, "label": "phone", "url": "https://north.example.org/calendar/s.ics"}
    with peer(good(made, 201)) as node:
        result = run("calendar", "--label", "phone", at=node.url)
    assert result.stdout == "https://north.example.org/calendar/s.ics\n"
    assert f"netreach calendar --revoke {CLAIM}" in result.stderr
    assert json.loads(node.asked[0].body) == {"label": "phone", "title": None}


def test_calendars_are_listed_and_stopped(run: Run) -> None:
    each = {"id": CLAIM, "label": "phone", "made_at": "2027-06-01T10:00:00Z", "last_used_on": None}
    with peer(good({"items": [each], "next": None}), Answer(204)) as node:
        listed = run("calendar", "--list", at=node.url)
        stopped = run("calendar", "--revoke", CLAIM, at=node.url)
    assert listed.output == f"{CLAIM}  phone  made 2027-06-01, not used yet\n"
    assert stopped.output == "That address has stopped.\n"
    assert (node.asked[1].method, node.asked[1].path) == ("DELETE", f"/api/v1/calendars/{CLAIM}")


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["claim"],
        ["claim", "7"],
        ["claim", "../../me"],
        ["release", "x"],
        ["shifts", "--from", "tuesday"],
        ["shifts", "--from", "2027-06-14T10:00"],
        ["calendar", "--revoke", "x"],
    ],
)
def test_wrong_usage_is_2_and_calls_nobody(run: Run, words: list[str]) -> None:
    with peer(good(ME)) as node:
        result = run(*words, at=node.url)
    assert (result.exit_code, result.stdout, node.asked) == (2, "", [])


@pytest.mark.parametrize(
    "words", [["shifts"], ["claim", SEAT], ["release", CLAIM], ["calendar"]], ids=lambda w: w[0]
)
def test_not_signed_in_is_one_sentence(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "You are not signed in. Run netreach login, or set NETREACH_URL and NETREACH_TOKEN.\n"
    )


@pytest.mark.parametrize("answer", [Answer(500), Answer(200, b"<"), problem(403, "x", "No.")])
def test_nothing_shows_a_traceback_or_the_token(run: Run, answer: Answer) -> None:
    with peer(answer) as node:
        for words in (["shifts"], ["claim", SEAT], ["release", CLAIM], ["calendar", "--list"]):
            result = run(*words, at=node.url)
            if answer.status != 200 or words[0] != "release":
                assert (result.exit_code, result.stdout) == (1, "")
                assert result.stderr.count("\n") == 1
            assert TOKEN not in result.output
            assert "Traceback" not in result.output


def test_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    with peer(good(ME)) as node:
        result = run("login", node.url, typed=TOKEN)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{tmp_path}/config/netreach: Not a directory.\n"


def python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env={"PYTHONPATH": str(Path(netreach_client.__file__).parents[1]), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_program_itself_ends_in_one_sentence() -> None:
    with peer(good(ME)) as node:
        url = node.url
    done = python("-m", "netreach_client", "shifts", NETREACH_URL=url, NETREACH_TOKEN=TOKEN)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "127.0.0.1 cannot be reached. Is the address right, and is the network up?\n"
    )


def test_what_nobody_foresaw_is_one_sentence_too() -> None:
    line = """
from netreach_client.cli import main, netreach

@netreach.command()
def stumble():
    raise LookupError("what is private")

main()
"""
    done = python("-c", line, "stumble")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "This is a fault of netreach itself (LookupError). Please tell us.\n"


def test_program_imports_nothing_of_the_server() -> None:
    ours = "api database federation protocols rota sqlalchemy"
    line = f"import sys, netreach_client.cli; print(set('{ours}'.split()) & set(sys.modules))"
    assert python("-c", line).stdout == "set()\n"
