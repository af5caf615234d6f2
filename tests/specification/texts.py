"""Vectors of texts: releases, recalls, and which text is in force on a pool's shifts."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import with_payload
from federation.partners.rules.signatures import sign
from protocols.recalls.rules import RecallManifest, read_recall, recall_bytes
from protocols.releases.rules import Manifest, manifest_bytes, read_manifest
from protocols.statements.rules import Statement, hash_of, signed
from tests.specification.example_nodes import NOW, ident, jwk, key, node_of
from tests.specification.vectors import Group, Vector, bad, good, variants

PURPOSE = "netreach-release+jws"
PROJECT, ELSEWHERE, BLOCK = str(ident(10)), str(ident(11)), str(ident(401))
URN = f"urn:uuid:{ident(400)}"
FEED = {"kind": "project/releases", "subject": PROJECT}
NORTH = node_of("north").node_id


def written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


SAID: dict[str, Any] = {
    "format": "netreach-release/1",
    "release": str(ident(410)),
    "urn": URN,
    "project": PROJECT,
    "number": "1.0.0",
    "sequence": 1,
    "previous": None,
    "acknowledgement": "re-read",
    "kind": "protocol",
    "protocol_kind": "conduct",
    "source_language": "en",
    "jurisdictions": ["england-and-wales"],
    "review_by": "2027-12-01",
    "use_limits": [],
    "channels": ["live-chat"],
    "stated": written(NOW),
    "expires": "2027-12-31T00:00:00Z",
    "blocks": [{"id": BLOCK, "locked": False}],
    "variants": {
        "en": {
            "title": "Live chat conduct",
            "question": None,
            "keywords": [],
            "texts": {BLOCK: "Two of you are online together."},
            "source": None,
        }
    },
    "placeholders": [],
    "lived_experience": False,
    "derived_from": None,
}
WITHDRAWN: dict[str, Any] = {
    "format": "netreach-recall/1",
    "recall": str(ident(420)),
    "urn": URN,
    "project": PROJECT,
    "sequence": 2,
    "reason": "The second part leaves out whom to call.",
    "holds": {"sequence": 1, "texts": None},
    "stated": written(NOW + timedelta(hours=1)),
}


def groups() -> list[Group]:
    return [
        Group(check="release", section="releases", vectors=_releases()),
        Group(check="recall", section="recalls", vectors=_recalls()),
        Group(check="pool-text", section="texts-on-a-pools-shifts", vectors=_pool_texts()),
    ]


def _sign(raw: bytes, by: str = "north release", purpose: str = PURPOSE) -> str:
    return sign(raw, key(by), purpose)


def release(by: str = "north release", purpose: str = PURPOSE, **changes: Any) -> dict[str, Any]:
    """Sign a manifest, right or wrong, as its event carries it."""
    stated = signed(canonical(SAID | changes), lambda raw: _sign(raw, by, purpose))
    return msgspec.structs.asdict(stated)


def manifest() -> Manifest:
    return read_manifest(canonical(SAID))


def _releases() -> list[Vector]:
    payload = release()
    given = {
        "payload": payload,
        "node": NORTH,
        "feed": FEED,
        "keys": [jwk("north release")],
        "known": [],
    }
    gives = {"hash": hash_of(manifest_bytes(manifest())).hex()}
    more = release(mottoes=["open"])
    spaced = canonical(SAID).replace(b'"format":', b'"format": ')
    unsigned = {"manifest": payload["manifest"]}
    other = {"number": "1.0.1", "release": str(ident(411))}
    again = release(release=str(ident(411)), number="2.0.0", variants=_other_words())
    return [
        good("a release", given, gives),
        good("once more", given | {"known": [payload]}, gives),
        good(
            "with a field of a later version",
            given | {"payload": more},
            {"hash": hash_of(more["manifest"].encode()).hex()},
        ),
        bad("not in canonical form", given | {"payload": _statement(spaced)}, "not-canonical"),
        bad(
            "in another project's feed",
            given | {"feed": FEED | {"subject": ELSEWHERE}},
            "not-theirs",
        ),
        bad(
            "in a private feed",
            given | {"feed": {"kind": "private", "subject": node_of("south").node_id}},
            "not-theirs",
        ),
        bad(
            "other words under the same sequence",
            given | {"payload": again, "known": [payload]},
            "already-different",
        ),
        bad(
            "a text too long for a draft",
            given | {"payload": release(channels=["a" * 501])},
            "release-too-large",
        ),
        *variants(
            given,
            "bad-signature",
            signed_by_another_role={"payload": release(by="north head")},
            signed_by_another_node={"payload": release(by="stranger release")},
            signed_for_another_purpose={"payload": release(purpose="netreach-receipt+jws")},
            other_words_under_the_same_signature={
                "payload": payload | {"manifest": release(**other)["manifest"]}
            },
        ),
        bad(
            "a signature that is none",
            given | {"payload": payload | {"signature": "a.b"}},
            "signature-wrong",
        ),
        *variants(
            given,
            "not-a-statement",
            no_signature={"payload": unsigned},
            no_parts={"payload": release(blocks=[])},
            no_words_in_its_own_language={"payload": release(source_language="nl")},
            a_number_of_two_parts={"payload": release(number="1.0")},
            another_format={"payload": release(format="netreach-release/2")},
        ),
    ]


def _statement(raw: bytes) -> dict[str, Any]:
    return msgspec.structs.asdict(signed(raw, _sign))


def _other_words() -> dict[str, Any]:
    wording: dict[str, Any] = SAID["variants"]["en"]
    return {"en": wording | {"texts": {BLOCK: "You are online alone."}}}


def recall(by: str = "north release", **changes: Any) -> str:
    return _sign(canonical(WITHDRAWN | changes), by)


def _recalls() -> list[Vector]:
    given = {
        "statement": recall(),
        "node": NORTH,
        "feed": FEED,
        "keys": [jwk("north release")],
        "known": [],
    }
    emergency: dict[str, Any] = {
        "holds": {"sequence": None, "texts": {"en": "Ask the supervisor."}}
    }
    block = {"block": BLOCK, "follows": "0" * 64}
    anew = {
        "recall": str(ident(421)),
        "reason": "The law has changed again.",
        "stated": written(NOW + timedelta(hours=2)),
    }

    def gives(**changes: Any) -> dict[str, Any]:
        said = msgspec.convert(WITHDRAWN | changes, RecallManifest)
        assert read_recall(recall_bytes(said)) == said
        return {"hash": hash_of(recall_bytes(said)).hex(), "urn": URN, "sequence": 2}

    return [
        good("a recall, before its release", given, gives()),
        good("once more", given | {"known": [recall()]}, gives()),
        good(
            "an emergency text holds",
            given | {"statement": recall(**emergency)},
            gives(**emergency),
        ),
        good(
            "of one part, for another recall's sake",
            given | {"statement": recall(**block)},
            gives(**block),
        ),
        bad(
            "signed by another role",
            given | {"statement": recall(by="north head")},
            "bad-signature",
        ),
        bad("of another project", given | {"feed": FEED | {"subject": ELSEWHERE}}, "not-theirs"),
        good(
            "anew, in other words, by a node that has lost the first",
            given | {"statement": recall(**anew), "known": [recall()]},
            gives(**anew),
        ),
        good(
            "stated earlier than what is known",
            given | {"statement": recall(), "known": [recall(**anew)]},
            gives(**anew),
        ),
        *variants(
            given,
            "not-a-statement",
            nothing_that_holds={"statement": recall(holds={"sequence": None, "texts": None})},
            both_that_could_hold={
                "statement": recall(holds={"sequence": 1, "texts": {"en": "Ask."}})
            },
            a_later_one_holds={"statement": recall(holds={"sequence": 3, "texts": None})},
            no_reason={"statement": recall(reason="")},
            no_statement={"statement": "recall"},
        ),
    ]


def _pool_texts() -> list[Vector]:
    payload = {"pool": str(ident(20)), "protocol_kind": "conduct", "urn": URN}
    given = {
        "payload": payload,
        "node": NORTH,
        "feed": {"kind": "pool/shifts", "subject": str(ident(20))},
        "pool": {"id": str(ident(20)), "host": NORTH},
    }
    south = node_of("south").node_id
    return [
        good("from the pool's host", given, {"conduct": URN}),
        *variants(
            given,
            "not-theirs",
            from_another_node={"node": south},
            in_another_pools_feed={"feed": {"kind": "pool/shifts", "subject": str(ident(21))}},
            in_a_private_feed={"feed": {"kind": "private", "subject": str(ident(20))}},
            of_a_pool_that_is_not_known={"payload": payload | {"pool": str(ident(21))}},
        ),
        *variants(
            given,
            "not-a-statement",
            of_no_kind_that_there_is={"payload": payload | {"protocol_kind": "motto"}},
            of_no_item={"payload": payload | {"urn": "conduct"}},
        ),
    ]


def detached(statement: dict[str, Any]) -> str:
    """Put a release's event together into the compact form that was signed."""
    said = msgspec.convert(statement, Statement)
    return with_payload(said.signature, said.manifest.encode())
