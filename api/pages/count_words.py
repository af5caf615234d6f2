"""What is counted, in words for people; what a newer node counts besides, by its own name."""

from collections.abc import Mapping

from api.languages.reading import language
from rota.open_hours.rules.language_names import language_name
from rota.record_sharing.rules.tables import (
    CONTACTS,
    FAMILIARITY,
    LANGUAGE,
    OUTCOME,
    PART,
    TOOK,
    TOPIC,
    UNMET,
)
from rota.records.rules.lists import FAMILIARITIES, KINDS, MINUTES, OUTCOMES

TABLES: Mapping[str, str] = {
    CONTACTS: "Contacts",
    LANGUAGE: "Those we talked with, by language",
    FAMILIARITY: "Those we talked with, new or not",
    TOOK: "Those we talked with, by how long it took",
    OUTCOME: "Those we talked with, by what came of it",
    PART: "Those we talked with, by part of the week",
    TOPIC: "Topics of those we talked with; one may have several",
    UNMET: "What could not be met",
}
PARTS: Mapping[str, str] = {
    "weekday-day": "Monday to Friday, 6 to 18",
    "weekday-evening": "Monday to Friday, 18 to 24",
    "weekend-day": "weekend, 6 to 18",
    "weekend-evening": "weekend, 18 to 24",
    "night": "nights, 0 to 6",
}
CELLS: Mapping[str, Mapping[str, str]] = {
    CONTACTS: KINDS,
    FAMILIARITY: FAMILIARITIES,
    TOOK: MINUTES | {"not-said": "not said"},
    OUTCOME: OUTCOMES,
    PART: PARTS,
}


def table_words(name: str) -> str:
    """Name a table."""
    return TABLES.get(name, name)


def cell_words(table: str, value: str) -> str:
    """Name a value of a table; topics are named as their pool names them."""
    if table == LANGUAGE and value != "other":
        return language_name(value, language())
    return CELLS.get(table, {}).get(value, value.replace("-", " "))
