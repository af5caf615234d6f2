"""What failed in other federations, 36 things, each with tests here that bear its number."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PEERS = "api/peers"
FAILURES: dict[int, tuple[str, ...]] = {
    1: (f"{PEERS}/test_what_crossed.py", f"{PEERS}/test_recalled_since_the_backup.py"),
    2: (f"{PEERS}/test_texts_between_nodes.py",),
    3: (f"{PEERS}/test_recalls_between_nodes.py",),
    4: (f"{PEERS}/test_feeds_that_prove_themselves.py", "federation/hostile/test_lies.py"),
    5: (f"{PEERS}/test_stolen_head_key.py", "federation/hostile/test_lies.py"),
    6: (f"{PEERS}/test_texts_between_nodes.py",),
    7: (f"{PEERS}/test_seen_elsewhere.py",),
    8: (f"{PEERS}/test_feeds_that_prove_themselves.py",),
    9: (f"{PEERS}/test_feeds_that_prove_themselves.py", "federation/hostile/test_lies.py"),
    10: (f"{PEERS}/test_pulling_feeds.py",),
    11: ("federation/feeds/test_appending_events.py",),
    12: (f"{PEERS}/test_pulling_feeds.py",),
    13: (f"{PEERS}/test_partners_that_are_away.py", "api/worker/test_failing_again.py"),
    14: (f"{PEERS}/test_partners_that_are_away.py", f"{PEERS}/test_away_for_a_season.py"),
    15: (f"{PEERS}/test_answers_that_are_no_nodes.py", f"{PEERS}/test_guarded_client.py"),
    16: (f"{PEERS}/test_pulling_feeds.py", f"{PEERS}/test_too_much_set_aside.py"),
    17: (
        "federation/chaos/test_even_seeds.py",
        "federation/chaos/test_odd_seeds.py",
    ),
    18: (f"{PEERS}/test_changed_keys.py",),
    19: ("federation/partners/test_keys_and_documents.py", "federation/hostile/test_lies.py"),
    20: (f"{PEERS}/test_seen_elsewhere.py", f"{PEERS}/test_stolen_head_key.py"),
    21: (f"{PEERS}/test_seen_elsewhere.py", f"{PEERS}/test_token_endpoint.py"),
    22: (f"{PEERS}/test_guarded_client.py",),
    23: (f"{PEERS}/test_guarded_client.py", f"{PEERS}/test_too_deep.py"),
    24: (f"{PEERS}/test_foreign_ids.py", f"{PEERS}/test_documents_that_do_not_fit.py"),
    25: ("federation/hostile/test_lies.py",),
    26: ("federation/hostile/test_lies.py", f"{PEERS}/test_token_endpoint.py"),
    27: ("federation/hostile/test_lies.py",),
    28: (f"{PEERS}/test_seen_elsewhere.py",),
    29: (f"{PEERS}/test_ended_and_joined_anew.py",),
    30: (f"{PEERS}/test_leaving.py", f"{PEERS}/test_partner_pages.py"),
    31: (f"{PEERS}/test_partner_pages.py", f"{PEERS}/test_partners_json.py"),
    32: (f"{PEERS}/test_ended_and_joined_anew.py",),
    33: ("api/feeds/test_feed_kinds.py",),
    34: ("api/feeds/test_what_a_subscriber_sees.py",),
    35: (f"{PEERS}/test_seen_elsewhere.py",),
    36: (f"{PEERS}/test_narrowing_and_quotas.py", f"{PEERS}/test_rates_of_partners.py"),
}


@pytest.mark.parametrize(("number", "file"), [(n, file) for n in FAILURES for file in FAILURES[n]])
def test_it_is_named_by_a_test(number: int, file: str) -> None:
    assert number in set().union(*map(numbers_of, named_in(file)))


def test_there_are_36() -> None:
    assert list(FAILURES) == list(range(1, 37))


def named_in(file: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    found = ast.parse((TESTS / file).read_text()).body
    return [
        one
        for one in found
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name.startswith("test_")
    ]


def numbers_of(test: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    """Read the numbers with which a test's name begins, and the one that its first line names."""
    numbers: set[int] = set()
    for word in test.name.split("_")[1:]:
        if not word.isdecimal():
            break
        numbers.add(int(word))
    said = (ast.get_docstring(test) or "").split()
    if said[:1] == ["Failure"]:
        numbers.add(int(said[1]))
    return numbers
