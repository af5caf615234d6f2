"""What is published: the manifest of one release, its bytes, its hash and its number."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from federation.partners.rules.canonical import canonical
from protocols.history.rules.written import AcknowledgementClass, Gap, Part, Wording, Written
from protocols.items.rules.drafts import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_PART,
    MOST_GAPS,
    MOST_LANGUAGES,
    MOST_PARTS,
    MOST_WORDS,
)
from protocols.items.rules.translations import is_stale
from protocols.statements.errors import AlreadyDifferent

__all__ = ["AcknowledgementClass", "Gap", "Part", "Wording", "is_stale"]

Urn = Annotated[str, msgspec.Meta(pattern=r"^urn:uuid:[0-9a-f-]{36}\Z")]
NUMBER = r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}\Z"
Number = Annotated[str, msgspec.Meta(pattern=NUMBER)]
Sequence = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """The exact release that a text was derived from, whoever published it."""

    urn: Urn
    hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one release says; a later version of netreach may say more.

    `lived_experience` says that somebody with lived experience reviewed these words, as the owning
    project attests; who it was stays there. An older release says neither this nor its source.
    """

    format: Literal["netreach-release/1"]
    release: UUID
    urn: Urn
    project: UUID
    number: Number
    sequence: Sequence
    previous: str | None
    acknowledgement: AcknowledgementClass
    kind: Literal["protocol", "answer"]
    protocol_kind: str | None
    source_language: str
    jurisdictions: list[str]
    review_by: date
    use_limits: list[str]
    channels: list[str]
    stated: Moment
    expires: Moment
    blocks: list[Part]
    variants: dict[str, Wording]
    placeholders: list[Gap]
    lived_experience: bool = False
    derived_from: Derived | None = None
    reading_days: Annotated[int, msgspec.Meta(ge=0, le=90)] | msgspec.UnsetType = msgspec.UNSET
    """How long those who have a seat may take to read it; 0 is at once. Unset leaves it to them."""

    def __post_init__(self) -> None:
        """Hold what every reader relies on, so that nobody has to ask again."""
        ids = {str(part.id) for part in self.blocks}
        if not self.blocks or len(ids) < len(self.blocks):
            raise ValueError("a release has parts, each once")
        source = self.variants.get(self.source_language)
        if source is None or set(source.texts) != ids:
            raise ValueError("a release has all its words in its source language")

    @property
    def source(self) -> Wording:
        """The wording that all others translate."""
        return self.variants[self.source_language]


class Paragraph(NamedTuple):
    """One block as it is shown: in another language than asked where it is not translated yet."""

    block: str
    text: str
    language: str


def manifest_bytes(manifest: Manifest) -> bytes:
    """Give the bytes that are signed, stored and sent, and never written a second time."""
    return canonical(msgspec.to_builtins(manifest))


def read_manifest(stored: bytes) -> Manifest:
    """Read published bytes; raises ValidationError on what is no release."""
    return msgspec.json.decode(stored, type=Manifest)


def is_too_large(manifest: Manifest) -> bool:
    """Tell whether a release is longer, or has more of anything, than a draft could have."""
    variants = manifest.variants.values()
    lines = [line for one in variants for line in (one.title, one.question or "", *one.keywords)]
    lines += [*manifest.jurisdictions, *manifest.channels, *manifest.use_limits]
    lines += [*manifest.variants, manifest.protocol_kind or ""]
    for gap in manifest.placeholders:
        lines += [gap.type, gap.filled_by, gap.example]
    return (
        len(manifest.variants) > MOST_LANGUAGES
        or max(len(manifest.blocks), *(len(one.texts) for one in variants)) > MOST_PARTS
        or len(manifest.placeholders) > MOST_GAPS
        or any(len(words) > MOST_WORDS for words in _lists(manifest))
        or any(len(line) > LONGEST_LINE for line in lines)
        or any(len(gap.name) > LONGEST_NAME for gap in manifest.placeholders)
        or any(len(text) > LONGEST_PART for one in variants for text in one.texts.values())
    )


def _lists(manifest: Manifest) -> list[list[str]]:
    keywords = [one.keywords for one in manifest.variants.values()]
    return [manifest.jurisdictions, manifest.channels, manifest.use_limits, *keywords]


def written_in(manifest: Manifest) -> Written:
    """Give what a release says in the shape of a saved state, to be compared with one."""
    return msgspec.convert(manifest, Written, from_attributes=True)


def is_number(text: str) -> bool:
    """Tell whether this could be a release's number at all."""
    return re.fullmatch(NUMBER, text) is not None


def next_number(previous: str | None, acknowledgement: AcknowledgementClass) -> str:
    """Let the number follow from what the author asks of readers: re-read, notify or nothing."""
    if previous is None:
        return "1.0.0"
    major, minor, patch = (int(part) for part in previous.split("."))
    if acknowledgement == "re-read":
        return f"{major + 1}.0.0"
    if acknowledgement == "notify":
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def paragraphs(manifest: Manifest, language: str) -> list[Paragraph]:
    """Give every block in a language, in the source language where it has no translation."""
    wording = manifest.variants.get(language)
    translated = wording.texts if wording else {}
    source = manifest.source.texts
    return [
        Paragraph(block, translated[block], language)
        if block in translated
        else Paragraph(block, source[block], manifest.source_language)
        for block in (str(part.id) for part in manifest.blocks)
    ]


def current_languages(manifest: Manifest) -> set[str]:
    """Give the languages whose words say what the source says; a stale one is not acknowledged."""
    return {language for language in manifest.variants if not is_stale(manifest, language)}


def best_language(available: Mapping[str, Any] | set[str], wanted: str, source: str) -> str:
    """Choose the language to show: the wanted one, its parent (nl for nl-BE), or the source."""
    parent = wanted.split("-", maxsplit=1)[0]
    return next((language for language in (wanted, parent) if language in available), source)


def same_words(one: Manifest, other: Manifest) -> bool:
    """Tell whether two releases say the same, apart from what the act of releasing adds."""
    passing = {"release": other.release, "number": other.number, "sequence": other.sequence}
    passing |= {"previous": other.previous, "acknowledgement": other.acknowledgement}
    passing |= {"stated": other.stated, "expires": other.expires}
    passing |= {"reading_days": other.reading_days}
    return msgspec.structs.replace(one, **passing) == other


class Work(NamedTuple):
    """An item as one project writes it: anybody can state the URN of somebody else's.

    `node_id` is the partner that stated it, None this node.
    """

    urn: str
    project_id: UUID
    node_id: str | None


class Published(NamedTuple):
    """What tells one release from another; `node_id` is who stated it, None this node."""

    id: UUID
    urn: str
    project_id: UUID
    number: str
    sequence: int
    hash: bytes
    node_id: str | None


class Known:
    """The releases that are known, found by what no two of one project can share."""

    def __init__(self, earlier: Iterable[Published]) -> None:
        """Begin with those that came before."""
        self._hashes: set[tuple[object, ...]] = set()
        self._places: set[tuple[object, ...]] = set()
        for one in earlier:
            self._add(one)

    def take(self, one: Published) -> bool:
        """Take a release in, False if it is known; refuse another text in an older one's place.

        What another project states under the same URN or id stands beside it, and keeps nothing
        out.
        """
        if (*_owner(one), one.hash) in self._hashes:
            return False
        if not self._places.isdisjoint(_places(one)):
            raise AlreadyDifferent
        self._add(one)
        return True

    def _add(self, one: Published) -> None:
        self._hashes.add((*_owner(one), one.hash))
        self._places.update(_places(one))


def _owner(one: Published) -> tuple[str | None, UUID]:
    return one.node_id, one.project_id


def _places(one: Published) -> list[tuple[object, ...]]:
    return [
        (*_owner(one), one.id),
        (*_owner(one), one.urn, one.sequence),
        (*_owner(one), one.urn, one.number),
    ]
