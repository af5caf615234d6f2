"""The node's own keys: files that only its user can read, and the document that shows them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
from joserfc.jwk import OKPKey

from federation.partners.errors import KeysExist, KeysMissing
from federation.partners.rules.canonical import canonical
from federation.partners.rules.document import (
    ROLES,
    ListedKey,
    NodeDocument,
    Role,
    contents,
    sign_document,
)
from federation.partners.rules.signatures import public_part, sign

DOCUMENT = "node.json"
ID = "node-id"
LIMITS = {"events": 100, "bytes": 2**20}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """The private keys by role; `node_id` names the first root, also after it was replaced."""

    folder: Path
    node_id: str
    by_role: dict[str, OKPKey]

    @classmethod
    def create(cls, folder: Path) -> Self:
        """Make keys for a new node; keys that exist are never written over."""
        if (folder / ID).exists():
            raise KeysExist
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for role in ROLES:
            private = OKPKey.generate_key("Ed25519").as_dict(private=True)
            _write(folder / f"{role}.json", msgspec.json.encode(private))
        root = _read_key(folder / "root.json")
        _write(folder / ID, root.thumbprint().encode())
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the keys of a node that was set up before."""
        try:
            return cls(
                folder=folder,
                node_id=(folder / ID).read_text(),
                by_role={role: _read_key(folder / f"{role}.json") for role in ROLES},
            )
        except FileNotFoundError as error:
            raise KeysMissing from error

    def sign(
        self, role: Role, payload: dict[str, Any] | bytes, *, purpose: str | None = None
    ) -> str:
        """Sign canonical bytes (or bytes as they are) as a compact JWS, for one purpose (`typ`)."""
        raw = payload if isinstance(payload, bytes) else canonical(payload)
        return sign(raw, self.by_role[role], purpose or f"netreach-{role}+jws")

    def root_fingerprint(self) -> str:
        """Give what a person compares before trusting this node."""
        return self.by_role["root"].thumbprint()

    def document(self, *, name: str, base_url: str) -> str:
        """Give the signed document; a changed name, address or key makes the next version."""
        path = self.folder / DOCUMENT
        before = path.read_text() if path.exists() else None
        old = contents(before) if before else None
        new = self._describe(name, base_url, old.version if old else 1)
        if before and new == old:
            return before
        if old:
            new = msgspec.structs.replace(new, version=old.version + 1)
        text = sign_document(new, [self.by_role["root"]])
        _write(path, text.encode())
        return text

    def _describe(self, name: str, base_url: str, version: int) -> NodeDocument:
        keys = [ListedKey(role=role, jwk=public_part(self.by_role[role])) for role in ROLES]
        return NodeDocument(
            node=self.node_id,
            version=version,
            name=name,
            base_url=base_url.rstrip("/"),
            keys=keys,
            limits=LIMITS,
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
