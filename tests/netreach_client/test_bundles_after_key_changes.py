"""A bundle of a node whose keys have changed: a replaced key leads on, a lost one does not."""

from datetime import date

import pytest

from federation.partners.key_changes import renew
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import LOST, REPLACED, Because
from netreach_client.bundles import verify
from tests.netreach_client.bundled import Maker
from tests.netreach_client.test_verifying_bundles import SOON, maker, reason

__all__ = ["maker"]


def test_a_replaced_root_is_followed_from_any_that_was_compared(maker: Maker) -> None:
    assert maker.document
    known = [maker.node.root_fingerprint()]
    for _ in range(2):
        maker.node = renew(maker.node, "root", REPLACED, date(2027, 1, 5))
        known.append(maker.node.root_fingerprint())
    raw = maker.bundle(maker.releases(1))

    assert [verify(raw, now=SOON, root=root).texts != [] for root in known] == [True] * 3
    assert verify(raw, now=SOON).texts


def test_a_root_that_nobody_has_named_needs_its_fingerprint(maker: Maker) -> None:
    folder = maker.folder.with_name("next")
    fresh = NodeKeys.create(folder)
    roots = maker.node.by_role | {"root": fresh.by_role["root"]}
    maker.node = NodeKeys(folder=maker.folder, node_id=maker.node.node_id, by_role=roots)
    (maker.folder / "node.json").unlink(missing_ok=True)
    raw = maker.bundle(maker.releases(1))

    assert "has another root key by now" in reason(raw)
    assert verify(raw, now=SOON, root=fresh.root_fingerprint()).texts


@pytest.mark.parametrize("because", [REPLACED, LOST])
def test_what_a_lost_key_has_signed_does_not_hold(maker: Maker, because: Because) -> None:
    assert maker.document
    before = maker.releases(1)
    maker.node = renew(maker.node, "release", because, date(2027, 1, 5))
    raw = maker.bundle(before)

    if because == REPLACED:
        assert verify(raw, now=SOON).texts
    else:
        assert "not signed by the key that it should be" in reason(raw)
