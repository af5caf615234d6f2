"""How many people of each kind a row tells of; nobody is counted as two."""

from collections.abc import Mapping

from federation.errors import Reason
from rota.record_imports.rules import columns as col
from rota.record_imports.rules.words import yes_or_number
from rota.records.rules.drafts import MOST_CONTACTS
from rota.records.rules.lists import TALKED, TURNED_AWAY

Counts = Mapping[str, int]
"""How many there are of each kind."""

NOT_A_COUNT = (
    "It has no count from 0 to %(number)s where one is expected. "
    "Write one whole number without signs, such as 5."
)
TWO_KINDS = Reason(
    "two-kinds",
    "One column says that somebody was turned away, and another one that they were not. "
    "Empty one of the two.",
)
TURNED_AWAY_TWICE = Reason(
    "turned-away-twice", "Two columns count who was turned away. Empty one of the two."
)


def counts_of(cells: Mapping[str, str], kind: str) -> Counts | Reason:
    """Say how many of each kind a row tells of: one, unless the table counts sessions."""
    talks = yes_or_number(cells.get(col.TALKS, ""))
    away = yes_or_number(cells.get(col.TURNED_AWAY, ""))
    if talks is None or away is None or max(talks, away) > MOST_CONTACTS:
        return Reason("not-a-count", NOT_A_COUNT % {"number": MOST_CONTACTS})
    if col.TALKS in cells:
        return _of_session(kind or TALKED, talks, away)
    return _of_contact(kind, away)


def _of_session(kind: str, number: int, away: int) -> Counts | Reason:
    """Count a session's contacts as what their row says they are, beside those turned away."""
    if kind != TURNED_AWAY:
        return {kind: number, TURNED_AWAY: away}
    return TURNED_AWAY_TWICE if number and away else {TURNED_AWAY: number + away}


def _of_contact(kind: str, away: int) -> Counts | Reason:
    if kind == TURNED_AWAY or (away and not kind):
        return {TURNED_AWAY: away or 1}
    if kind and away == 1:
        # a tick beside another kind, or one more person
        return TWO_KINDS
    return {kind or TALKED: 1, TURNED_AWAY: away}
