"""What a coordinator says of a table: what its columns tell, and what its words mean."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec

from federation.errors import Reason
from rota.record_imports.errors import WrongChoices
from rota.record_imports.rules.columns import DATE, LANGUAGE, columns_asked, guessed
from rota.record_imports.rules.days import Order
from rota.record_imports.rules.tables import MOST_COLUMNS, Table
from rota.record_imports.rules.words import Allowed, may_become

MOST_WORDS, MOST_MEANINGS = 100, 2_000
Said = tuple[str, str]
"""A column's field, and a word in it."""


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a word of a column becomes: an entry of the list, or one of two ways to leave it out."""

    field: str
    said: str
    becomes: str


class Choices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a table is to be read; without columns, what each tells is guessed from the header."""

    columns: Annotated[list[str], msgspec.Meta(max_length=MOST_COLUMNS)] | None = None
    order: Order | None = None
    channel: str = ""
    """Where all rows are of one channel."""
    language: str = ""
    """Where all rows are of one language."""
    first_day: date | None = None
    last_day: date | None = None
    """Of which days rows are taken, where others are counted already."""
    words: Annotated[list[Meaning], msgspec.Meta(max_length=MOST_MEANINGS)] = []


def columns_of(table: Table, choices: Choices, allowed: Allowed) -> tuple[str, ...]:
    """Give what each column tells, as was said or as its header says."""
    fields = columns_asked(gender=allowed.asks_gender, nationality=allowed.asks_nationality)
    if choices.columns is None:
        return guessed(table.header, fields)
    columns = tuple(choices.columns)
    told = [field for field in columns if field]
    wrong = []
    if len(columns) != len(table.header):
        wrong.append(Reason("other-columns", "Say of each column of the table what it tells."))
    if not set(told) <= fields.keys():
        wrong.append(Reason("unknown-column", "Choose what a column tells from the list."))
    if len(set(told)) < len(told):
        wrong.append(Reason("column-twice", "Two columns cannot tell the same thing."))
    if DATE not in told:
        wrong.append(Reason("no-day-column", "Say which column has the day."))
    if wrong:
        raise WrongChoices(reasons=tuple(wrong))
    return columns


def meanings(choices: Choices, allowed: Allowed) -> Mapping[Said, str]:
    """Give what words mean, as was said; an entry of no list is refused."""
    wrong = []
    if any(not may_become(one.field, one.becomes, allowed) for one in choices.words):
        wrong.append(Reason("unknown-entry", "Choose what a word means from the list."))
    if choices.channel and choices.channel not in allowed.channels:
        wrong.append(Reason("unknown-channel", "Choose a channel of the pool."))
    if choices.language and not may_become("language", choices.language, allowed):
        wrong.append(Reason("unknown-language", "Choose a language from the list."))
    if choices.first_day and choices.last_day and choices.first_day > choices.last_day:
        wrong.append(Reason("no-such-days", "The last day to count is before the first one."))
    if wrong:
        raise WrongChoices(reasons=tuple(wrong))
    return {(one.field, one.said): one.becomes for one in choices.words}


def fitting(choices: Choices, table: Table, allowed: Allowed) -> Choices:
    """Leave out what does not fit the table, so that the rest need not be said once more."""
    fields = columns_asked(gender=allowed.asks_gender, nationality=allowed.asks_nationality)
    columns = choices.columns
    if columns is not None:
        told = [field if field in fields else "" for field in columns]
        once = [field if field not in told[:i] else "" for i, field in enumerate(told)]
        columns = once if len(once) == len(table.header) else None
    days = choices.first_day, choices.last_day
    if choices.first_day and choices.last_day and choices.first_day > choices.last_day:
        days = None, None
    return msgspec.structs.replace(
        choices,
        columns=columns,
        channel=choices.channel if choices.channel in allowed.channels else "",
        language=choices.language if may_become(LANGUAGE, choices.language, allowed) else "",
        first_day=days[0],
        last_day=days[1],
        words=[one for one in choices.words if may_become(one.field, one.becomes, allowed)],
    )
