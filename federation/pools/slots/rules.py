"""When a language that few people speak may be shown at a fixed time: while each of them agrees."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

MOST_SHOWN = 500


class Speaker(NamedTuple):
    """A current worker of a pool, by handle, and the languages they speak.

    `joined` is false where their home is a partner no longer: they can come to no session.
    """

    handle_id: UUID
    languages: Collection[str]
    joined: bool = True


def speakers_of(language: str, workers: Iterable[Speaker]) -> frozenset[UUID]:
    """Give the handles of those who speak a language."""
    return frozenset(each.handle_id for each in workers if language in each.languages)


def all_agree(speakers: Collection[UUID], agreed: Collection[UUID]) -> bool:
    """Tell whether every speaker agrees; where nobody speaks it, nobody has agreed."""
    return bool(speakers) and set(speakers) <= set(agreed)


def none_disagrees(own: Collection[UUID], agreed: Collection[UUID]) -> bool:
    """Tell whether a member may show what its host states: its own people's no counts at once."""
    return set(own) <= set(agreed)


def shown_languages(workers: Iterable[Speaker], shown_from: int) -> frozenset[str]:
    """Give the languages that enough people speak for an hour in it to point at nobody.

    Those of most people, where there are more than any reader takes.
    """
    counts = Counter(tag for each in workers if each.joined for tag in set(each.languages))
    enough = [(-count, tag) for tag, count in counts.items() if count >= shown_from]
    return frozenset(tag for _, tag in sorted(enough)[:MOST_SHOWN])
