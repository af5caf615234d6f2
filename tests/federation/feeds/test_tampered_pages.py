"""Whatever is changed in a signed head, or in an event of its page, is refused by its name."""

from typing import Any

import msgspec
import pytest

from federation.feeds.errors import FeedTrouble, Fork, Gap, WrongHead
from federation.feeds.rules import heads
from federation.feeds.rules.chain import WireEvent
from federation.partners.keys import NodeKeys
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import text_of
from federation.partners.rules.signatures import public_part
from tests.federation.feeds.test_proving_pages import (
    EVENTS,
    HASHES,
    NOW,
    START,
    head,
    keys,
    page,
    signed,
)
from tests.tampering import altered

__all__ = ["keys"]


def test_every_field_of_a_head_is_held(keys: NodeKeys) -> None:
    pinned = [public_part(keys.by_role["head"])]
    header, _, signature = signed(keys, head(3, 3, HASHES[3])).split(".")
    said: dict[str, Any] = msgspec.to_builtins(head(3, 3, HASHES[3]))
    tried = []
    for name, forged in altered(said):
        statement = f"{header}.{text_of(canonical(forged))}.{signature}"
        with pytest.raises(WrongHead):
            heads.read_head(statement, pinned, START, now=NOW)
        tried.append(name)

    assert {"feed", "epoch", "seq", "hash", "last", "recalls_hash", "at", "expires"} <= {*tried}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_field_of_an_event_is_held(place: int) -> None:
    for name, forged in altered(msgspec.to_builtins(EVENTS[place])):
        if name.startswith("without"):
            continue
        events = [*EVENTS[:place], msgspec.convert(forged, WireEvent), *EVENTS[place + 1 :]]
        with pytest.raises(FeedTrouble) as refused:
            heads.prove(page(events), head(3, 3, HASHES[3]), START)
        assert type(refused.value) in {Fork, Gap}, name
