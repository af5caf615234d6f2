"""Sentences that rules have filled with values, found again so that pages can say them otherwise.

A reason is kept, and comes from other nodes, as the English sentence that it is: what a rule knew
when it wrote the sentence stands in the sentence alone.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache

from babel.numbers import format_decimal

from api.dates import day_and_month, day_name, full_date
from api.errors import CHARACTERS, CHARACTERS_AT_MOST, NUMBER_BETWEEN, NUMBER_OR_EMPTY
from api.languages.catalogues import SOURCE, catalogue
from api.languages.days import OLD_DAY, read_day
from federation.errors import TOO_LONG
from federation.pools import topics
from protocols.adapting import actions as adapting
from protocols.adoption import rules as adoption
from protocols.answers.rules import lint
from protocols.drafting.rules import archives
from protocols.drafting.rules import fates as drafting
from protocols.exchange.rules import (
    csv_files,
    fields,
    json_files,
    markdown_files,
    outgoing,
    tables,
)
from protocols.exchange.rules.tools import chatwoot, every, live_helper_chat, zammad
from protocols.history.rules import differences
from protocols.items.rules import drafts as texts
from protocols.items.rules import values
from protocols.marks import rules as marks
from protocols.overlays.rules import three_way, writing
from protocols.pool_texts import rule_actions
from protocols.proposals.decisions import rules as decisions
from protocols.proposals.rules import leaving, names
from protocols.proposals.rules import parts as proposed
from protocols.readability.rules import measure
from protocols.recalls import rules as recalls
from protocols.screening import rules as screening
from protocols.signposts.rules import drafts as services
from protocols.signposts.rules import entries, lists
from rota.bookings import busy_seats
from rota.bookings import rules as bookings
from rota.demand.rules import exposure
from rota.handover import rules as handover
from rota.leave.actions import SEAT_IN_LEAVE
from rota.open_hours.rules.language_names import language_name
from rota.passport import actions as passport
from rota.record_imports.rules import counts, looks, rows, workbooks
from rota.record_imports.rules import tables as sheets
from rota.record_keeping import rules as keeping
from rota.records.rules import drafts
from rota.seats import rules as seats
from rota.seats.actions import CLOSED
from rota.session_details import rules as session_details
from rota.shifts.rules import clock_changes, holidays, local_times, patterns, staffing
from rota.sign_up import notices
from rota.swaps.offering import NAME_FEWER
from rota.timetable import clock_questions

FILLED = (
    *(NUMBER_OR_EMPTY, NUMBER_BETWEEN, CHARACTERS, CHARACTERS_AT_MOST),
    keeping.MANY_AREAS,
    TOO_LONG,
    SEAT_IN_LEAVE,
    NAME_FEWER,
    *(keeping.KEEP_DAYS, keeping.PERSONAL, keeping.PERHAPS_A_NAME, exposure.HOW_MANY),
    *(looks.SCREENED_WORD, looks.UNSAID_WORD, looks.WORD_LEFT_OUT, looks.A_SENTENCE),
    *(looks.MANY_WORDS, rows.MANY_TOPICS, counts.NOT_A_COUNT),
    *(sheets.LARGE, sheets.LONG, sheets.UNEVEN, sheets.LONG_CELL),
    *(workbooks.MANY_PARTS, workbooks.UNPACKED, workbooks.WIDE),
    bookings.TRAINING_MISSING,
    bookings.READ_FIRST,
    bookings.ON_CALL_FULL,
    bookings.ON_CALL_ELSEWHERE,
    bookings.REST_TOO_SHORT,
    bookings.WEEK_FULL,
    bookings.TOO_MANY_SHIFTS,
    seats.LAST_SEAT,
    seats.ON_CALL,
    handover.PERSONAL,
    drafts.PERSONAL,
    drafts.OF_CONTACT,
    session_details.AT_ONCE,
    session_details.MINUTES,
    topics.TOO_MANY,
    topics.WORDS_ONLY,
    topics.PERSONAL,
    marks.PERSONAL,
    lint.STILL_OPEN,
    values.BROKEN,
    values.VALUE_TOO_LONG,
    lint.CONTACT_IN_VALUE,
    lint.SMS_TOO_LONG,
    lint.NOT_IN_PUBLIC,
    lint.NOT_FOR_THIS_USE,
    notices.MOVED,
    notices.MOVED_AWAY,
    notices.CALLED_OFF,
    CLOSED,
    busy_seats.BUSY,
    busy_seats.OURS_BUSY,
    passport.TRAINING_ENDS,
    passport.OURS_ENDS,
    entries.CLOSED,
    entries.EXPIRED,
    texts.UNDECLARED,
    texts.BROKEN,
    texts.PART_TOO_LONG,
    texts.LINE_TOO_LONG,
    texts.TOO_MANY,
    texts.NO_LANGUAGE,
    texts.GAP_NAME,
    drafting.OTHER_PARTS,
    drafting.LANGUAGE_TWICE,
    archives.FILES,
    archives.ONE_KIND,
    csv_files.LACKING,
    csv_files.NO_KIND,
    csv_files.LOCK,
    json_files.TOO_MANY,
    markdown_files.TWO_FILES,
    tables.ROWS,
    tables.CELLS,
    adoption.VALUE_MISSING,
    adoption.NO_SUCH_GAP,
    adapting.STALE,
    writing.WRITE_IN,
    writing.NO_VERSION_IN,
    three_way.NOT_DECIDED,
    three_way.NO_SUCH_CHOICE,
    *leaving.ASKED.values(),
    names.SOMEBODY,
    proposed.LOOKS_LIKE,
    proposed.MAY_IDENTIFY,
    proposed.IN_WORDS_OF,
    proposed.IN_WORDS,
    proposed.IN_WHY_OF,
    proposed.IN_WHY,
    proposed.MANY_PARTS,
    proposed.TOO_LONG,
    decisions.TOO_LONG,
    decisions.LOOKS_LIKE,
    decisions.AT,
    fields.OPEN,
    fields.UNSEEN,
    fields.OBEYED,
    fields.BY_HAND,
    fields.OPERATOR,
    outgoing.OVERDUE,
    chatwoot.TOO_LONG,
    zammad.TOO_LONG,
    zammad.CUT,
    zammad.SOME_KEYWORDS,
    live_helper_chat.TOO_LONG,
    live_helper_chat.CUT,
    live_helper_chat.LONG_KEYWORD,
    *every.NOTES,
    services.CHECK_OFTEN,
    services.NO_LANGUAGE,
    services.MANY_LANGUAGES,
    lists.UNKNOWN_COLUMN,
    measure.TWO_SENTENCES,
    measure.SAY_RATHER,
    screening.PERSONAL,
    differences.GAP_OF_WEIGHT,
    differences.GAP,
    clock_changes.SHOWN_TWICE,
    clock_questions.NEVER,
    clock_questions.TWICE,
    local_times.JUMPED_OVER,
    local_times.NO_SUCH_ZONE,
    holidays.NO_SUCH_REGION,
    patterns.MANY_PAUSES,
    staffing.SEATS_NEEDED,
    staffing.CHANNELS_MINIMUM,
    staffing.RULES_TOO_LONG,
    rule_actions.TEXT,
)
"""The first that fits is taken."""

OF_FIELD = re.compile(r"(?P<field>[a-z_]+): (?P<text>.+)", re.DOTALL)
"""What is wrong with a field of a form, behind its name."""

PLACES = (
    screening.PART,
    screening.EXAMPLE,
    *screening.LINES.values(),
    recalls.WHY,
    recalls.MEANWHILE,
)
"""What stands in a sentence about words of a text, never by itself."""

LONG_AGO = date.min


def told_in(language: str, text: str) -> str:
    """Write a filled sentence in a language; one that is not known stays as it is."""
    if language == SOURCE and not OLD_DAY.search(text):
        return text
    told = _refilled(language, text, FILLED)
    found = OF_FIELD.fullmatch(text) if told == text else None
    return f"{found['field']}: {_whatever(language, found['text'])}" if found else told


def _whatever(language: str, text: str) -> str:
    """Write a sentence in a language, whether it has values in it or not."""
    found = catalogue(language).gettext(text)
    return _refilled(language, text, FILLED) if found == text else found


def _refilled(language: str, text: str, sentences: tuple[str, ...]) -> str:
    for sentence, pattern in _patterns(sentences):
        found = pattern.fullmatch(text)
        if found:
            values = {
                name: _said(language, name, value) for name, value in found.groupdict().items()
            }
            return catalogue(language).gettext(sentence) % values
    return text


@cache
def _patterns(sentences: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    return [(sentence, _pattern(sentence)) for sentence in sentences]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    found = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(found), re.DOTALL)


def _said(language: str, name: str, value: str) -> str:
    return SAID[name](language, value) if name in SAID else value


def _words(language: str, value: str) -> str:
    return catalogue(language).gettext(value)


def _ways(language: str, value: str) -> str:
    either = f" {_words(language, 'or')} "
    return either.join(_words(language, each) for each in value.split(" or "))


def _languages(language: str, value: str) -> str:
    return ", ".join(language_name(tag, language) for tag in value.split(", "))


def _place(language: str, value: str) -> str:
    """Write where in a text words stand; behind it the language, where that is not the text's."""
    place, _, rest = value.partition(" (")
    told = _refilled(language, place, PLACES)
    return f"{told} ({language_name(rest.rstrip(')'), language)})" if rest else told


def _number(language: str, value: str) -> str:
    try:
        return format_decimal(value, locale=language)
    except ArithmeticError:
        return value


def _whole(language: str, value: str) -> str:
    """Write a number whose thousands English has marked with commas."""
    return _number(language, value.replace(",", ""))


def _day(language: str, value: str) -> str:
    """Write a day of a sentence as its language writes days; what is no day stays as it is."""
    told = read_day(value)
    if told is None:
        return value
    if told.weekday:
        written = day_name(told.day, LONG_AGO if told.year else None, language)
    else:
        written = (full_date if told.year else day_and_month)(told.day, language)
    return written + told.rest


def _times(language: str, value: str) -> str:
    """Write two clock times, each with what it is of a session."""
    return re.sub(r"the start|the end|and", lambda found: _words(language, found[0]), value)


def _date(language: str, value: str) -> str:
    try:
        return full_date(date.fromisoformat(value), language)
    except ValueError:
        return value


SAID: dict[str, Callable[[str, str], str]] = {
    "what": _words,
    "type": _words,
    "filler": _words,
    "place": _place,
    "gaps": _ways,
    "asked": _whatever,
    "language": _languages,
    "where": _ways,
    "languages": _languages,
    "found": _words,
    "hours": _number,
    "most": _whole,
    "limit": _number,
    "day": _day,
    "date": _date,
    "times": _times,
}
"""Which values are words too; what people have written stays as they wrote it."""
