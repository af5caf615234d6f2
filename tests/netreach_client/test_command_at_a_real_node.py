import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from click.testing import Result

from netreach_client import Claim, Client, Holder, NotFoundError, Seat, SeatTakenError
from tests.netreach_client.conftest import MONDAY, LiveNode, Person, Run

As = Callable[..., Result]
WEEK = ("--from", "2090-06-12", "--until", "2090-06-19T00:00:00Z")


@pytest.fixture
def as_(run: Run, live_node: LiveNode) -> As:
    def as_(who: Person, *words: str) -> Result:
        result = run(*words, at=live_node.url, token=who.token)
        assert who.token not in result.output
        return result

    return as_


@pytest.fixture
def wren(live_node: LiveNode) -> Iterator[Client]:
    with Client(live_node.url, live_node.wren.token) as client:
        yield client


def seats(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0
    items = json.loads(result.stdout)["items"]
    return {seat["id"]: seat for shift in items for seat in shift["seats"]}


def claim_id(result: Result) -> str:
    assert (result.exit_code, result.stderr) == (0, "")
    sentence, identifier = result.stdout.strip().rsplit(" ", 1)
    assert sentence == "The seat is yours. To give it back: netreach release"
    return str(UUID(identifier))


def test_worker_signs_in_by_login(run: Run, live_node: LiveNode) -> None:
    result = run("login", live_node.url, typed=f"{live_node.wren.token}\n")
    assert result.stdout.startswith(f"Signed in: project {live_node.project}, worker")
    assert (result.exit_code, result.stderr) == (0, "")
    assert run("shifts", *WEEK).stdout.startswith(f"{live_node.pool}: 2 shifts\n")


def test_unknown_token_is_told_so(run: Run, live_node: LiveNode, tmp_path: Path) -> None:
    result = run("login", live_node.url, typed="unknown\n")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Please sign in. Your coordinator can give you a sign-in link.\n"
    assert not (tmp_path / "config").exists()


def test_shifts_are_read_as_they_are(live_node: LiveNode, wren: Client) -> None:
    assert [pool.slug for pool in wren.pools()] == [live_node.pool]
    shift, _ = wren.shifts(live_node.pool, start=MONDAY, until=MONDAY.replace(day=13))
    assert (shift.id, shift.start, shift.end, shift.open) == (
        live_node.shift,
        MONDAY.replace(hour=18),
        MONDAY.replace(hour=20),
        False,
    )
    assert shift.seats == [Seat(live_node.first, "lead", "open")]
    tuesday = MONDAY.replace(day=13)
    assert wren.shifts(live_node.pool, start=tuesday, until=date(2090, 6, 14)) == []


def test_seat_is_claimed_and_given_back(as_: As, live_node: LiveNode) -> None:
    wren, seat = live_node.wren, str(live_node.first)
    claim = claim_id(as_(wren, "claim", seat))
    assert seats(as_(wren, "shifts", "--json", *WEEK))[seat] == {
        "id": seat,
        "role": "lead",
        "state": "held",
        "holder": {"handle": wren.handle, "project": live_node.project},
    }
    assert as_(wren, "release", claim).output == "The seat is given back.\n"
    assert seats(as_(wren, "shifts", "--json", *WEEK))[seat]["state"] == "open"
    assert as_(wren, "release", claim).exit_code == 0
    claim_id(as_(live_node.robin, "claim", seat))


def test_repeated_key_makes_one_claim(as_: As, live_node: LiveNode) -> None:
    wren, first, second = live_node.wren, str(live_node.first), str(live_node.second)
    once, twice = (as_(wren, "claim", first, "--key", "mine") for _ in range(2))
    assert claim_id(once) == claim_id(twice)
    other = as_(wren, "claim", second, "--key", "mine")
    assert (other.exit_code, other.stdout) == (1, "")
    assert "Use a new key" in other.stderr


def test_taken_seat_is_refused(as_: As, live_node: LiveNode) -> None:
    claim_id(as_(live_node.wren, "claim", str(live_node.first)))
    refused = as_(live_node.robin, "claim", str(live_node.first))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "Somebody else has this seat. Please look for another open one.\n"
    with (
        Client(live_node.url, live_node.robin.token) as robin,
        pytest.raises(SeatTakenError, match="Somebody else"),
    ):
        robin.claim_seat(live_node.first)


def test_rule_gives_its_reasons(as_: As, live_node: LiveNode) -> None:
    claim_id(as_(live_node.wren, "claim", str(live_node.first)))
    refused = as_(live_node.wren, "claim", str(live_node.second))
    assert (refused.exit_code, refused.stdout) == (1, "")
    sentence, *reasons = refused.stderr.splitlines()
    assert sentence == "You cannot take this seat."
    assert "  - Another shift is booked in this time, meetings included." in reasons


def test_claim_is_looked_up(live_node: LiveNode, wren: Client) -> None:
    made = wren.claim_seat(live_node.first)
    assert made == Claim(made.id, live_node.first, "held")
    assert wren.claim(made.id) == made
    (shift, _) = wren.shifts(live_node.pool, start=MONDAY, until=MONDAY.replace(day=13))
    assert shift.seats[0].holder == Holder(live_node.wren.handle, live_node.project)
    wren.release_claim(made.id)
    assert wren.claim(made.id).state == "released"


def test_stranger_learns_and_changes_nothing(as_: As, live_node: LiveNode, wren: Client) -> None:
    made = wren.claim_seat(live_node.first)
    for words in (
        ["shifts", "--pool", live_node.pool],
        ["claim", str(live_node.second)],
        ["release", str(made.id)],
    ):
        refused = as_(live_node.stranger, *words)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr == "There is nothing here, or it is not yours to see.\n"
    assert wren.claim(made.id).state == "held"


def test_read_only_token_changes_nothing(as_: As, live_node: LiveNode) -> None:
    for words in (["claim", str(live_node.first)], ["calendar"]):
        refused = as_(live_node.reader, *words)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr == "This token may only read. Make one with the scope write.\n"
    assert (
        seats(as_(live_node.reader, "shifts", "--json", *WEEK))[str(live_node.first)]["state"]
        == "open"
    )


def test_calendar_address_lives_until_it_is_stopped(as_: As, live_node: LiveNode) -> None:
    made = as_(live_node.wren, "calendar", "--label", "old phone", "--title", "Yoga")
    url = made.stdout.strip()
    assert url.startswith(f"{live_node.url}/calendar/")
    feed = httpx2.get(url)
    assert (feed.status_code, feed.text[:15]) == (200, "BEGIN:VCALENDAR")
    listed = as_(live_node.wren, "calendar", "--list").stdout
    identifier = listed.split()[0]
    assert "  old phone  made " in listed
    assert as_(live_node.robin, "calendar", "--list").stdout == ""
    assert as_(live_node.robin, "calendar", "--revoke", identifier).exit_code == 1
    assert httpx2.get(url).text == feed.text
    assert as_(live_node.wren, "calendar", "--revoke", identifier).exit_code == 0
    assert as_(live_node.wren, "calendar", "--list").stdout == ""


def test_nothing_is_there(wren: Client) -> None:
    with pytest.raises(NotFoundError):
        wren.claim(uuid4())
    with pytest.raises(NotFoundError):
        wren.release_claim(uuid4())
    with pytest.raises(NotFoundError):
        wren.revoke_calendar(uuid4())
