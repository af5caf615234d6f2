"""An offline bundle is good as a whole or refused with its reason; no network, no database."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from federation.partners.keys import NodeKeys
from federation.partners.rules.canonical import canonical
from netreach_client.bundles import read_before, verify
from netreach_client.errors import BundleError
from protocols.bundles.rules import LIVES, PURPOSE
from protocols.recalls.rules import Holds
from tests.netreach_client.bundled import NOW, PROJECT, Maker, rewritten, urn_of
from tests.tampering import altered

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path / "keys")


def reason(raw: bytes, **facts: Any) -> str:
    with pytest.raises(BundleError) as refused:
        verify(raw, now=facts.pop("now", SOON), **facts)
    return str(refused.value)


def opened(raw: bytes) -> dict[str, Any]:
    return msgspec.json.decode(raw, type=dict[str, Any])


def head_of(raw: bytes) -> dict[str, Any]:
    payload = opened(raw)["head"].split(".")[1]
    return msgspec.json.decode(urlsafe_b64decode(payload.encode()), type=dict[str, Any])


def test_a_good_bundle_says_what_holds(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(2))

    found = verify(raw, now=SOON, root=maker.node.root_fingerprint())

    assert (found.node, found.name, found.project) == (maker.node.node_id, "North", str(PROJECT))
    assert (found.at, found.expires) == (NOW, NOW + LIVES)
    assert [(one.urn, one.number, one.title, one.expired) for one in found.texts] == [
        (urn_of(9), "2.0.0", "Conduct 2", False)
    ]


def test_a_release_as_long_as_an_event_may_be_is_good(maker: Maker) -> None:
    limits = ["x" * 500] * 400

    found = verify(maker.bundle(maker.releases(1, use_limits=limits)), now=SOON)

    assert [one.number for one in found.texts] == ["1.0.0"]


def test_an_empty_bundle_is_good_too(maker: Maker) -> None:
    assert verify(maker.bundle([]), now=SOON).texts == []


def test_the_root_that_was_compared_must_be_the_bundles(maker: Maker, tmp_path: Path) -> None:
    raw = maker.bundle(maker.releases(1))
    other = Maker(tmp_path / "other")

    assert "another node than the one that you have named" in reason(
        raw, root=other.node.root_fingerprint()
    )
    # another node's bundle is good in itself: only the fingerprint tells them apart
    assert verify(other.bundle(other.releases(1)), now=SOON).root == other.node.root_fingerprint()


def test_every_field_of_a_release_is_held(maker: Maker) -> None:
    releases = maker.releases(1)
    raw = maker.bundle(releases)
    manifest = msgspec.json.decode(releases[0].manifest, type=dict[str, Any])
    tried = []
    for name, changed in altered(manifest):
        forged = msgspec.structs.asdict(releases[0]) | {"manifest": canonical(changed).decode()}
        said = reason(rewritten(raw, releases=[forged]))
        assert said == "Release 1 is not signed by the key that it should be.", name
        tried.append(name)

    assert {"number", "sequence", "lived_experience", "without urn", "blocks.0.locked"} <= {*tried}
    assert len(tried) > 40


def test_every_field_of_a_recall_is_held(maker: Maker) -> None:
    recall = maker.recall(1)
    raw = maker.bundle(maker.releases(1), [recall])
    for name, changed in altered(msgspec.json.decode(recall.manifest, type=dict[str, Any])):
        forged = msgspec.structs.asdict(recall) | {"manifest": canonical(changed).decode()}
        said = reason(rewritten(raw, recalls=[forged]))
        assert said == "Recall 1 is not signed by the key that it should be.", name


def test_every_field_of_a_head_is_held(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1))
    header, _, signature = opened(raw)["head"].split(".")
    for name, changed in altered(head_of(raw)):
        payload = urlsafe_b64encode(canonical(changed)).decode()
        said = reason(rewritten(raw, head=f"{header}.{payload}.{signature}"))
        assert said == "The bundle is not signed by a node whose document is in it.", name


def test_every_field_of_the_file_is_held(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(2), [maker.recall(1)])
    for name, changed in altered(opened(raw)):
        assert reason(canonical(changed)), name


def test_every_byte_of_the_file_is_held(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1), [maker.recall(1)])
    assert verify(raw, now=SOON).texts
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1
        assert reason(bytes(flipped)), place


def test_a_second_spelling_of_the_same_signature_is_refused(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1))
    whole = opened(raw)
    # the last sign of a signature has four bits to spare, which joserfc before 1.8 skipped
    head = whole["head"][:-1] + chr(ord(whole["head"][-1]) + 1)
    [document] = whole["documents"]
    signature = msgspec.json.decode(document)["signatures"][0]["signature"]
    other = document.replace(signature, signature[:-1] + chr(ord(signature[-1]) + 1))

    assert "not signed by a node" in reason(rewritten(raw, head=head))
    assert "not signed by that node's root key" in reason(rewritten(raw, documents=[other]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"node": "x"}, "The head names another node"),
        ({"contents": "0" * 64}, "not those that its node has signed"),
        ({"format": "netreach-bundle/2"}, "The head is none"),
        ({"expires": (NOW + timedelta(days=90)).isoformat()}, "for longer than any head does"),
        ({"at": "2027-01-05T18:00:00"}, "The head is none"),
    ],
)
def test_what_the_node_itself_signs_wrongly_is_refused_too(
    maker: Maker, change: dict[str, Any], said: str
) -> None:
    raw = maker.bundle(maker.releases(1))
    forged = maker.node.sign("head", canonical(head_of(raw) | change), purpose=PURPOSE)

    assert said in reason(rewritten(raw, head=forged))


def test_a_head_signed_for_another_purpose_or_by_another_key_is_none(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1))
    payload = canonical(head_of(raw))
    for forged in (
        maker.node.sign("head", payload, purpose="netreach-head+jws"),
        maker.node.sign("release", payload, purpose=PURPOSE),
    ):
        assert "not signed by a node" in reason(rewritten(raw, head=forged))


def test_an_old_bundle_is_frozen_and_refused(maker: Maker) -> None:
    """TUF's freeze attack."""
    raw = maker.bundle(maker.releases(1))

    assert verify(raw, now=NOW + LIVES - timedelta(seconds=1)).texts
    assert "expired on 2027-01-19" in reason(raw, now=NOW + LIVES)
    assert "from the future" in reason(raw, now=NOW - timedelta(days=1))


def test_a_gap_is_seen(maker: Maker) -> None:
    one, two, three = maker.releases(3)

    assert "between 1.0.0 and 3.0.0 is missing" in reason(maker.bundle([one, three]))
    assert "not in their order" in reason(maker.bundle([two, one, three]))
    assert "not in their order" in reason(maker.bundle([one, one, two]))


def test_a_release_that_follows_another_text_is_seen(maker: Maker) -> None:
    [one, _] = maker.releases(2)
    [_, other] = maker.releases(2, jurisdictions=["scotland"])

    assert "2.0.0 follows another text than 1.0.0" in reason(maker.bundle([one, other]))


def test_what_was_left_out_or_added_is_seen(maker: Maker) -> None:
    releases, recall = maker.releases(2), maker.recall(2)
    raw = maker.bundle(releases, [recall])
    plain = opened(raw)

    assert "not those that its node has signed" in reason(
        rewritten(raw, releases=plain["releases"][:1])
    )
    assert "not those that its node has signed" in reason(rewritten(raw, recalls=[]))
    assert "not those that its node has signed" in reason(
        rewritten(maker.bundle(releases), recalls=plain["recalls"])
    )


def test_an_older_state_than_before_is_seen(maker: Maker) -> None:
    """TUF's rollback attack."""
    releases = maker.releases(2)
    known = read_before(maker.bundle(releases, [maker.recall(2)]))
    later = NOW + timedelta(minutes=1)

    assert verify(
        maker.bundle(releases, [maker.recall(2)], now=later), now=SOON, earlier=known
    ).texts
    assert "older than the earlier one" in reason(
        maker.bundle(releases, now=NOW - timedelta(minutes=1)), earlier=known
    )
    assert "older state of a text" in reason(maker.bundle(releases[:1], now=later), earlier=known)
    assert "A recall that the earlier bundle had is missing" in reason(
        maker.bundle(releases, now=later), earlier=known
    )


def test_another_history_than_before_is_seen(maker: Maker) -> None:
    known = read_before(maker.bundle(maker.releases(1)))
    other = maker.bundle(maker.releases(2, jurisdictions=["scotland"]))

    assert "another history" in reason(other, earlier=known)


def test_a_bundle_of_another_node_does_not_follow(maker: Maker, tmp_path: Path) -> None:
    known = read_before(maker.bundle([]))
    other = Maker(tmp_path / "other")

    assert "another node or project" in reason(other.bundle([]), earlier=known)


def test_an_expired_bundle_can_still_be_compared_with(maker: Maker) -> None:
    known = read_before(maker.bundle(maker.releases(1)))
    much_later = NOW + timedelta(days=300)

    raw = maker.bundle(maker.releases(1), now=much_later)

    assert verify(raw, now=much_later, earlier=known).at == much_later


def test_a_recall_wins_and_says_what_holds(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(2), [maker.recall(2, holds=Holds(sequence=1, texts=None))])

    [text] = verify(raw, now=SOON).texts

    assert (text.number, text.withdrawn_because) == ("1.0.0", "The law has changed.")


def test_a_recall_of_what_holds_instead_wins_too(maker: Maker) -> None:
    back = maker.recall(2, holds=Holds(sequence=1, texts=None))
    raw = maker.bundle(maker.releases(2), [maker.recall(1), back])

    [text] = verify(raw, now=SOON).texts

    assert (text.number, text.emergency) == (None, {"en": "Close the chat."})


def test_a_recall_of_an_earlier_release_leaves_the_newest(maker: Maker) -> None:
    [text] = verify(maker.bundle(maker.releases(2), [maker.recall(1)]), now=SOON).texts

    assert (text.number, text.withdrawn_because) == ("2.0.0", None)


def test_a_part_that_was_recalled_is_named(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1), [maker.recall(1, block=UUID(int=1))])

    [text] = verify(raw, now=SOON).texts

    assert (text.number, text.parts_withdrawn) == ("1.0.0", [str(UUID(int=1))])


def test_what_holds_instead_must_be_there(maker: Maker) -> None:
    [_, two] = maker.releases(2)
    back = maker.recall(2, holds=Holds(sequence=1, texts=None))

    assert "in place of a recalled text is missing" in reason(maker.bundle([two], [back]))


def test_only_the_texts_own_project_recalls_it(maker: Maker) -> None:
    foreign = maker.recall(1, project=UUID(int=77))

    assert "Recall 1 is not by the project whose text it is" in reason(
        maker.bundle(maker.releases(1), [foreign])
    )


def test_a_partners_release_is_held_to_the_partners_key(maker: Maker, tmp_path: Path) -> None:
    partner = Maker(tmp_path / "partner")
    [theirs] = partner.releases(1)
    documents = {partner.node.node_id: partner.document}
    [claimed] = maker.releases(1)
    forged = msgspec.structs.replace(claimed, node=partner.node.node_id)

    assert verify(maker.bundle([theirs], documents=documents), now=SOON).texts
    assert "whose document is not in the bundle" in reason(maker.bundle([theirs]))
    assert "not signed by the key that it should be" in reason(
        maker.bundle([forged], documents=documents)
    )


def test_a_partners_document_is_the_partners_own(maker: Maker, tmp_path: Path) -> None:
    """Whoever makes a bundle cannot put words into the mouth of a node with other keys."""
    partner, forger = Maker(tmp_path / "partner"), Maker(tmp_path / "forger")
    forger.node = NodeKeys(
        folder=forger.folder, node_id=partner.node.node_id, by_role=forger.node.by_role
    )
    [forged] = forger.releases(1)

    said = reason(maker.bundle([forged], documents={partner.node.node_id: forger.document}))

    assert said == (
        "The document of North is not signed by the root key that the node is named by."
    )


def test_one_text_is_of_one_project(maker: Maker) -> None:
    [one] = maker.releases(1)
    [other] = maker.releases(1, project=UUID(int=77))

    assert "published by two projects" in reason(maker.bundle([one, other]))


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format":"netreach-bundle/1"}', b"[" * 100_000]
)
def test_what_is_no_bundle_is_refused_in_one_sentence(raw: bytes) -> None:
    assert reason(raw).endswith(".")


def test_an_expired_release_is_named(maker: Maker) -> None:
    raw = maker.bundle(maker.releases(1, expires=NOW - timedelta(days=1)))

    [text] = verify(raw, now=SOON).texts

    assert text.expired is True
