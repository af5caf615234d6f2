"""Which recorded "read and understood" counts for a text that is in force."""

from dataclasses import dataclass
from hashlib import sha256

from protocols.adoption.rules import InForce, emergency_hash, text_hash
from protocols.releases.rules import Manifest, current_languages


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingText:
    """A text that somebody has to read first; `number` is empty where none has arrived yet."""

    urn: str
    title: str
    protocol_kind: str
    number: str


def needs_reading(text: InForce) -> bool:
    """Tell whether anybody has to acknowledge this text at all.

    Withdrawn or not yet here, it does: nobody can have read what would hold.
    """
    return text.manifest is None or bool(text.withdrawn_parts) or text.reading_asked


def hashes_that_count(text: InForce) -> set[bytes]:
    """Name the texts of which one, read in any language, is enough."""
    return set().union(*counting_texts(text))


def counting_texts(text: InForce) -> list[set[bytes]]:
    """Give release by release, newest first, the texts of which one read is enough.

    A release that does not ask for re-reading lets the reading of the one before it stand, unless
    that one was withdrawn.
    """
    if text.emergency is not None:
        words = text.emergency.items()
        return [{emergency_hash(text.urn, language, said) for language, said in words}]
    if text.manifest is not None and text.withdrawn_parts:
        # nobody has read what stands in the withdrawn part, whatever they read before
        return [_in_all_languages(text.manifest, text)]
    counting: list[set[bytes]] = []
    for release in text.history:
        if release.sequence not in text.withdrawn_history:
            counting.append(_in_all_languages(release, text))
        if release.acknowledgement == "re-read":
            break
    return counting


def _in_all_languages(release: Manifest, text: InForce) -> set[bytes]:
    return {text_hash(release, language, text.values) for language in current_languages(release)}


def hash_to_acknowledge(text: InForce, language: str) -> bytes | None:
    """Name the words that are right now shown in one language; None where there are none."""
    if text.emergency is not None:
        said = text.emergency.get(language)
        return emergency_hash(text.urn, language, said) if said else None
    if text.manifest is None or language not in current_languages(text.manifest):
        return None
    return text_hash(text.manifest, language, text.values)


def lacking_text(text: InForce) -> LackingText:
    """Name a text for somebody who still has to read it."""
    facts = text.facts
    return LackingText(
        urn=text.urn,
        title=facts.source.title if facts else "A text that has not arrived here yet",
        protocol_kind=(facts.protocol_kind or "") if facts else "",
        number=text.manifest.number if text.manifest else "",
    )


@dataclass(frozen=True, slots=True)
class Detail:
    """A new detail of a text: the words since it came, and those whose reading still counts.

    `name` is of the words that brought it: somebody is told of it once.
    """

    name: bytes
    since: frozenset[bytes]
    before: frozenset[bytes]

    @property
    def hashes(self) -> frozenset[bytes]:
        """Name all of these words."""
        return self.since | self.before

    def is_news_to(self, read: set[bytes]) -> bool:
        """Tell whether somebody has read what came before, and nothing of what came since."""
        return bool(self.before & read) and not self.since & read


def new_detail(text: InForce) -> Detail | None:
    """Give the newest detail of which readers are told without having to read again."""
    if text.manifest is None or text.withdrawn_parts:
        return None
    counting = counting_texts(text)
    sound = [one for one in text.history if one.sequence not in text.withdrawn_history]
    place = next(
        (at for at, one in enumerate(sound[: len(counting)]) if one.acknowledgement == "notify"),
        None,
    )
    if place is None:
        return None
    return Detail(
        sha256(b"".join(sorted(counting[place]))).digest(),
        frozenset[bytes]().union(*counting[: place + 1]),
        frozenset[bytes]().union(*counting[place + 1 :]),
    )
