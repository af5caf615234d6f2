import stat
from pathlib import Path

import pytest

from netreach_client import SignInError
from netreach_client.sign_in import SignIn, find, forget, keep, kept_in, read

NORTH = SignIn("https://north.example.org", "a-token-of-the-tests")


def test_file_and_folder_are_for_the_owner_only(tmp_path: Path) -> None:
    file = kept_in({"XDG_CONFIG_HOME": str(tmp_path / "config")})
    keep(NORTH, file)
    assert file == tmp_path / "config" / "netreach" / "sign-in.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert read(file) == NORTH
    assert [each.name for each in file.parent.iterdir()] == ["sign-in.json"]


def test_second_sign_in_replaces_the_first_even_where_others_could_read_it(tmp_path: Path) -> None:
    file = tmp_path / "sign-in.json"
    file.write_text("{}")
    file.chmod(0o644)
    keep(NORTH, file)
    assert (read(file), stat.S_IMODE(file.stat().st_mode)) == (NORTH, 0o600)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_token_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "sign-in.json"
    keep(NORTH, file)
    file.chmod(mode)
    with pytest.raises(SignInError, match="Others can read"):
        read(file)


@pytest.mark.parametrize("kept", [b"", b"{}", b"[]", b"\xff", b'{"url": 1, "token": 2}'])
def test_damaged_file_is_refused(tmp_path: Path, kept: bytes) -> None:
    file = tmp_path / "sign-in.json"
    file.touch(mode=0o600)
    file.write_bytes(kept)
    with pytest.raises(SignInError, match="cannot be read"):
        read(file)


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    keep(NORTH, kept_in(home))
    south = {"NETREACH_URL": "https://south.example.org", "NETREACH_TOKEN": "another"}
    assert find(home) == NORTH
    assert find(home | south) == SignIn("https://south.example.org", "another")


@pytest.mark.parametrize(
    "half", [{"NETREACH_URL": "https://evil.example"}, {"NETREACH_TOKEN": "t"}]
)
def test_half_an_environment_is_never_completed_from_the_file(
    tmp_path: Path, half: dict[str, str]
) -> None:
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    keep(NORTH, kept_in(home))
    with pytest.raises(SignInError, match="Set both"):
        find(home | half)


def test_nobody_signed_in(tmp_path: Path) -> None:
    with pytest.raises(SignInError, match="You are not signed in"):
        find({"XDG_CONFIG_HOME": str(tmp_path)})


@pytest.mark.parametrize("config", ["", "relative/folder"])
def test_without_a_usable_xdg_folder_it_is_below_home(tmp_path: Path, config: str) -> None:
    file = kept_in({"HOME": str(tmp_path), "XDG_CONFIG_HOME": config})
    assert file == tmp_path / ".config" / "netreach" / "sign-in.json"


def test_forgetting(tmp_path: Path) -> None:
    file = tmp_path / "sign-in.json"
    keep(NORTH, file)
    assert [forget(file), forget(file), file.exists()] == [True, False, False]


def test_token_is_not_in_its_repr() -> None:
    assert repr(NORTH) == "SignIn('https://north.example.org')"
