"""Secrets that have to be read again, so that a hash of them would not do.

They are sealed (AES-256-GCM) with a key of this node that lies beside its other keys and not in the
database: a dump alone opens nothing. What a secret belongs to is sealed along, so that it cannot be
moved to another row.
"""

import hmac
import os
from hashlib import sha256
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from federation.access.errors import SealBroken

KEY = "seal.key"
KEY_BYTES = 32
NONCE_BYTES = 12


class Seal:
    """The key of this node for such secrets; made at its first use."""

    def __init__(self, key: bytes) -> None:
        """Take the key as it lies in its file."""
        self._cipher = AESGCM(key)
        self._marks = hmac.digest(key, b"marks", sha256)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the key, or make it; of two processes that make it at once, one key is kept."""
        path = folder / KEY
        if not path.exists():
            _make(path)
        return cls(path.read_bytes())

    def close(self, text: str, owner: UUID) -> bytes:
        """Seal a text for the row with this id."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), owner.bytes)

    def read(self, sealed: bytes, owner: UUID) -> str:
        """Give the text again; another key, another row or changed bytes are refused."""
        nonce, closed = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, closed, owner.bytes).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def mark(self, content: bytes, owner: UUID) -> bytes:
        """Name some content for its owner: who has the name but not the key can try nothing out."""
        return hmac.digest(self._marks, owner.bytes + content, sha256)


def _make(path: Path) -> None:
    """Write a new key that only this user can read; it appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(KEY_BYTES))
    try:
        path.hardlink_to(new)
    except FileExistsError:
        # somebody else was first: theirs holds
        pass
    finally:
        new.unlink()
