import gzip
import time
from collections.abc import Callable
from uuid import UUID

import pytest

from netreach_client import (
    AddressError,
    AnswerError,
    AnswerTooLargeError,
    Claim,
    Client,
    Limits,
    Me,
    NetreachError,
    NoAnswerError,
    NodeBusyError,
    NodeFailedError,
    NotAllowedError,
    NotFoundError,
    PoolHandle,
    Reason,
    RefusedError,
    RuleRefusedError,
    SeatTakenError,
    SignInError,
    SignInRefusedError,
    TooManyRequestsError,
    TooSlowError,
)
from tests.netreach_client.loopback import Answer, good, peer, problem

TOKEN = "a-token-of-the-tests"
SEAT = UUID("01936d6e-0000-7000-8000-000000000002")
CLAIM = UUID("01936d6e-0000-7000-8000-000000000003")
ME = {"project": "north", "roles": ["worker"], "handles": [{"pool": "night", "handle": "Wren"}]}
HELD: dict[str, object] = {
    "id": str(CLAIM),
    "seat": str(SEAT),
    "state": "held",
    "answer_by": None,
    "reasons": [],
}
QUICK = Limits(first_wait=0.01, silence_seconds=0.3, answer_seconds=0.5, answer_bytes=1000)


def test_answer_is_read_and_newer_fields_are_ignored() -> None:
    with peer(good({**ME, "newer": {"field": 1}})) as node, Client(node.url, TOKEN) as client:
        assert client.me() == Me("north", ["worker"], [PoolHandle("night", "Wren")])
    assert [(asked.method, asked.path) for asked in node.asked] == [("GET", "/api/v1/me")]
    assert node.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert node.asked[0].headers["Accept-Encoding"] == "identity"


def test_prefix_of_the_address_is_kept() -> None:
    with peer(good(ME)) as node, Client(f"{node.url}/netreach/", TOKEN) as client:
        client.me()
    assert node.asked[0].path == "/netreach/api/v1/me"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "bad", RefusedError),
        (401, "sign-in", SignInRefusedError),
        (403, "not-allowed", NotAllowedError),
        (404, "not-found", NotFoundError),
        (409, "seat-taken", SeatTakenError),
        (409, "other", RefusedError),
        (422, "refused", RuleRefusedError),
        (500, "internal", NodeFailedError),
    ],
)
def test_each_refusal_has_its_class(status: int, code: str, kind: type[RefusedError]) -> None:
    reasons = [{"code": "rest", "text": "You need 11 hours of rest."}]
    answer = problem(status, code, "This cannot be done.", reasons=reasons)
    with peer(answer) as node, Client(node.url, TOKEN) as client:
        with pytest.raises(RefusedError) as caught:
            client.claim_seat(SEAT)
        assert len(node.asked) == 1
    error = caught.value
    assert (type(error), error.status, error.code) == (kind, status, code)
    assert str(error) == error.title == "This cannot be done."
    assert error.reasons == (Reason("rest", "You need 11 hours of rest."),)


def test_refusal_of_something_else_than_a_node_still_reads_well() -> None:
    with (
        peer(Answer(404, b"<html>no such page")) as node,
        Client(node.url, TOKEN) as client,
        pytest.raises(NotFoundError) as caught,
    ):
        client.me()
    assert str(caught.value) == "The address answered 404 (Not Found), without saying why."


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>"),
        Answer(200, b"\xff\xfe"),
        good({"project": 7}),
        Answer(302, b"", {"Location": "https://elsewhere.example"}),
        Answer(200, gzip.compress(b"{}"), {"Content-Encoding": "gzip"}),
    ],
    ids=["html", "no utf-8", "other shape", "redirect", "compressed"],
)
def test_answer_of_something_else_is_not_taken_for_a_node(answer: Answer) -> None:
    with peer(answer) as node, Client(node.url, TOKEN, limits=QUICK) as client:
        with pytest.raises(AnswerError):
            client.me()
        assert len(node.asked) == 1


def test_answer_is_cut_off_at_the_cap() -> None:
    with (
        peer(Answer(200, b"x" * 1001)) as node,
        Client(node.url, TOKEN, limits=QUICK) as client,
        pytest.raises(AnswerTooLargeError, match="larger than 1000 bytes"),
    ):
        client.me()


def test_dripping_answer_ends_at_the_time_limit() -> None:
    limits = Limits(first_wait=0.01, silence_seconds=5, answer_seconds=0.3, attempts=1)
    with (
        peer(Answer(200, b"x", drip=True)) as node,
        Client(node.url, TOKEN, limits=limits) as client,
    ):
        began = time.monotonic()
        with pytest.raises(TooSlowError):
            client.me()
        assert time.monotonic() - began < 3


def test_silent_node_is_given_up() -> None:
    limits = Limits(first_wait=0.01, silence_seconds=0.1, attempts=2)
    with peer(Answer(silent=True)) as node, Client(node.url, TOKEN, limits=limits) as client:
        with pytest.raises(TooSlowError):
            client.me()
        assert len(node.asked) == 2


def test_claim_is_repeated_under_one_key() -> None:
    lost, busy = Answer(hang_up=True), problem(503, "busy", "Busy.")
    with peer(lost, busy, good(HELD, 201)) as node, Client(node.url, TOKEN, limits=QUICK) as client:
        assert client.claim_seat(SEAT) == Claim(CLAIM, SEAT, "held")
    keys = {asked.headers["Idempotency-Key"] for asked in node.asked}
    assert (len(node.asked), len(keys)) == (3, 1)
    assert {asked.body for asked in node.asked} == {b""}


def test_two_claims_have_two_keys_unless_the_caller_keeps_one() -> None:
    with peer(good(HELD, 201)) as node, Client(node.url, TOKEN) as client:
        for key in (None, None, "mine", "mine"):
            client.claim_seat(SEAT, worker="Wren", key=key)
    keys = [asked.headers["Idempotency-Key"] for asked in node.asked]
    assert len(set(keys)) == 3
    assert keys[2:] == ["mine", "mine"]
    assert node.asked[0].body == b'{"worker":"Wren"}'


def test_what_cannot_be_known_again_is_not_repeated() -> None:
    with peer(Answer(hang_up=True)) as node, Client(node.url, TOKEN, limits=QUICK) as client:
        with pytest.raises(NoAnswerError):
            client.make_calendar("phone")
        assert len(node.asked) == 1


def test_seat_that_was_given_back_by_a_lost_attempt_is_given_back() -> None:
    over = problem(409, "claim-over", "This claim has ended already.")
    stands = good({**HELD, "state": "released"})
    with (
        peer(Answer(hang_up=True), over, stands) as node,
        Client(node.url, TOKEN, limits=QUICK) as client,
    ):
        client.release_claim(CLAIM)
    assert [asked.method for asked in node.asked] == ["DELETE", "DELETE", "GET"]


def test_seat_that_was_lost_otherwise_cannot_be_given_back() -> None:
    over = problem(409, "claim-over", "This claim has ended already.")
    with (
        peer(over, good({**HELD, "state": "lapsed"})) as node,
        Client(node.url, TOKEN) as client,
        pytest.raises(RefusedError, match="This claim has ended already"),
    ):
        client.release_claim(CLAIM)


def test_address_that_was_stopped_by_a_lost_attempt_is_stopped() -> None:
    gone = problem(404, "not-found", "There is nothing here.")
    with peer(Answer(hang_up=True), gone) as node, Client(node.url, TOKEN, limits=QUICK) as client:
        client.revoke_calendar(CLAIM)
        with pytest.raises(NotFoundError):
            client.revoke_calendar(CLAIM)
    assert len(node.asked) == 3


def test_attempts_end() -> None:
    with (
        peer(problem(503, "busy", "Busy.")) as node,
        Client(node.url, TOKEN, limits=QUICK) as client,
    ):
        with pytest.raises(NodeBusyError):
            client.release_claim(CLAIM)
        assert len(node.asked) == 3


def test_node_says_how_long_to_wait() -> None:
    soon = Answer(429, b'{"title": "Later."}', {"Retry-After": "0"})
    with (
        peer(soon, good(ME)) as node,
        Client(node.url, TOKEN, limits=Limits(first_wait=60)) as client,
    ):
        assert client.me().project == "north"


def test_long_wait_is_left_to_the_caller() -> None:
    answer = Answer(429, b'{"title": "Later."}', {"Retry-After": "600"})
    with peer(answer) as node, Client(node.url, TOKEN, limits=QUICK) as client:
        with pytest.raises(TooManyRequestsError) as caught:
            client.me()
        assert (len(node.asked), caught.value.ask_again_after) == (1, 600)


def test_list_is_followed_to_its_end() -> None:
    def page(number: int, cursor: str | None) -> Answer:
        item = {"id": str(SEAT), "slug": f"p{number}", "name": "", "zone": "UTC", "host": None}
        return good({"items": [item], "next": cursor})

    with peer(page(1, "two"), page(2, None)) as node, Client(node.url, TOKEN) as client:
        assert [pool.slug for pool in client.pools()] == ["p1", "p2"]
    assert [asked.path for asked in node.asked] == ["/api/v1/pools", "/api/v1/pools?cursor=two"]


def test_list_without_end_is_refused() -> None:
    answer = good({"items": [], "next": "same"})
    with peer(answer) as node, Client(node.url, TOKEN) as client:
        with pytest.raises(AnswerError, match="does not end"):
            client.pools()
        assert len(node.asked) == 2


def test_nobody_listens() -> None:
    with peer(good(ME)) as node:
        url = node.url
    with Client(url, TOKEN, limits=QUICK) as client, pytest.raises(NoAnswerError) as caught:
        client.me()
    assert str(caught.value) == (
        "127.0.0.1 cannot be reached. Is the address right, and is the network up?"
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "node.example.org",
        "http://node.example.org",
        "http://127.0.0.1.example.org",
        "ftp://node.example.org",
        "https://user:secret@node.example.org",
        "https://node.example.org/?x=1",
        "https://node.example.org:x",
        "https://\x00",
    ],
)
def test_unsafe_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        Client(address, TOKEN)


@pytest.mark.parametrize(
    "address",
    ["https://node.example.org", "http://localhost:1", "http://[::1]:8000", "http://127.0.0.2"],
)
def test_safe_address_is_taken(address: str) -> None:
    Client(address, TOKEN).close()


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "naïve"])
def test_impossible_token_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(SignInError) as caught:
        Client("https://node.example.org", token)
    assert str(caught.value) == "The token is empty or holds characters that no token has."


@pytest.mark.parametrize("call", [lambda client: client.me(), repr, str])
def test_token_is_in_no_text(call: Callable[[Client], object]) -> None:
    with peer(Answer(500)) as node, Client(node.url, TOKEN) as client:
        try:
            said = str(call(client))
        except NetreachError as error:
            said = repr(error) + str(error.__cause__)
    assert TOKEN not in said
