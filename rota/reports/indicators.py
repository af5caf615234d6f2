"""What a report says and how each number of it is counted (guidance 3.4).

Its five questions: do we reach people, is it worth what it takes, has the field changed, what needs
to change, and which risks are there.
"""

from collections.abc import Iterator
from typing import NamedTuple

ACCESS, EFFICACY, FIELD, CHANGE, RISKS = (
    "accessibility",
    "efficacy",
    "the-field",
    "need-for-change",
    "risks",
)
QUESTIONS = {
    ACCESS: "Accessibility: do we reach people?",
    EFFICACY: "Efficacy: what comes of the work that goes in?",
    FIELD: "The field: what has changed?",
    CHANGE: "Need for change: what do people miss?",
    RISKS: "Risks: for those who write, and for us",
}


class Indicator(NamedTuple):
    """One number of the report: under which question, in which unit, and how it is counted."""

    key: str
    question: str
    title: str
    unit: str
    how: str


INDICATORS = (
    Indicator(
        "hours-open",
        ACCESS,
        "Hours open",
        "h",
        "Time in which at least one session on any channel of the pool was complete, until its end "
        "or until it was ended; sessions at the same time count once. Of sessions that are over "
        "and of which nobody has said that they did not take place. From the rota, whoever "
        "staffed it.",
    ),
    Indicator(
        "hours-planned",
        ACCESS,
        "Hours planned",
        "h",
        "Time of all sessions that were planned and not called off, complete or not, and whose "
        "time is over; sessions at the same time count once.",
    ),
    Indicator(
        "hours-alone",
        ACCESS,
        "Hours your project had alone",
        "h",
        "What your project offered in a week before it joined the pool, times the weeks of the "
        "period, as far as its days are over.",
    ),
    Indicator(
        "talked",
        ACCESS,
        "Contacts",
        "contacts",
        "Contacts in finished records of your project in which somebody was there and answered, "
        "and those that were imported from an old table.",
    ),
    Indicator(
        "imported",
        ACCESS,
        "Of these, imported",
        "contacts",
        "Of the contacts, those from old tables that a coordinator of your project has imported; "
        "counted by what the table told, without a record of their session.",
    ),
    Indicator(
        "new",
        ACCESS,
        "New, as told",
        "contacts",
        "Of the contacts, those who said that they had not been here before. Nobody is recognised.",
    ),
    Indicator(
        "returning",
        ACCESS,
        "Here before, as told",
        "contacts",
        "Of the contacts, those who said that they had been here before.",
    ),
    Indicator(
        "staff-hours",
        EFFICACY,
        "Staff hours given",
        "h",
        "What the people of your project gave to the pool, without being on call: from briefing "
        "to debrief of sessions that began in the period, are over, and of which nobody has said "
        "that they did not take place.",
    ),
    Indicator(
        "staff-hours-per-contact",
        EFFICACY,
        "Staff hours for each contact",
        "h",
        "Staff hours given, divided by contacts without those that were imported.",
    ),
    Indicator(
        "records",
        EFFICACY,
        "Records kept",
        "records",
        "Finished records of your project; each seat holder keeps one of each session.",
    ),
    Indicator(
        "signposted",
        EFFICACY,
        "Told of another service",
        "contacts",
        "Of the contacts, those with this outcome.",
    ),
    Indicator(
        "talked-before",
        FIELD,
        "Contacts in the period before",
        "contacts",
        "Contacts, counted in as many months right before the period; these are whole months, "
        "also where the month that is running is in the period.",
    ),
    Indicator(
        "turned-away",
        CHANGE,
        "Turned away",
        "contacts",
        "People who wrote in a session while nobody was free, as recorded or imported.",
    ),
    Indicator(
        "wrong-channel",
        CHANGE,
        "Not for us",
        "contacts",
        "People who meant another service or place, as recorded or imported.",
    ),
    Indicator(
        "unmet",
        CHANGE,
        "Needs that nobody could meet",
        "contacts",
        "Contacts of every kind in whose record a need is named that was not met.",
    ),
    Indicator(
        "technical",
        CHANGE,
        "Records that tell of technical trouble",
        "records",
        "Finished records that say so; two of the same session count as two.",
    ),
    Indicator(
        "staff-abused",
        RISKS,
        "Records that tell of abuse of one of us",
        "records",
        "Finished records that say so; two of the same session count as two.",
    ),
    Indicator(
        "support-wanted",
        RISKS,
        "Records that tell of support still wanted",
        "records",
        "Finished records that say that support was needed and not had; two of the same session "
        "count as two.",
    ),
    Indicator(
        "drop-outs",
        RISKS,
        "Seats given up late",
        "seats",
        "Seats of your project's people that became free within 48 hours before the session or "
        "while it ran, of sessions of the period that are over.",
    ),
    Indicator(
        "covers-asked",
        RISKS,
        "Cover asked for",
        "requests",
        "Requests for cover of seats of your project's people, for sessions of the period that "
        "are over.",
    ),
    Indicator(
        "covers-found",
        RISKS,
        "Of these, covered",
        "requests",
        "Those that somebody took over.",
    ),
    Indicator(
        "texts-current",
        RISKS,
        "Protocols within their review date",
        "texts",
        "Of the protocols in force, those whose review date, as it was released, is not over today "
        "in the pool's time zone, whatever the period.",
    ),
    Indicator(
        "texts",
        RISKS,
        "Protocols in force",
        "texts",
        "Protocols of your project that are released and not withdrawn, also while an edit of them "
        "has begun, whatever the period; canned answers are not counted.",
    ),
)
TABLES = {
    "language": "Contacts by language",
    "language-turned-away": "Turned away, by language",
    "topic": "Contacts by topic; one contact may have several",
    "outcome": "Contacts by what came of them",
    "signpost": "Services that people were told of",
    "minutes": "Contacts by how long they took",
    "familiarity": "New or here before, as told",
    "area": "Contacts by area",
    "gender": "Contacts by gender, where it is asked",
    "nationality": "Contacts by nationality, where it is asked",
    "unmet": "Needs that nobody could meet",
    "pace": "Records by how busy the session was",
    "support": "Records by support after the session",
}
"""The tables of a report, each the sum of one thing that records say."""
GONE = "a service that is gone"
"""What stands for a service that has been deleted since people were told of it."""
REPEATED = {
    "contacts": "Everybody who wrote, by whether we talked with them",
    "trouble": "Records by trouble that they tell of",
    "records": "Records kept",
    "imported": "Contacts that were imported",
}
"""Tables that say again what stands among the numbers: for programs, pages leave them out."""
OF_RECORDS = frozenset({"pace", "support", "trouble", "records"})
"""Tables that count records; all others count contacts."""
BY_MONTH, OPEN_BY_LANGUAGE = "by-month", "open-by-language"
OTHER_TABLES = (
    Indicator(
        BY_MONTH,
        ACCESS,
        "Contacts a month",
        "contacts",
        "Contacts of each month of the period, counted as above.",
    ),
    Indicator(
        OPEN_BY_LANGUAGE,
        ACCESS,
        "Open hours by language of the session",
        "h",
        "Time in which at least one session in this language was complete, counted as hours open "
        "are; a session in two languages counts for both.",
    ),
)
"""Tables that are not sums of what records say."""
SUMMED = (
    "Entries of finished records of your project by the session's month, and those of imported "
    "tables by the month of their day, added up."
)
RECORDED = (
    "Finished records of your project by the session's month; two of the same session count as two."
)
TITLES = {one.key: one.title for one in (*INDICATORS, *OTHER_TABLES)}
HOW = {one.key: one.how for one in (*INDICATORS, *OTHER_TABLES)} | {
    "tables": SUMMED,
    "tables of records": RECORDED,
}
"""How each number is counted, and the tables of records: pages say it in words."""
ABOUT = {
    "project": ("Project", "Whose records, people and texts are counted."),
    "pool": ("Pool", "Where the sessions were held."),
    "first": ("First day", "The first day of the period, which is of whole months."),
    "until": ("Day after the last", "The day after the period: the first of the month after it."),
    "as-of": (
        "Counted at",
        "When the report was made: sessions and days that were not over then are not counted.",
    ),
}
"""Of what a report is."""
LISTS = {
    "services": (
        "Names of services",
        "The project's services, and those of the table of services that are gone, by their ids.",
    ),
    "dictionary": ("Data dictionary", "What everything in this document is."),
}
"""What only the JSON has."""
NAMED, COUNTED = ("slug", "name"), ("value", "count")


class Described(NamedTuple):
    """An entry of the data dictionary.

    `where` is where it stands in the JSON, `columns` what a row of it has there.
    """

    key: str
    kind: str
    question: str
    title: str
    unit: str
    how: str
    where: str
    columns: tuple[str, ...] = ()


COLUMNS = {
    "project": NAMED,
    "pool": NAMED,
    BY_MONTH: ("month", "contacts"),
    OPEN_BY_LANGUAGE: ("language", "hours"),
    "dictionary": Described._fields,
}


def dictionary() -> Iterator[Described]:
    """Describe all that a report holds, for whoever reads its data elsewhere."""
    for key, (title, how) in ABOUT.items():
        yield Described(key, "about", "", title, "", how, _place(key), COLUMNS.get(key, ()))
    for one in INDICATORS:
        yield Described(one.key, "number", *one[1:], where=f"values.{one.key}")
    for key, title in (TABLES | REPEATED).items():
        unit, how = ("records", RECORDED) if key in OF_RECORDS else ("contacts", SUMMED)
        yield Described(key, "table", "", title, unit, how, f"tables.{key}", COUNTED)
    for one in OTHER_TABLES:
        place, columns = _place(one.key), COLUMNS[one.key]
        yield Described(one.key, "table", *one[1:], where=place, columns=columns)
    for key, (title, how) in LISTS.items():
        yield Described(key, "list", "", title, "", how, _place(key), COLUMNS.get(key, ()))


def _place(key: str) -> str:
    return key.replace("-", "_")
