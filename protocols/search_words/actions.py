from collections.abc import Iterable

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.search_words.models import SearchWord
from protocols.search_words.rules import spelt, words_of, worth_learning

AT_ONCE = 5_000


async def learn_words(session: AsyncSession, texts: Iterable[str]) -> None:
    """Remember which words published texts have, in one order, so that nobody waits in a circle."""
    words = sorted(worth_learning(word for text in texts for word in words_of(text)))
    for start in range(0, len(words), AT_ONCE):
        rows = [{"word": word, "spelt": spelt(word)} for word in words[start : start + AT_ONCE]]
        await session.execute(insert(SearchWord).values(rows).on_conflict_do_nothing())
