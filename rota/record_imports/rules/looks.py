"""A look at an old table: what each row would become, and which words somebody has to explain."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from federation.errors import Reason
from federation.screen.rules import WORDS, findings
from rota.record_imports.rules import columns as col
from rota.record_imports.rules.choices import MOST_WORDS, Choices, Said, columns_of, meanings
from rota.record_imports.rules.days import needs_order
from rota.record_imports.rules.rows import (
    LEFT_OUT,
    SCREENED,
    Fate,
    OldContact,
    OldSession,
    Rules,
    Told,
    fate_of,
)
from rota.record_imports.rules.tables import Row, Table
from rota.record_imports.rules.words import LEAVE_ROW, SAY_NOTHING, Allowed, parts_of

LONGEST_WORD = 60
UNSAID, PERSONAL = "word-not-said", "personal-data"
SCREENED_WORD = "The column for %(what)s has what looks like %(found)s."
UNSAID_WORD = "The column for %(what)s has a word of no list. Say what it is."
WORD_LEFT_OUT = "You left out this word for %(what)s."
A_SENTENCE = "The column for %(what)s has a sentence, not a word."
MANY_WORDS = (
    "The column for %(what)s has more than %(number)s words of no list. "
    "It is probably another column."
)
CLOSED = (
    *(col.CHANNEL, col.KIND, col.LANGUAGE, col.FAMILIARITY, col.MINUTES, col.TOPICS, col.OUTCOME),
    *(col.UNMET, col.AREA, col.GENDER, col.NATIONALITY),
)
"""What is read from closed lists."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a column, in how many rows it is, and what it becomes; None where nobody said."""

    field: str
    said: str
    rows: int
    becomes: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What an import would do, told row by row."""

    columns: tuple[str, ...]
    needs_order: bool
    words: list[Word]
    fates: list[Fate]

    @property
    def contacts(self) -> list[OldContact]:
        """List whom the rows that are taken tell of."""
        return [contact for fate in self.fates for contact in fate.contacts]

    @property
    def sessions(self) -> list[OldSession]:
        """List when the rows that are taken say that somebody was there, each time once."""
        return sorted({fate.session for fate in self.fates if fate.session})

    @property
    def people(self) -> int:
        """Count whom the rows that are taken tell of."""
        return sum(contact.times for contact in self.contacts)

    @property
    def rows(self) -> dict[str, int]:
        """Count rows by what becomes of them."""
        return dict(Counter(fate.fate for fate in self.fates))


@dataclass(slots=True)
class Reading:
    """How many rows have been read so far, for whoever waits meanwhile."""

    rows: int = 0


@dataclass(slots=True)
class _Reader:
    """Reads the words of one table; each is looked up and screened once."""

    allowed: Allowed
    said: Mapping[Said, str]
    met: dict[Said, str | Reason] = field(default_factory=dict)
    rows: Counter[Said] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def entry(self, of: str, word: str) -> str | Reason:
        """Give what a word becomes, or why its row stays out; no sentence has the word."""
        key = of, word
        if key not in self.met:
            self.met[key] = self._read(of, word)
        self.rows[key] += 1
        return self.met[key]

    def _read(self, of: str, word: str) -> str | Reason:
        known = self.allowed.known(of, word)
        if known is not None:
            return self.said.get((of, word), known)
        self.unknown[of] += 1
        if self.unknown[of] > MOST_WORDS:
            return _too_many(of)
        # a town may be called as somebody is, and a channel as well
        for one in findings(word):
            if one.kind != "name" or of not in {col.AREA, col.CHANNEL}:
                return _screened(of, one.kind)
        if len(word) > LONGEST_WORD:
            return _too_long(of)
        return self.said.get((of, word)) or _unsaid(of)

    @property
    def words(self) -> list[Word]:
        """List words that people decide about, those first that nobody has decided."""
        shown = [
            Word(
                of,
                word,
                self.rows[of, word],
                became if isinstance(became, str) else None,
                known=self.allowed.known(of, word) is not None,
            )
            for (of, word), became in self.met.items()
            if isinstance(became, str) or became.code == UNSAID
        ]
        return sorted(shown, key=_undecided_first)


def _undecided_first(one: Word) -> tuple[bool, bool, str, int]:
    return one.becomes is not None, one.known, one.field, -one.rows


def look_at(
    table: Table,
    choices: Choices,
    allowed: Allowed,
    zone: str,
    now: datetime,
    reading: Reading | None = None,
) -> Look:
    """Tell what becomes of every row; nothing is kept of it."""
    reading = reading or Reading()
    columns = columns_of(table, choices, allowed)
    reader = _Reader(allowed, meanings(choices, allowed))
    days = choices.first_day or date.min, choices.last_day or date.max
    rules = Rules(zone, now, choices.order, *days)
    if col.DATE not in columns:
        return Look(columns, needs_order=False, words=[], fates=[])
    written = [row.cells[columns.index(col.DATE)] for row in table.rows]
    fates = []
    for row in table.rows:
        fates.append(_fate(_cells(row, columns), row.number, reader, choices, rules))
        reading.rows += 1
    return Look(columns, needs_order(written), reader.words, fates)


def look_without_days(table: Table, choices: Choices, allowed: Allowed) -> Look:
    """Read words alone, where of the columns that somebody chose none has the day."""
    columns = tuple(choices.columns or ())
    reader = _Reader(allowed, meanings(choices, allowed))
    for row in table.rows:
        cells = _cells(row, columns)
        for of in CLOSED:
            for word in _words(of, cells, reader):
                reader.entry(of, word)
    return Look(columns, needs_order=False, words=reader.words, fates=[])


def _cells(row: Row, columns: tuple[str, ...]) -> dict[str, str]:
    return {of: cell for of, cell in zip(columns, row.cells, strict=True) if of}


def _fate(
    cells: Mapping[str, str], number: int, reader: _Reader, choices: Choices, rules: Rules
) -> Fate:
    entries: dict[str, tuple[str, ...]] = {}
    wrong: list[Reason] = []
    whole = {col.CHANNEL: choices.channel, col.LANGUAGE: choices.language}
    for of in CLOSED:
        if whole.get(of) and not cells.get(of):
            entries[of] = (whole[of],)
        for word in _words(of, cells, reader):
            became = reader.entry(of, word)
            if isinstance(became, Reason):
                wrong.append(became)
            elif became == LEAVE_ROW:
                wrong.append(_said_so(of))
            elif became != SAY_NOTHING:
                entries[of] = (*entries.get(of, ()), became)
    if not wrong:
        return fate_of(Told(number, cells, entries), rules)
    screened = any(one.code == PERSONAL for one in wrong)
    return Fate(number, SCREENED if screened else LEFT_OUT, reasons=tuple(dict.fromkeys(wrong)))


def _words(of: str, cells: Mapping[str, str], reader: _Reader) -> Iterator[str]:
    """Give the words of a cell; of topics there may be several in one."""
    cell = cells.get(of, "")
    if of != col.TOPICS or not cell or reader.allowed.known(of, cell):
        yield from [cell] if cell else []
    else:
        yield from dict.fromkeys(parts_of(cell))


def _screened(of: str, kind: str) -> Reason:
    return Reason("personal-data", SCREENED_WORD % {"what": col.COLUMNS[of], "found": WORDS[kind]})


def _unsaid(of: str) -> Reason:
    return Reason("word-not-said", UNSAID_WORD % {"what": col.COLUMNS[of]})


def _said_so(of: str) -> Reason:
    return Reason("word-left-out", WORD_LEFT_OUT % {"what": col.COLUMNS[of]})


def _too_long(of: str) -> Reason:
    return Reason("word-too-long", A_SENTENCE % {"what": col.COLUMNS[of]})


def _too_many(of: str) -> Reason:
    return Reason(
        "too-many-words",
        MANY_WORDS % {"what": col.COLUMNS[of], "number": MOST_WORDS},
    )
