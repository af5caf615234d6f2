"""What changes a node's keys: a new one in a role, the root on paper only, a machine that is lost.

Each change is one new version of the document, kept before the new key is used: stopped at any
moment, the node has the keys that its document shows.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec
from joserfc.jwk import OKPKey

from federation.partners.errors import OtherRoot, RootOffline
from federation.partners.keys import ROOT, NodeKeys, next_of, up_to_date, write_key
from federation.partners.rules.document import (
    LOST,
    Because,
    ListedKey,
    NodeDocument,
    Role,
    contents,
    name_successor,
)
from federation.partners.rules.recovery import key_from
from federation.partners.rules.signatures import public_part


def with_words(keys: NodeKeys, typed: str) -> NodeKeys:
    """Take the root key from its recovery sheet; refuses a sheet of another key."""
    root = key_from(typed)
    if root.thumbprint() != keys.root_fingerprint():
        raise OtherRoot
    return keys.with_root(root)


def take_root_offline(keys: NodeKeys, typed: str) -> None:
    """Remove the root key from this machine, once somebody has shown that the sheet is right."""
    with_words(keys, typed)
    (keys.folder / f"{ROOT}.json").unlink(missing_ok=True)


def renew(keys: NodeKeys, role: Role, because: Because, today: date) -> NodeKeys:
    """Put a new key in the place of the one in force; the old one stays listed, and opens nothing.

    A new root is named and signed by the old one as well, so that partners can follow.
    """
    before = keys.kept_document()
    if before is None or ROOT not in keys.by_role:
        raise RootOffline
    fresh, old = OKPKey.generate_key("Ed25519"), contents(before)
    document = up_to_date(old.replacing(role, public_part(fresh), because, today))
    write_key(keys.folder, next_of(role), fresh)
    if role != ROOT:
        keys.state(document)
    else:
        named = name_successor(old.node, keys.by_role[ROOT], public_part(fresh))
        both = msgspec.structs.replace(document, succession=[*old.succession, named])
        keys.state(both, fresh)
    return NodeKeys.load(keys.folder)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is left of a node whose machine is lost: its id, and a backup's newest document."""

    node_id: str | None = None
    document: NodeDocument | None = None


def recover(
    folder: Path, typed: str, *, found: Found, name: str, base_url: str, now: datetime
) -> NodeKeys:
    """Set a node up again from its recovery sheet: same id and root, all other keys new.

    The keys in a backup's document stay listed, as lost. The version continues from the clock, in
    seconds: nobody can say how far the lost machine had counted.
    """
    root, before = key_from(typed), found.document
    if before is not None and public_part(root) not in before.keys_by_role()[ROOT]:
        raise OtherRoot
    keys = NodeKeys.beside(root, folder, node_id=before.node if before else found.node_id)
    fresh = keys.describe(name, base_url)
    keys.keep(
        msgspec.structs.replace(
            fresh,
            version=max(int(now.timestamp()), before.version + 1 if before else 0),
            keys=[*_lost(before, now.date()), *fresh.keys],
            succession=before.succession if before else [],
        )
    )
    return keys


def _lost(before: NodeDocument | None, today: date) -> list[ListedKey]:
    """List all keys of a lost machine as lost, but for the root, which is on paper."""
    keys = before.keys if before else []
    gone = f"{today} {LOST}"
    return [
        key if key.retired else msgspec.structs.replace(key, retired=gone)
        for key in keys
        if key.role != ROOT or key.retired
    ]
