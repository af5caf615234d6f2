from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from sqlalchemy import Boolean, ColumnElement, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, REGCONFIG, TSQUERY, TSVECTOR, array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from protocols.search_words.models import SearchWord
from protocols.search_words.rules import (
    SHORTEST_MENDED,
    asked_words,
    configuration,
    lexemes,
    meant,
    spelt,
    swapped,
)

ALIKE_AT_MOST = 30
SIMPLE = "simple"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, as PostgreSQL's own queries, worked out once and not for each row.

    `exactly`: all words as they were typed, or in another form of theirs; `nearly`: or what was
    meant by them; `loosely`: one of them is enough.
    """

    words: int
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
    rules = [_rules(name) for name in dict.fromkeys(map(configuration, languages))]
    instead = await _understood(session, words, rules[0])
    typed = [_forms(rules, [word]) for word in instead]
    meant_too = [_forms(rules, [word, *others]) for word, others in instead.items()]
    exactly, nearly, loosely = (
        await session.execute(
            select(
                cast(_joined("&&", typed), Text()),
                cast(_joined("&&", meant_too), Text()),
                cast(_joined("||", meant_too), Text()),
            )
        )
    ).one()
    return Asked(len(instead), exactly, nearly, loosely)


async def _understood(
    session: AsyncSession, words: Sequence[str], rules: ColumnElement[str]
) -> dict[str, list[str]]:
    """Give the words that say something, each with what may have been meant by it instead."""
    columns = (words, [spelt(word) for word in words], [" ".join(swapped(word)) for word in words])
    typed = func.unnest(*(array(column, type_=Text()) for column in columns))
    table = typed.table_valued("word", "spelt", "swapped").render_derived()
    alike = (
        select(SearchWord.word)
        .where(
            or_(
                SearchWord.spelt.op("%", return_type=Boolean())(table.c.spelt),
                SearchWord.word == func.any(func.string_to_array(table.c.swapped, " ")),
            )
        )
        .order_by(func.similarity(SearchWord.spelt, table.c.spelt).desc(), SearchWord.word)
        .limit(ALIKE_AT_MOST)
        .correlate(table)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            table.c.word,
            func.numnode(func.plainto_tsquery(rules, table.c.word)) > 0,
            func.array(alike, type_=ARRAY(Text())),
        )
    )
    found = {word: (tells, known) for word, tells, known in rows}
    telling = [word for word in words if found[word][0]] or words
    return {word: _instead(word, found[word][1]) for word in telling}


def _forms(rules: Sequence[ColumnElement[str]], words: Sequence[str]) -> ColumnElement[str]:
    forms = [func.plainto_tsquery(each, word, type_=TSQUERY) for each in rules for word in words]
    return _joined("||", [cast(literal(lexemes(words)), TSQUERY), *forms])


def _instead(word: str, known: Sequence[str]) -> list[str]:
    if len(word) < SHORTEST_MENDED:
        return []
    return [other for other in meant(word, known) if not other.startswith(word)]


def _rules(name: str) -> ColumnElement[str]:
    return cast(literal(name), REGCONFIG)


def _joined(
    operator: str, parts: Iterable[ColumnElement[str]], kind: TSQUERY | TSVECTOR | None = None
) -> ColumnElement[str]:
    kind = kind or TSQUERY()
    return reduce(lambda one, other: one.op(operator, return_type=kind)(other), parts)
