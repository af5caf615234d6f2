"""What each row of an old table becomes, and what is asked about its words."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rota.record_imports.rules.choices import MOST_WORDS, Choices, Meaning
from rota.record_imports.rules.columns import HEADERS, guessed
from rota.record_imports.rules.counting import added_by
from rota.record_imports.rules.looks import look_at
from rota.record_imports.rules.rows import OldContact, OldSession
from rota.record_imports.rules.tables import read_sheet
from rota.record_imports.rules.words import LEAVE_ROW, SAY_NOTHING
from rota.records.rules.lists import MINUTES
from tests.rota.record_imports.world import CHAT, LATER, LISTS, codes, fates

NOV_3 = date(2026, 11, 3)
AT_19 = datetime(2026, 11, 3, 19, tzinfo=UTC)
AT_21 = AT_19.replace(hour=21)


def one(text: str, choices: Choices = CHAT) -> tuple[OldContact, ...]:
    [fate] = fates(text, choices)
    return fate.contacts


def old(**changed: object) -> OldContact:
    return msgspec.structs.replace(OldContact("live-chat", NOV_3, "talked"), **changed)


def test_headers_in_three_languages() -> None:
    for header in (
        ("Date", "Start time", "Language", "Topics", "Outcome", "Duration (min)", "Town"),
        ("Datum", "Tijd", "Taal", "Onderwerp", "Uitkomst", "Duur (minuten)", "Plaats"),
        ("Data", "Ora", "Limba", "Subiect", "Rezultat", "Durată (minute)", "Oraș"),
    ):
        wanted = ("date", "time", "language", "topics", "outcome", "minutes", "area")
        assert guessed(header, HEADERS) == wanted
    assert guessed(("Name", "Date", "Day", "Phone", ""), HEADERS) == ("", "date", "", "", "")


def test_a_row_is_a_contact_with_all_that_lists_know() -> None:
    found = one(
        "Date,Time,Taal,New?,Minuten,Topics,Uitkomst,Unmet,Plaats\n"
        '2026-11-03,19:40,Roemeens,Terugkerend,0:45,"Huisvesting, tax",doorverwezen,soa,leeds\n'
    )
    assert found == (
        old(
            at=AT_19,
            language="ro",
            familiarity="returning",
            minutes="30-60",
            topics=("housing", "tax"),
            outcome="signposted",
            unmet="sexual-health",
            area="Leeds",
        ),
    )


def test_a_row_for_a_session_counts_those_in_it() -> None:
    text = "Date,Session,Contacts,Missed,Language,Topic\n2026-11-03,19:00-21:00,3,2,nl,tax\n"
    [fate] = fates(text)
    assert fate.contacts == (
        old(at=AT_19, until=AT_21, language="nl", times=3),
        old(at=AT_19, until=AT_21, language="nl", kind="turned-away", times=2),
    )
    assert fate.session == OldSession("live-chat", AT_19, AT_21)
    [empty] = fates("Date,Session,Contacts\n2026-11-03,19:00-21:00,0\n")
    assert (empty.fate, empty.contacts, empty.session) == ("taken", (), fate.session)


def test_a_row_may_be_of_somebody_turned_away() -> None:
    assert one("Date,Turned away,Topic\n2026-11-03,ja,tax\n") == (old(kind="turned-away"),)
    assert one("Date,Turned away\n2026-11-03,nee\n") == (old(),)
    assert one("Date,Type\n2026-11-03,spam\n") == (old(kind="wrong-channel"),)


def test_a_time_in_the_cell_of_the_day_counts_unless_it_is_midnight() -> None:
    assert one("Date\n2026-11-03 19:40:00\n") == (old(at=AT_19),)
    assert one("Date\n2026-11-03 00:00:00\n") == (old(),)
    assert one("Date,Time\n2026-11-03 00:00:00,1899-12-30 19:40:00\n") == (old(at=AT_19),)


def test_an_hour_past_midnight_is_of_the_night_of_its_session() -> None:
    [fate] = fates("Date,Time,Session\n2026-11-02,0:40,22:00-1:00\n2026-11-03,19:40,19-21\n")[:1]
    midnight = datetime(2026, 11, 3, tzinfo=UTC)
    assert fate.contacts == (old(day=date(2026, 11, 2), at=midnight),)
    assert one("Date,Time\n2026-11-03,19:00-21:00\n") == (old(at=AT_19, until=AT_21),)


def test_an_hour_beside_a_session_over_midnight_is_of_the_side_that_is_nearer() -> None:
    def when(time: str) -> tuple[date, datetime | None]:
        [contact] = one(f"Date,Time,Session\n2026-11-02,{time},20:00-02:00\n")
        return contact.day, contact.at

    day = date(2026, 11, 2)
    for time, at in {
        "19:50": datetime(2026, 11, 2, 19, tzinfo=UTC),
        "20:10": datetime(2026, 11, 2, 20, tzinfo=UTC),
        "1:50": datetime(2026, 11, 3, 1, tzinfo=UTC),
        "2:00": datetime(2026, 11, 3, 2, tzinfo=UTC),
        "2:10": datetime(2026, 11, 3, 2, tzinfo=UTC),
    }.items():
        assert (time, *when(time)) == (time, day, at)


def test_two_times_without_a_sign_between_are_not_read_as_the_last_one() -> None:
    for cell in ("19:00 21:00", "19.00 21:00", "19:00-20:00 21:30", "11-1 19:00"):
        assert codes(f"Date,Session\n2026-11-03,{cell}\n") == [(2, "left-out", ["not-an-hour"])]
    assert one("Date,Session\n2026-11-03,1899-12-30 19:00:00\n") == (old(at=AT_19),)


def test_every_reason_why_a_row_stays_out() -> None:
    reasons = {
        "not-a-day": "Date\nsoon\n",
        "day-or-month": "Date\n3/11/2026\n",
        "day-to-come": "Date\n2027-02-02\n",
        "not-an-hour": "Date,Time\n2026-11-03,soon\n",
        "no-such-hour": "Date,Time\n2026-03-29,1:30\n",
        "not-a-count": "Date,Contacts\n2026-11-03,many\n",
        "nobody-counted": "Date,Contacts\n2026-11-03,0\n",
        "too-many-topics": "Date,Topic\n2026-11-03,"
        "tax;housing;health;safety;other;wellbeing;immigration;legal rights;sti\n",
        "word-not-said": "Date,Topic\n2026-11-03,Blue\n",
        "word-too-long": f"Date,Topic\n2026-11-03,{'so ' * 30}\n",
    }
    for code, text in reasons.items():
        assert codes(text) == [(2, "left-out", [code])]
    assert codes("Date\n2026-11-03\n", Choices()) == [(2, "left-out", ["no-channel"])]
    days = Choices(channel="live-chat", first_day=NOV_3, last_day=NOV_3)
    around = "Date\n2026-11-02\n2026-11-03\n2026-11-04\n"
    other = ("left-out", ["day-not-wanted"])
    assert codes(around, days) == [(2, *other), (3, "taken", []), (4, *other)]
    hour = "Date,Time\n2027-02-01,13:00\n"
    assert codes(hour) == [(2, "left-out", ["day-to-come"])]


def test_the_screen_refuses_a_row_and_says_the_kind_alone() -> None:
    text = "Date,Topic,Language\n2026-11-03,call 07700 900123,nl\n2026-11-03,tax,a@example.org\n"
    found = fates(text)
    assert [fate.fate for fate in found] == ["screened", "screened"]
    assert [reason.text for fate in found for reason in fate.reasons] == [
        "The column for what it was about has what looks like a telephone number.",
        "The column for the language has what looks like an e-mail address.",
    ]
    look = look_at(read_sheet(text.encode()), CHAT, LISTS, "Europe/London", LATER)
    assert [word.said for word in look.words] == ["nl", "tax"]
    # saying what it means makes it no better
    said = Meaning("topics", "call 07700 900123", "tax")
    again = Choices(channel="live-chat", words=[said])
    assert codes(text, again)[0] == (2, "screened", ["personal-data"])


def test_words_become_what_somebody_says() -> None:
    text = "Date,Topic\n2026-11-03,Blue\n2026-11-03,Green\n2026-11-03,Red\n2026-11-03,tax\n"
    said = [
        Meaning("topics", "Blue", "housing"),
        Meaning("topics", "Green", SAY_NOTHING),
        Meaning("topics", "Red", LEAVE_ROW),
        Meaning("topics", "tax", "other"),
    ]
    found = fates(text, Choices(channel="live-chat", words=said))
    assert [fate.contacts for fate in found] == [
        (old(topics=("housing",)),),
        (old(),),
        (),
        (old(topics=("other",)),),
    ]
    assert [reason.code for reason in found[2].reasons] == ["word-left-out"]
    asked = look_at(read_sheet(text.encode()), CHAT, LISTS, "Europe/London", LATER).words
    assert [(word.said, word.rows, word.becomes) for word in asked] == [
        ("Blue", 1, None),
        ("Green", 1, None),
        ("Red", 1, None),
        ("tax", 1, "tax"),
    ]


def test_a_column_of_many_words_is_another_column() -> None:
    shades = [f"blue {one}{other}" for one in "bcdghjklmnp" for other in "bcdfghjklm"]
    rows = "".join(f"2026-11-03,{shade}\n" for shade in shades[: MOST_WORDS + 1])
    look = look_at(read_sheet(f"Date,Topic\n{rows}".encode()), CHAT, LISTS, "Europe/London", LATER)
    assert look.fates[-1].reasons[0].code == "too-many-words"
    assert len(look.words) == MOST_WORDS


def test_gender_is_read_where_the_project_asks_for_it() -> None:
    text = "Date,Gender\n2026-11-03,vrouw\n"
    assert one(text) == (old(),)
    asks = LISTS.__class__({"live-chat": "Live chat"}, (), asks_gender=True)
    look = look_at(read_sheet(text.encode()), CHAT, asks, "Europe/London", LATER)
    assert look.contacts == [old(gender="woman")]


@given(st.integers(0, 9999))
def test_minutes_become_bands(minutes: int) -> None:
    bands = {"under-10": range(10), "10-30": range(10, 31), "30-60": range(31, 61)}
    wanted = next((band for band, among in bands.items() if minutes in among), "over-60")
    assert LISTS.known("minutes", f"{minutes} min") == wanted
    assert LISTS.known("minutes", str(minutes)) == wanted


def test_every_entry_is_known_by_its_own_name() -> None:
    for field in ("kind", "familiarity", "minutes", "outcome", "topics", "language", "area"):
        for entry, name in LISTS.entries(field).items():
            assert LISTS.known(field, name) == entry
            assert LISTS.known(field, entry.upper()) == entry
    assert len(MINUTES) == 4
    assert LISTS.known("area", "ne1") == "NE1"


@given(st.text(max_size=80))
def test_whatever_stands_in_a_cell_only_entries_of_lists_come_out(word: str) -> None:
    allowed = {entry for of in ("topics", "language") for entry in LISTS.entries(of)}
    header = "Date\tTopic\tLanguage\n"
    cell = word.replace('"', '""')
    found = fates(f'{header}2026-11-03\t"{cell}"\t"{cell}"\n'.replace("\0", ""))
    for contact in [contact for fate in found for contact in fate.contacts]:
        assert {*contact.topics, contact.language} - {""} <= allowed
        assert (contact.unmet, contact.area, contact.outcome) == ("", "", "")


def test_a_need_of_a_row_of_several_is_counted_once() -> None:
    def needs(header: str, cells: str) -> list[tuple[str, str, int]]:
        found = one(f"Date,Unmet,Topic,{header}\n2026-11-03,housing,tax,{cells}\n")
        of_one = [each for each in found if each.topics]
        assert [(each.kind, each.topics) for each in of_one] == [("talked", ("tax",))] * len(of_one)
        return [(each.kind, each.unmet, each.times) for each in found]

    away = "turned-away"
    assert needs("Contacts,Missed", "1,0") == [("talked", "housing", 1)]
    assert needs("Contacts,Missed", "1,1") == [("talked", "housing", 1), (away, "", 1)]
    assert needs("Contacts,Missed", "0,1") == [(away, "housing", 1)]
    assert needs("Contacts,Missed", "0,3") == [(away, "housing", 1), (away, "", 2)]
    several = [("talked", "housing", 1), ("talked", "", 2), (away, "", 1)]
    assert needs("Contacts,Missed", "3,1") == several
    added = added_by(
        one("Date,Unmet,Topic,Contacts,Missed\n2026-11-03,housing,tax,3,2\n"),
        {"live-chat": UUID(int=1)},
        "Europe/London",
        frozenset(),
    )
    [counted] = added.sums.values()
    assert {tuple(fact): count for fact, count in counted.items()} == {
        ("contacts", "talked"): 3,
        ("contacts", "turned-away"): 2,
        ("familiarity", "not-said"): 3,
        ("imported", "talked"): 3,
        ("imported", "turned-away"): 2,
        ("unmet", "housing"): 1,
    }
