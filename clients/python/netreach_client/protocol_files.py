"""A project's protocols as files, for tools and for times without a network.

The folder holds what is in force and nothing else: what was withdrawn since the last pull goes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import msgspec

from netreach_client.client import Client
from netreach_client.errors import AnswerError, FolderError
from netreach_client.structs import InForce, Protocol

INDEX = "index.json"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
OURS = re.compile(r"[0-9a-f-]{36}/(manifest\.json|[A-Za-z0-9-]+\.txt)")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a protocol's folder holds, and until when; `text_hashes` is by language."""

    id: UUID
    title: str
    kind: str
    number: str | None
    withdrawn_because: str | None
    pending: str | None
    texts: dict[str, str]
    text_hashes: dict[str, str]
    jurisdictions: list[str]
    review_by: str | None
    expires_at: str | None


class Index(msgspec.Struct, frozen=True):
    """Every file that the last pull wrote."""

    files: list[str]


def pull(client: Client, folder: Path) -> Iterator[Manifest]:
    """Write every protocol in force, then let go of what the last pull wrote and this one did not.

    Everything is fetched before anything is written: a node that stops answering changes nothing.
    """
    before = files_of_last_pull(folder)
    fetched = [(line, wordings(client, line)) for line in client.protocols()]
    written: dict[str, bytes] = {}
    manifests = []
    for line, found in fetched:
        manifest = describe(line, found)
        manifests.append(manifest)
        written[f"{line.id}/manifest.json"] = json(manifest)
        for language, name in manifest.texts.items():
            written[f"{line.id}/{name}"] = words_of(found[language]).encode()
    # named first, so that a pull that is cut short can be tidied by the next one
    write(folder / INDEX, json(Index(sorted(before | set(written)))))
    for path, content in written.items():
        write(folder / path, content)
    for path in before - set(written):
        (folder / path).unlink(missing_ok=True)
    write(folder / INDEX, json(Index(sorted(written))))
    yield from manifests


def files_of_last_pull(folder: Path) -> set[str]:
    """Name the files that may be replaced; a folder of somebody else's is left alone."""
    try:
        index = msgspec.json.decode((folder / INDEX).read_bytes(), type=Index)
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()):
            raise FolderError(
                f"{folder} holds other files. Name a new or an empty folder."
            ) from None
        return set()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FolderError(f"{folder / INDEX} is not one that netreach wrote.") from error
    if not all(OURS.fullmatch(path) for path in index.files):
        raise FolderError(f"{folder / INDEX} is not one that netreach wrote.")
    return set(index.files)


def wordings(client: Client, line: Protocol) -> dict[str, InForce]:
    """Fetch a protocol in each language in which it can be had."""
    found: dict[str, InForce] = {}
    for language in sorted({"en", *line.languages}):
        holds = client.protocol(line.id, language)
        words = holds.release or holds.emergency
        if words is None:
            continue
        if not LANGUAGE.fullmatch(words.language):
            raise AnswerError("The answer names a language that is none.")
        found[words.language] = holds
    return found


def describe(line: Protocol, found: dict[str, InForce]) -> Manifest:
    """Sum up what holds."""
    releases = {language: holds.release for language, holds in found.items() if holds.release}
    release = next(iter(releases.values()), None)
    return Manifest(
        id=line.id,
        title=line.title,
        kind=line.kind,
        number=release.number if release else None,
        withdrawn_because=line.withdrawn_because,
        pending=line.pending,
        texts={language: f"{language}.txt" for language in found},
        text_hashes={language: each.text_hash for language, each in releases.items()},
        jurisdictions=release.jurisdictions if release else [],
        review_by=release.review_by.isoformat() if release else None,
        expires_at=release.expires_at.isoformat() if release else None,
    )


def words_of(holds: InForce) -> str:
    """Lay a text out for reading: its title, then its parts, a blank line between them."""
    if holds.release:
        parts = [holds.release.title, *(passage.text for passage in holds.release.passages)]
    else:
        parts = [holds.title, holds.emergency.text if holds.emergency else ""]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def json(value: object) -> bytes:
    """Write JSON that people can read too."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def write(file: Path, content: bytes) -> None:
    """Replace a file whole, so that no reader ever finds half a safeguarding text."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)
