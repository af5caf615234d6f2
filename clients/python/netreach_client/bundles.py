"""Verifying an offline bundle: no network, no database, only the file and what its reader knows."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import msgspec
import rfc8785

from netreach_client import signatures
from netreach_client.bundle_files import (
    Bundle,
    Head,
    Recalled,
    Released,
    Signed,
    Text,
    Verified,
)
from netreach_client.errors import BundleError
from netreach_client.signatures import Node

LONGEST_LIFE = timedelta(days=31)
CLOCKS_DIFFER = timedelta(hours=1)
LARGEST = 64 * 2**20
Kind = TypeVar("Kind")


class Found(msgspec.Struct, frozen=True):
    """A bundle whose head holds, before anything in it is believed."""

    bundle: Bundle
    head: Head
    nodes: dict[str, Node]


Chain = list[tuple[Released, str]]
"""A text's releases by sequence, each with the hash of its bytes."""


def verify(
    raw: bytes, *, now: datetime, root: str | None = None, earlier: Verified | None = None
) -> Verified:
    """Check a bundle from its signatures to its order; raises a BundleError with the reason.

    `root` is the fingerprint that the reader has compared with the node's people. `earlier` is a
    bundle that was read before: an older state, or another history, is refused.
    """
    found = _signed_by(raw, root)
    if found.head.at > now + CLOCKS_DIFFER:
        raise BundleError("The bundle comes from the future. Is this machine's clock right?")
    if found.head.expires <= now:
        raise BundleError(
            f"The bundle expired on {found.head.expires:%Y-%m-%d}: what was recalled since is not"
            " in it. Fetch a new one."
        )
    verified = _verified(found, root, now)
    if earlier is not None:
        _require_later(verified, earlier)
    return verified


def read_before(raw: bytes, *, root: str | None = None) -> Verified:
    """Read a bundle of some time ago, as it was when it was made, to compare a newer one with."""
    found = _signed_by(raw, root)
    return _verified(found, root, found.head.at)


def contents_hash(bundle: Bundle) -> str:
    """Name everything beside the head, to the byte and in its order."""
    whole: dict[str, Any] = {
        "documents": bundle.documents,
        "releases": [msgspec.structs.asdict(one) for one in bundle.releases],
        "recalls": [msgspec.structs.asdict(one) for one in bundle.recalls],
    }
    return signatures.hash_of(rfc8785.dumps(whole))


def _signed_by(raw: bytes, root: str | None) -> Found:
    if len(raw) > LARGEST:
        raise BundleError("The file is too large for a bundle.")
    bundle = _convert(signatures.canonical(raw, "The file"), Bundle, "The file is no bundle")
    nodes = {node.id: node for node in map(signatures.node_of, bundle.documents)}
    head = _head_of(bundle, nodes)
    _require_own_documents(nodes, head)
    if not timedelta() < head.expires - head.at <= LONGEST_LIFE:
        raise BundleError("The head says that it counts for longer than any head does.")
    roots = nodes[head.node].roots
    if root is not None and root not in roots:
        raise BundleError("The bundle comes from another node than the one that you have named.")
    if root is None and head.node not in roots:
        raise BundleError("The node has another root key by now. Name its fingerprint: --root.")
    return Found(bundle, head, nodes)


def _require_own_documents(nodes: Mapping[str, Node], head: Head) -> None:
    """Hold each other node's document to the root key that its id names.

    Whoever makes a bundle could else sign another node's texts with keys of their own.
    """
    for node in nodes.values():
        if node.id != head.node and node.id not in node.roots:
            raise BundleError(
                f"The document of {node.name or 'a node'} is not signed by the root key that"
                " the node is named by."
            )


def _head_of(bundle: Bundle, nodes: Mapping[str, Node]) -> Head:
    for node in nodes.values():
        try:
            stated = signatures.payload_of(bundle.head, node.head, signatures.HEAD, "The bundle")
        except BundleError:
            continue
        head = _convert(signatures.canonical(stated, "The head"), Head, "The head is none")
        if head.node != node.id:
            raise BundleError("The head names another node than the one that signed it.")
        return head
    raise BundleError("The bundle is not signed by a node whose document is in it.")


def _verified(found: Found, root: str | None, now: datetime) -> Verified:
    releases = _releases(found)
    recalls = _recalls(found, releases)
    if contents_hash(found.bundle) != found.head.contents:
        raise BundleError("The contents of the bundle are not those that its node has signed.")
    node = found.nodes[found.head.node]
    return Verified(
        node=node.id,
        name=node.name,
        root=root or node.id,
        project=found.head.project,
        at=found.head.at,
        expires=found.head.expires,
        texts=[_text(chain, recalls, now) for chain in releases.values()],
        releases={
            urn: {one.sequence: digest for one, digest in chain} for urn, chain in releases.items()
        },
        recalls={
            signatures.hash_of(signed.manifest.encode()): recalled.urn
            for signed, recalled in zip(found.bundle.recalls, recalls, strict=True)
        },
    )


def _releases(found: Found) -> dict[str, Chain]:
    owners: dict[str, tuple[str, str]] = {}
    chains: dict[str, Chain] = {}
    for place, signed in enumerate(found.bundle.releases, start=1):
        stated = _stated(found, signed, f"Release {place}")
        release = _convert(stated, Released, f"Release {place} is none")
        if owners.setdefault(release.urn, (signed.node, release.project)) != (
            signed.node,
            release.project,
        ):
            raise BundleError(f"{_named(release)} is published by two projects.")
        chain = chains.setdefault(release.urn, [])
        chain.append((release, signatures.hash_of(signed.manifest.encode())))
    for chain in chains.values():
        _require_chain(chain)
    return chains


def _require_chain(chain: Chain) -> None:
    for (before, digest), (release, _) in pairwise(chain):
        if release.sequence != before.sequence + 1:
            raise BundleError(
                f"{_named(release)}: a release between {before.number} and {release.number} is"
                " missing, or they are not in their order."
            )
        if release.previous != digest:
            raise BundleError(
                f"{_named(release)}: {release.number} follows another text than {before.number}."
            )


def _recalls(found: Found, releases: Mapping[str, Chain]) -> list[Recalled]:
    recalls = []
    for place, signed in enumerate(found.bundle.recalls, start=1):
        stated = _stated(found, signed, f"Recall {place}")
        recall = _convert(stated, Recalled, f"Recall {place} is none")
        if recall.urn in releases and recall.project != releases[recall.urn][0][0].project:
            raise BundleError(f"Recall {place} is not by the project whose text it is.")
        recalls.append(recall)
    return recalls


def _stated(found: Found, signed: Signed, what: str) -> dict[str, Any]:
    node = found.nodes.get(signed.node)
    if node is None:
        raise BundleError(f"{what} is signed by a node whose document is not in the bundle.")
    raw = signed.manifest.encode()
    whole = signatures.detached(signed.signature, raw)
    if signatures.payload_of(whole, node.release, signatures.RELEASE, what) != raw:
        raise BundleError(f"{what} is not what its node has signed.")
    return signatures.canonical(raw, what)


def _text(chain: Chain, recalls: Iterable[Recalled], now: datetime) -> Text:
    """Follow recalls from the newest release down to what is right; a recall always wins."""
    newest, _ = chain[-1]
    by_sequence = {release.sequence: release for release, _ in chain}
    theirs = [recall for recall in recalls if recall.urn == newest.urn]
    whole = {recall.sequence: recall for recall in theirs if recall.block is None}
    holds: int | None = newest.sequence
    emergency, reason = None, None
    while holds in whole:
        recall = whole[holds]
        reason = reason or recall.reason
        holds, emergency = recall.holds.sequence, recall.holds.texts
        if holds is not None and holds >= recall.sequence:
            raise BundleError(f"{_named(newest)}: a recall names a later release to hold instead.")
    release = by_sequence.get(holds) if holds is not None else None
    if release is None and not emergency:
        raise BundleError(f"{_named(newest)}: what holds in place of a recalled text is missing.")
    return Text(
        urn=newest.urn,
        title=_named(release or newest),
        number=release.number if release else None,
        emergency=None if release else emergency,
        withdrawn_because=reason,
        parts_withdrawn=[
            one.block for one in theirs if one.block is not None and one.sequence == holds
        ],
        expired=release is not None and release.expires <= now,
    )


def _require_later(verified: Verified, earlier: Verified) -> None:
    if (verified.node, verified.project) != (earlier.node, earlier.project):
        raise BundleError("The earlier bundle is of another node or project.")
    if verified.at < earlier.at:
        raise BundleError("The bundle is older than the earlier one.")
    for urn, before in earlier.releases.items():
        now = verified.releases.get(urn)
        if now is None:
            continue
        if max(now) < max(before):
            raise BundleError("The bundle shows an older state of a text than the earlier one.")
        if any(now[one] != digest for one, digest in before.items() if one in now):
            raise BundleError("The bundle shows another history of a text than the earlier one.")
        gone = earlier.recalls.keys() - verified.recalls.keys()
        if any(earlier.recalls[recall] == urn for recall in gone):
            raise BundleError("A recall that the earlier bundle had is missing.")


def _named(release: Released) -> str:
    wording = release.variants.get(release.source_language)
    return wording.title if wording else release.urn


def _convert(found: dict[str, Any], kind: type[Kind], complaint: str) -> Kind:
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise BundleError(f"{complaint}: {error}.") from error
