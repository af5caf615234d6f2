"""Vectors of leaving: a node's word that it ends a relationship."""

from datetime import timedelta
from typing import Any

from federation.partners.rules.document import Role
from federation.relations.leaving.rules import PURPOSE
from tests.specification.example_nodes import NOW, jwk, node_of
from tests.specification.feeds import head, place, signed
from tests.specification.vectors import Group, Vector, bad, good, variants

NORTH, SOUTH = node_of("north"), node_of("south")
SAID: dict[str, Any] = {
    "node": NORTH.node_id,
    "to": SOUTH.node_id,
    "at": NOW.isoformat(),
    "claims_until": None,
}
BACK = ["01940000-0000-7000-8000-00000000012d", "01940000-0000-7000-8000-00000000012e"]
HANDED = {NORTH.node_id: "a.signed.document", SOUTH.node_id: "another.signed.document"}
ENDS: dict[str, Any] = {"said": [signed(head(3))], "heard": [place(2)]}


def groups() -> list[Group]:
    return [Group(check="leave", section="leaving", vectors=_words())]


def _word(by: Role = "transport", purpose: str = PURPOSE, **changes: Any) -> str:
    return NORTH.keys.sign(by, SAID | changes, purpose=purpose)


def _words() -> list[Vector]:
    given = {
        "statement": _word(),
        "keys": [jwk("north transport")],
        "to": SOUTH.node_id,
        "now": NOW.isoformat(),
    }
    until = (NOW + timedelta(days=7)).isoformat()
    return [
        good("all claims stay", given, SAID),
        good(
            "claims are kept for a week",
            given | {"statement": _word(claims_until=until)},
            SAID | {"claims_until": until},
        ),
        good(
            "two seats were given back since",
            given | {"statement": _word(given_back=BACK)},
            SAID | {"given_back": BACK},
        ),
        good(
            "where the feeds of both ended",
            given | {"statement": _word(**ENDS)},
            SAID | ENDS,
        ),
        good(
            "a pool was handed over that the other has not read of",
            given | {"statement": _word(handed=[HANDED])},
            SAID | {"handed": [HANDED]},
        ),
        good("long ago", given | {"now": (NOW + timedelta(days=29)).isoformat()}, SAID),
        bad("to another node", given | {"to": NORTH.node_id}, "bad-signature"),
        *variants(
            given,
            "bad-signature",
            from_more_than_five_minutes_later={
                "statement": _word(at=(NOW + timedelta(minutes=5, seconds=1)).isoformat())
            },
            signed_by_a_key_for_heads={"statement": _word(by="head")},
            signed_for_another_purpose={"statement": _word(purpose="netreach-join+jws")},
            by_a_key_that_is_not_in_force={"keys": [jwk("north release")]},
        ),
    ]
