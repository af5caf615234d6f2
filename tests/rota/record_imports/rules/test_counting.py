"""What old contacts add does not depend on the order of rows, and is written down whole."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from rota.record_imports.rules.counting import (
    added_by,
    content_of,
    hours_of,
    read_again,
    written,
)
from rota.record_imports.rules.rows import OldContact, OldSession
from rota.records.rules.counting import HourOfWeek

CHANNELS = {"chat": uuid4(), "forum": uuid4()}
STARTS = datetime(2026, 10, 24, 22, tzinfo=UTC)
NIGHT = OldSession("chat", STARTS, STARTS + timedelta(hours=4, minutes=30))
CONTACTS = st.lists(
    st.builds(
        OldContact,
        channel=st.sampled_from(sorted(CHANNELS)),
        day=st.dates(date(2026, 9, 1), date(2026, 11, 30)),
        kind=st.sampled_from(["talked", "turned-away", "wrong-channel"]),
        at=st.none() | st.integers(0, 40).map(lambda hour: STARTS + timedelta(hours=hour)),
        language=st.sampled_from(["", "en", "nl"]),
        topics=st.sampled_from([(), ("tax",), ("housing", "tax")]),
        times=st.integers(1, 5),
    ),
    max_size=8,
)


@given(CONTACTS, st.randoms())
def test_the_order_of_rows_changes_nothing(contacts: list[OldContact], chance: Random) -> None:
    mixed = list(contacts)
    chance.shuffle(mixed)
    covered = hours_of([NIGHT])
    added = added_by(contacts, CHANNELS, "Europe/London", covered)
    assert added_by(mixed, CHANNELS, "Europe/London", covered) == added
    assert content_of(mixed, [NIGHT]) == content_of(contacts, [NIGHT])
    kept = msgspec.json.decode(msgspec.json.encode(written(added)))
    assert read_again(kept) == added
    people = sum(one.times for one in contacts)
    counts = [pair for facts in added.sums.values() for pair in facts.items()]
    assert sum(count for fact, count in counts if fact.dimension == "imported") == people


def test_hours_of_a_session_are_taken_in_turn() -> None:
    whole = OldContact(
        "chat", date(2026, 10, 24), "talked", at=STARTS, until=NIGHT.ends, language="en", times=7
    )
    added = added_by([whole], CHANNELS, "Europe/London", hours_of([NIGHT]))
    # clocks go back: two true hours are the hour from one to two
    saturday, sunday = 5 * 24, 6 * 24
    assert added.hours[CHANNELS["chat"]] == {
        HourOfWeek(date(2026, 10, 19), saturday + 23, "en", "talked"): 2,
        HourOfWeek(date(2026, 10, 19), sunday, "en", "talked"): 2,
        HourOfWeek(date(2026, 10, 19), sunday + 1, "en", "talked"): 2,
        HourOfWeek(date(2026, 10, 19), sunday + 2, "en", "talked"): 1,
    }


def test_who_wrote_while_nobody_is_known_to_have_been_there_is_not_in_demand() -> None:
    bare = OldContact("chat", date(2026, 10, 24), "talked", at=STARTS, language="en")
    said = [
        bare,
        msgspec.structs.replace(bare, language=""),
        msgspec.structs.replace(bare, at=None),
        msgspec.structs.replace(bare, kind="wrong-channel"),
        msgspec.structs.replace(bare, channel="forum"),
        msgspec.structs.replace(bare, at=STARTS - timedelta(hours=1)),
    ]
    added = added_by(said, CHANNELS, "Europe/London", hours_of([NIGHT]))
    assert {key: dict(hours) for key, hours in added.hours.items()} == {
        CHANNELS["chat"]: {HourOfWeek(date(2026, 10, 19), 5 * 24 + 23, "en", "talked"): 1}
    }
