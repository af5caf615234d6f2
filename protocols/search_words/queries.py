from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from protocols.search_words.models import SearchWord
from protocols.search_words.rules import (
    MOST_BEGUN,
    SHORTEST_MENDED,
    Forms,
    all_of,
    as_typed,
    asked_words,
    configuration,
    lexemes,
    meant,
    one_of,
    slips,
    spelt,
    swapped,
)

ALIKE_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, in PostgreSQL's query language, worked out once for all rows.

    `exactly`: all words as they were typed, or in another form of theirs; `nearly`: or what was
    meant by them; `loosely`: one of them is enough.
    """

    exactly: str
    nearly: str
    loosely: str


async def asked_for(session: AsyncSession, text: str, languages: Sequence[str]) -> Asked | None:
    """Understand what was typed: words that say nothing are left out, mistyped ones guessed.

    The first of `languages` decides which words say nothing in it. None where no word is left.
    """
    words = asked_words(text)
    if not words:
        return None
    rules = list(dict.fromkeys(map(configuration, languages)))
    instead = await _understood(session, words, rules[0])
    said = {*instead, *(other for others in instead.values() for other in others)}
    forms = await _forms(session, sorted(said), rules, as_typed(text))
    typed = [lexemes([word], forms) for word in instead]
    meant_too = [
        [*lexemes([word, *others], forms), *(f"'{slip}'" for slip in slips(word))]
        for word, others in instead.items()
    ]
    return Asked(all_of(typed), all_of(meant_too), one_of(meant_too))


_TYPED = (
    func.unnest(*(bindparam(name, type_=ARRAY(Text())) for name in ("words", "spelt", "swapped")))
    .table_valued("word", "spelt", "swapped")
    .render_derived()
)
_ALIKE = (
    select(SearchWord.word)
    .where(
        or_(
            SearchWord.spelt.op("%", return_type=Boolean())(_TYPED.c.spelt),
            SearchWord.word == func.any(func.string_to_array(_TYPED.c.swapped, " ")),
        )
    )
    .order_by(func.similarity(SearchWord.spelt, _TYPED.c.spelt).desc(), SearchWord.word)
    .limit(ALIKE_AT_MOST)
    .correlate(_TYPED)
    .scalar_subquery()
)
_UNDERSTOOD = select(
    _TYPED.c.word,
    func.numnode(func.plainto_tsquery(cast(bindparam("rules"), REGCONFIG), _TYPED.c.word)) > 0,
    func.array(_ALIKE, type_=ARRAY(Text())),
)
"""What may have been meant by each word, and whether it says anything."""


async def _understood(
    session: AsyncSession, words: Sequence[str], rules: str
) -> dict[str, list[str]]:
    """Give the words that say something, each with what may have been meant by it instead."""
    rows = await session.execute(
        _UNDERSTOOD,
        {
            "words": words,
            "spelt": [spelt(word) for word in words],
            "swapped": [" ".join(swapped(word)) for word in words],
            "rules": rules,
        },
    )
    found = {word: (tells, known) for word, tells, known in rows}
    telling = [word for word in words if found[word][0]] or words
    return {word: _instead(word, found[word][1]) for word in telling}


_SAID = (
    func.unnest(*(bindparam(name, type_=ARRAY(Text())) for name in ("words", "spelt", "typed")))
    .table_valued("word", "spelt", "typed")
    .render_derived()
)
_RULES = func.unnest(bindparam("rules", type_=ARRAY(Text()))).table_valued("name").render_derived()
_STEMS = (
    select(
        func.unnest(
            func.tsvector_to_array(func.to_tsvector(cast(_RULES.c.name, REGCONFIG), _SAID.c.typed))
        )
    )
    .select_from(_RULES)
    .correlate(_SAID)
    .scalar_subquery()
)
_BEGUN = (
    select(SearchWord.word)
    .where(
        SearchWord.spelt.like(_SAID.c.spelt + "%"), func.starts_with(SearchWord.word, _SAID.c.word)
    )
    .limit(MOST_BEGUN + 1)
    .correlate(_SAID)
    .scalar_subquery()
)
_FORMS = select(
    _SAID.c.word,
    func.array(_STEMS, type_=ARRAY(Text())),
    func.array(_BEGUN, type_=ARRAY(Text())),
)
"""How else each word is written: by each language's rules, and what is longer than it."""


async def _forms(
    session: AsyncSession, words: Sequence[str], rules: Iterable[str], typed: Mapping[str, str]
) -> Mapping[str, Forms]:
    parameters = {
        "words": words,
        "spelt": [spelt(word) for word in words],
        "typed": [" ".join(dict.fromkeys((word, typed.get(word, word)))) for word in words],
        "rules": rules,
    }
    return {word: Forms(*each) for word, *each in await session.execute(_FORMS, parameters)}


def _instead(word: str, known: Sequence[str]) -> list[str]:
    if len(word) < SHORTEST_MENDED:
        return []
    return [other for other in meant(word, known) if not other.startswith(word)]
