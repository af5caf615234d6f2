"""The tables of one month, as they are counted and as members of a pool may see them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rota.record_sharing.rules.hiding import (
    Counts,
    Shown,
    all_hidden,
    hide_choices,
    hide_free,
    hide_parts,
    hide_within,
    is_small,
)
from rota.records.rules.counting import HOURS_A_DAY, RECORDS, Fact
from rota.records.rules.drafts import MOST_TOPICS
from rota.records.rules.lists import FAMILIARITIES, KINDS, MINUTES, OUTCOMES, TALKED

NOT_SAID, OTHER, NOTHING = "not-said", "other", "nothing"
CONTACTS, TOPIC, UNMET = "contacts", "topic", "unmet"
LANGUAGE, FAMILIARITY, TOOK, OUTCOME, PART = "language", "familiarity", "minutes", "outcome", "part"
OF_TALKS = (LANGUAGE, FAMILIARITY, TOOK, OUTCOME, PART)
"""Tables in which each of those whom somebody talked with is once."""
PARTS = ("weekday-day", "weekday-evening", "weekend-day", "weekend-evening", "night")
MORNING, EVENING, FRIDAY = 6, 18, 4
MOST_LANGUAGES = 60


@dataclass(frozen=True, slots=True)
class Month:
    """What a project has counted in a month for one pool: every table with all its cells."""

    sessions: int
    contacts: Counts
    of_talks: Mapping[str, Counts]
    topics: Counts
    unmet: Counts

    @property
    def total(self) -> int:
        """Count all who wrote."""
        return sum(self.contacts.values())


def month_counted(
    sums: Mapping[Fact, int],
    hours: Mapping[tuple[date, int], int],
    month: date,
    languages: Collection[str],
    topics: Collection[str],
) -> Month:
    """Lay sums out in tables whose cells are known beforehand: which there are tells nothing."""

    def of(dimension: str, values: Iterable[str]) -> dict[str, int]:
        return {value: sums.get(Fact(dimension, value), 0) for value in values}

    contacts = of(CONTACTS, KINDS)
    talked = contacts[TALKED]
    took = of(TOOK, MINUTES)
    spoken = of(LANGUAGE, languages)
    of_talks = {
        LANGUAGE: spoken | {OTHER: _of(sums, LANGUAGE) - sum(spoken.values())},
        FAMILIARITY: of(FAMILIARITY, FAMILIARITIES),
        TOOK: took | {NOT_SAID: talked - sum(took.values())},
        OUTCOME: of(OUTCOME, OUTCOMES),
        PART: _parts(hours, month),
    }
    sessions = sums.get(Fact(RECORDS, "session"), 0)
    return Month(sessions, contacts, of_talks, of(TOPIC, topics), of(UNMET, topics))


def _of(sums: Mapping[Fact, int], dimension: str) -> int:
    return sum(count for fact, count in sums.items() if fact.dimension == dimension)


def _parts(hours: Mapping[tuple[date, int], int], month: date) -> dict[str, int]:
    """Count by part of the week the hours of a month's own days, of weeks that reach beyond it."""
    counted = dict.fromkeys(PARTS, 0)
    for (monday, hour), count in hours.items():
        day = monday + timedelta(days=hour // HOURS_A_DAY)
        if day.replace(day=1) == month:
            counted[_part(day.weekday(), hour % HOURS_A_DAY)] += count
    return counted


def _part(weekday: int, hour: int) -> str:
    if hour < MORNING:
        return "night"
    days = "weekday" if weekday <= FRIDAY else "weekend"
    return f"{days}-day" if hour < EVENING else f"{days}-evening"


def shown(month: Month) -> dict[str, Shown]:
    """Give every table of a month with what may be seen of it; None is hidden.

    What could not be shown without telling something else is hidden as a whole.
    """
    few = is_small(month.total) or (month.total == 0 and month.sessions > 0)
    contacts = all_hidden(month.contacts) if few else hide_free(month.contacts)
    talked = contacts[TALKED]
    tables = {CONTACTS: contacts}
    for name, cells in month.of_talks.items():
        tables[name] = all_hidden(cells) if talked is None else hide_parts(cells, talked)
    tables[TOPIC] = (
        all_hidden(month.topics)
        if talked is None
        else hide_choices(month.topics, talked, MOST_TOPICS)
    )
    tables[UNMET] = all_hidden([*month.unmet, NOTHING]) if few else _unmet(month.unmet, contacts)
    return tables


def _unmet(unmet: Counts, contacts: Shown) -> Shown:
    """Show what was not met: of everybody who wrote, if it can be known how many those were."""
    known = [count for count in contacts.values() if count is not None]
    if len(known) == len(contacts):
        total = sum(known)
        return hide_parts({**unmet, NOTHING: total - sum(unmet.values())}, total)
    at_least = sum(known) + len(contacts) - len(known)
    return hide_within(unmet, at_least) | {NOTHING: None}
