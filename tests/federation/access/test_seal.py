from pathlib import Path
from stat import S_IMODE

import pytest

from database.ids import new_id
from federation.access.errors import SealBroken
from federation.access.seal import Seal

SECRET = "https://calendar.example.org/private"


def test_what_is_sealed_is_opened_by_the_same_key_only(tmp_path: Path) -> None:
    owner = new_id()
    seal = Seal.open(tmp_path / "keys")
    sealed = seal.close(SECRET, owner)
    assert b"calendar" not in sealed
    assert seal.close(SECRET, owner) != sealed
    assert Seal.open(tmp_path / "keys").read(sealed, owner) == SECRET
    with pytest.raises(SealBroken):
        Seal.open(tmp_path / "other").read(sealed, owner)


def test_it_cannot_be_moved_to_another_row_or_changed(tmp_path: Path) -> None:
    owner, seal = new_id(), Seal.open(tmp_path)
    sealed = seal.close(SECRET, owner)
    for wrong, whose in (
        (sealed, new_id()),
        (sealed[:-1], owner),
        (bytes([sealed[0] ^ 1]) + sealed[1:], owner),
        (b"", owner),
    ):
        with pytest.raises(SealBroken):
            seal.read(wrong, whose)


def test_the_key_is_readable_by_its_user_alone(tmp_path: Path) -> None:
    Seal.open(tmp_path / "keys")
    [key] = (tmp_path / "keys").iterdir()
    assert (key.name, S_IMODE(key.stat().st_mode), S_IMODE(key.parent.stat().st_mode)) == (
        "seal.key",
        0o600,
        0o700,
    )
