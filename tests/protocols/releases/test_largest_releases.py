"""As long as a text may be it is kept and found; longer, and it is refused."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.releases.errors import ReleaseTooLarge
from protocols.releases.models import ReleaseText
from protocols.releases.rules import Gap, Manifest, Wording
from protocols.releases.searching import spread_out_again
from tests.protocols.releases.received import Sent, changed, receive, stored, with_parts

replaced = msgspec.structs.replace


def with_source(known: Manifest, **facts: Any) -> Manifest:
    return with_variants(known, {"en": msgspec.structs.replace(known.source, **facts)})


def with_variants(known: Manifest, variants: dict[str, Wording]) -> Manifest:
    return msgspec.structs.replace(known, variants=known.variants | variants)


def with_gaps(known: Manifest, count: int, **facts: Any) -> Manifest:
    gap = {"type": "text", "filled_by": "worker", "example": "", "material": False, **facts}
    gaps = [Gap(**{"name": f"gap_{place}", **gap}) for place in range(count)]
    return msgspec.structs.replace(known, placeholders=gaps)


def in_languages(known: Manifest, count: int) -> Manifest:
    return with_variants(known, {f"x{place:02}": known.source for place in range(count - 1)})


AT_MOST: dict[str, tuple[Callable[[Manifest, int], Manifest], int]] = {
    "parts": (with_parts, 100),
    "text": (lambda known, size: with_parts(known, 1, "a" * size), 20_000),
    "languages": (in_languages, 50),
    "gaps": (with_gaps, 50),
    "gap": (lambda known, size: with_gaps(known, 1, name="a" * size), 40),
    "example": (lambda known, size: with_gaps(known, 1, example="a" * size), 500),
    "title": (lambda known, size: with_source(known, title="a" * size), 500),
    "question": (lambda known, size: with_source(known, question="a" * size), 500),
    "keywords": (lambda known, size: with_source(known, keywords=["a"] * size), 30),
    "places": (lambda known, size: msgspec.structs.replace(known, jurisdictions=["a"] * size), 30),
}


async def test_the_longest_text_is_kept_and_found_by_all_its_words(
    session: AsyncSession, sent: Sent
) -> None:
    """PostgreSQL refuses to search in more than a megabyte of different words."""
    ends = iter(range(1_000_000))

    def endless(known: Manifest) -> Manifest:
        longest = with_parts(known, 100)
        texts = {
            part: " ".join(f"word{next(ends):06}" for _ in range(100))
            for part in longest.source.texts
        }
        return replaced(
            longest,
            release=uuid4(),
            urn=f"urn:uuid:{uuid4()}",
            variants={"en": replaced(longest.source, texts=texts)},
        )

    for payload in (changed(sent.payload, endless), sent.payload):
        await receive(session, payload, sent.sender)
    await session.execute(update(ReleaseText).values(words=None, read_by=None))

    assert await spread_out_again(session) is False

    async def found_by(words: str) -> int:
        at = ReleaseText.words.op("@@")(func.to_tsquery(words))
        return len((await session.scalars(select(ReleaseText.release_id).where(at))).all())

    assert [await found_by(words) for words in ("word000000", "word009999", "two")] == [1, 1, 1]


@pytest.mark.parametrize(("made", "most"), AT_MOST.values(), ids=AT_MOST)
async def test_a_release_is_held_to_what_a_draft_may_be(
    session: AsyncSession, sent: Sent, made: Callable[[Manifest, int], Manifest], most: int
) -> None:
    too_large = changed(sent.payload, lambda known: made(known, most + 1))
    with pytest.raises(ReleaseTooLarge):
        await receive(session, too_large, sent.sender)
    assert await stored(session) == []

    largest = changed(sent.payload, lambda known: made(known, most))
    await receive(session, largest, sent.sender)
    assert [one.manifest for one in await stored(session)] == [largest["manifest"].encode()]
