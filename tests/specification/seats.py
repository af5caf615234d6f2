"""Vectors of seats: a host's receipt, word for word, and what a home refuses."""

from typing import Any

from federation.partners.rules.canonical import canonical
from federation.partners.rules.signatures import sign
from tests.specification.example_nodes import NOW, handle_id, ident, jwk, key
from tests.specification.vectors import Group, Vector, bad, good, variants

PURPOSE = "netreach-receipt+jws"
CLAIM = {"claim": str(ident(301)), "seat": str(ident(201)), "handle": str(handle_id(1))}
SAID = {"kind": "claim-receipt", **CLAIM, "state": "held", "at": NOW.isoformat()}


def groups() -> list[Group]:
    return [
        Group(check="receipt-written", section="receipts", vectors=_written()),
        Group(check="receipt", section="receipts", vectors=_read()),
    ]


def receipt(by: str = "north head", purpose: str = PURPOSE, **changes: Any) -> str:
    return sign(canonical(SAID | changes), key(by), purpose)


def _written() -> list[Vector]:
    return [good("a claim that is held", {"claim": CLAIM, "now": NOW.isoformat()}, receipt())]


def _read() -> list[Vector]:
    given = {"receipt": receipt(), "claim": CLAIM, "keys": [jwk("north head")]}
    replaced = [jwk("north head 2"), jwk("north head")]
    return [
        good("the host's word on this claim", given, SAID),
        good("signed by a head key that was replaced since", given | {"keys": replaced}, SAID),
        good("with more in it", given | {"receipt": receipt(term=1)}, SAID | {"term": 1}),
        *variants(
            given,
            "bad-receipt",
            of_another_claim={"receipt": receipt(claim=str(ident(302)))},
            of_another_seat={"receipt": receipt(seat=str(ident(202)))},
            of_another_handle={"receipt": receipt(handle=str(handle_id(2)))},
            that_something_else_is_so={"receipt": receipt(state="released")},
            of_another_kind={"receipt": receipt(kind="offer-receipt")},
        ),
        *variants(
            given,
            "bad-signature",
            signed_by_another_node={"receipt": receipt(by="stranger head")},
            signed_by_another_role={"receipt": receipt(by="north transport")},
            signed_as_a_head={"receipt": receipt(purpose="netreach-head+jws")},
            signed_by_a_key_that_was_lost={"keys": [jwk("north head 2")]},
            no_receipt={"receipt": ""},
        ),
        bad("a receipt that says something twice", given | {"receipt": _twice()}, "not-canonical"),
    ]


def _twice() -> str:
    raw = canonical(SAID).replace(b'"state":"held"', b'"state":"held","state":"held"')
    return sign(raw, key("north head"), PURPOSE)
