"""The node's own keys: files that only its user can read, and the document that shows them."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import msgspec
from joserfc.jwk import OKPKey

from federation.partners.errors import BadDocument, KeysBroken, KeysExist, KeysMissing, RootOffline
from federation.partners.rules.canonical import canonical
from federation.partners.rules.document import (
    READS,
    ROLES,
    UNREADABLE,
    ListedKey,
    NodeDocument,
    Role,
    contents,
    sign_document,
    signers,
)
from federation.partners.rules.signatures import Jwk, public_part, sign, thumbprint

DOCUMENT = "node.json"
ID = "node-id"
ROOT: Role = "root"
LIMITS = {"events": 100, "bytes": 2**20}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """The private keys by role, the root only where it has not been taken offline.

    `node_id` names the first root, also after it was replaced.
    """

    folder: Path
    node_id: str
    by_role: dict[str, OKPKey]

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make keys for a new node; keys that exist are never written over."""
        keys = cls.beside(OKPKey.generate_key("Ed25519"), folder)
        keys.keep()
        return keys

    @classmethod
    def beside(cls, root: OKPKey, folder: Path, *, node_id: str | None = None) -> Self:
        """Make all other keys beside a root key, in memory; one that exists is never replaced."""
        if (folder / ID).exists():
            raise KeysExist
        return cls(
            folder=folder,
            node_id=node_id or root.thumbprint(),
            by_role={
                role: root if role == ROOT else OKPKey.generate_key("Ed25519") for role in ROLES
            },
        )

    def keep(self, document: NodeDocument | None = None) -> None:
        """Write new keys, with the document that shows them; they count when the id is there."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.folder / DOCUMENT).unlink(missing_ok=True)
        for role, key in self.by_role.items():
            write_key(self.folder, role, key)
        if document is not None:
            self.state(document)
        _write(self.folder / ID, self.node_id.encode())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the keys of a node that was set up before."""
        try:
            _finish_renewal(folder)
            return cls(
                folder=folder,
                node_id=(folder / ID).read_text(),
                by_role={role: _read_key(_file_of(folder, role)) for role in _roles_in(folder)},
            )
        except FileNotFoundError as error:
            raise KeysMissing from error
        except (*UNREADABLE, BadDocument) as error:
            raise KeysBroken from error

    def sign(
        self, role: Role, payload: dict[str, Any] | bytes, *, purpose: str | None = None
    ) -> str:
        """Sign canonical bytes (or bytes as they are) as a compact JWS, for one purpose (`typ`)."""
        raw = payload if isinstance(payload, bytes) else canonical(payload)
        return sign(raw, self.by_role[role], purpose or f"netreach-{role}+jws")

    def signers(self, role: Role) -> list[Jwk]:
        """Give our own keys whose signatures hold for what is kept, as partners believe them."""
        kept = self.kept_document()
        if kept is None:
            return [public_part(self.by_role[role])]
        return signers(contents(kept).pinned(), role)

    def root_fingerprint(self) -> str:
        """Give what a person compares before trusting this node."""
        if ROOT in self.by_role:
            return self.by_role[ROOT].thumbprint()
        kept = self.kept_document()
        if kept is None:
            raise KeysMissing
        return thumbprint(contents(kept).keys_by_role()[ROOT][0])

    def with_root(self, root: OKPKey) -> Self:
        """Use a root key that somebody has typed, for as long as this object lives."""
        return replace(self, by_role={**self.by_role, ROOT: root})

    def document(self, *, name: str, base_url: str) -> str:
        """Give the signed document; a changed name or address makes the next version.

        What a newer program says of itself waits for the root key: no update may stop a node.
        """
        base_url = base_url.rstrip("/")
        before = self.kept_document()
        if before is None:
            return self.state(self.describe(name, base_url))
        old = contents(before)
        moved = (old.name, old.base_url) != (name, base_url)
        if moved or (_says_less(old) and ROOT in self.by_role):
            return self.state(up_to_date(old.following(name=name, base_url=base_url)))
        return before

    def kept_document(self) -> str | None:
        """Give the document as it was last signed."""
        path = self.folder / DOCUMENT
        return path.read_text() if path.exists() else None

    def state(self, document: NodeDocument, *more_roots: OKPKey) -> str:
        """Sign a version of the document, and keep it."""
        if ROOT not in self.by_role:
            raise RootOffline
        text = sign_document(document, [self.by_role[ROOT], *more_roots])
        _write(self.folder / DOCUMENT, text.encode())
        return text

    def describe(self, name: str, base_url: str) -> NodeDocument:
        """Say who the node is, with these keys and no others."""
        keys = [ListedKey(role=role, jwk=public_part(self.by_role[role])) for role in ROLES]
        return NodeDocument(
            node=self.node_id,
            version=1,
            name=name,
            base_url=base_url,
            keys=keys,
            limits=LIMITS,
            reads=READS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The node as it presents itself to partners."""

    keys: NodeKeys
    name: str
    base_url: str
    document: str

    @classmethod
    def open(cls, folder: Path, *, name: str, base_url: str) -> Self:
        """Load the keys and bring the document up to date."""
        keys = NodeKeys.load(folder)
        base_url = base_url.rstrip("/")
        document = keys.document(name=name, base_url=base_url)
        return cls(keys=keys, name=name, base_url=base_url, document=document)

    @property
    def node_id(self) -> str:
        """Give the id by which partners know this node for good."""
        return self.keys.node_id


def up_to_date(document: NodeDocument) -> NodeDocument:
    """Let a document that is signed anew say what this program can."""
    return msgspec.structs.replace(document, limits=LIMITS, reads=READS)


def _says_less(document: NodeDocument) -> bool:
    return (document.limits, document.reads) != (LIMITS, READS)


def write_key(folder: Path, name: str, key: OKPKey) -> None:
    """Keep a private key."""
    _write(_file_of(folder, name), msgspec.json.encode(key.as_dict(private=True)))


def next_of(role: str) -> str:
    """Name a new key that the document does not show yet."""
    return f"{role}.next"


def _finish_renewal(folder: Path) -> None:
    """Put a new key in its place as soon as the document shows it; until then it is nobody's."""
    for role in ROLES:
        waiting = _file_of(folder, next_of(role))
        if waiting.exists():
            shown = contents((folder / DOCUMENT).read_text()).keys_by_role()[role]
            if public_part(_read_key(waiting)) in shown:
                waiting.replace(_file_of(folder, role))


def _roles_in(folder: Path) -> list[str]:
    """Name the roles whose keys are here: all but a root that was taken offline."""
    document = folder / DOCUMENT
    if not document.exists():
        return list(ROLES)
    # one that cannot be read would stop whatever comes next
    contents(document.read_text())
    return [role for role in ROLES if role != ROOT or _file_of(folder, ROOT).exists()]


def _file_of(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _read_key(path: Path) -> OKPKey:
    return OKPKey.import_key(
        msgspec.json.decode(path.read_bytes(), type=dict[str, str | list[str]])
    )


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by this user alone from its first byte."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    new.replace(path)
