"""Secrets of a node that are made when they are first needed, and then stay."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_once(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Give a secret, made on first use; all processes of a node share the file."""
    path = folder / name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its secret is the one
        finally:
            draft.unlink()
    return path.read_text()
