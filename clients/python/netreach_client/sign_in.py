"""Where address and token are kept: the environment, or one file that only its owner can read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec

from netreach_client.errors import SignInError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SignIn(msgspec.Struct, frozen=True):
    """A node and the token that opens it for one person."""

    url: str
    token: str

    def __repr__(self) -> str:
        """Name the node and never the token."""
        return f"SignIn({self.url!r})"


def find(environment: Mapping[str, str]) -> SignIn:
    """Take NETREACH_URL and NETREACH_TOKEN if set, else what `netreach login` has kept."""
    url, token = environment.get("NETREACH_URL"), environment.get("NETREACH_TOKEN")
    if url and token:
        return SignIn(url, token)
    if url or token:
        # half of it must not be completed from the file: that would send a token to another node
        raise SignInError("Set both NETREACH_URL and NETREACH_TOKEN, or neither of them.")
    return read(kept_in(environment))


def kept_in(environment: Mapping[str, str]) -> Path:
    """Name the file, after the XDG rules (a relative XDG_CONFIG_HOME counts as none)."""
    folder = Path(environment.get("XDG_CONFIG_HOME", ""))
    if not folder.is_absolute():
        folder = Path(environment.get("HOME") or Path.home()) / ".config"
    return folder / "netreach" / "sign-in.json"


def read(file: Path) -> SignIn:
    """Read what was kept, unless others could have read or written it too."""
    try:
        with file.open("rb") as opened:
            if os.name == "posix" and os.fstat(opened.fileno()).st_mode & OTHERS:
                raise SignInError(
                    f"Others can read {file}. Revoke that token, then run netreach login again."
                )
            return msgspec.json.decode(opened.read(), type=SignIn)
    except FileNotFoundError as error:
        raise SignInError(
            "You are not signed in. Run netreach login, or set NETREACH_URL and NETREACH_TOKEN."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SignInError(f"{file} cannot be read. Run netreach login again.") from error


def keep(sign_in: SignIn, file: Path) -> None:
    """Write the file whole or not at all, readable by its owner from the first byte."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=file.parent, prefix=".sign-in-", delete=False) as written:
        try:
            written.write(msgspec.json.encode(sign_in))
            written.flush()
            Path(written.name).replace(file)
        except BaseException:
            Path(written.name).unlink(missing_ok=True)
            raise


def forget(file: Path) -> bool:
    """Remove the file; tell whether there was one."""
    there = file.exists()
    file.unlink(missing_ok=True)
    return there
