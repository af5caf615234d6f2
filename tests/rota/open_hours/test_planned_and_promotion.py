from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rota.open_hours.rules.hours import OpenHours
from rota.open_hours.rules.planned import with_planned
from rota.open_hours.rules.promotion import POST, REPLY, STATUS, WORDS, Text, texts

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://times.example/open/evening-chat"


def hours(start: float, end: float, channel: str = "chat", **said: str) -> OpenHours:
    return OpenHours(NOW + start * HOUR, NOW + end * HOUR, channel, (), said.get("theme"))


def planned(start: float, end: float, channel: str = "chat") -> OpenHours:
    return OpenHours(NOW + start * HOUR, NOW + end * HOUR, channel, (), None, "planned")


def test_planned_hours_stand_only_where_nothing_is_confirmed_on_that_channel() -> None:
    confirmed = [hours(1, 2), hours(3, 4, "forum")]
    assert with_planned(confirmed, [hours(0, 5)]) == [
        planned(0, 1),
        hours(1, 2),
        planned(2, 5),
        hours(3, 4, "forum"),
    ]
    assert with_planned(confirmed, [hours(1, 2)]) == confirmed
    assert with_planned([], []) == []


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=5)


@given(spans, spans)
def test_together_they_cover_both_and_each_quarter_is_told_as_confirmed_if_it_is(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    confirmed, start = [], 0
    for gap, length in first:
        confirmed.append(hours(start + gap, start + gap + length))
        start += gap + length
    wanted, start = [], 0
    for gap, length in second:
        wanted.append(hours(start + gap, start + gap + length))
        start += gap + length
    told = with_planned(confirmed, wanted)
    for step in range(150):
        at = NOW + step * HOUR
        statuses = [each.status for each in told if each.start <= at < each.end]
        if any(each.start <= at < each.end for each in confirmed):
            assert statuses == ["confirmed"]
        elif any(each.start <= at < each.end for each in wanted):
            assert statuses == ["planned"]
        else:
            assert statuses == []


def said(language: str, *coming: OpenHours) -> dict[str, Text]:
    told = texts("Evening chat", "Europe/London", coming, URL, language, NOW)
    return {one.platform: one for one in told}


def test_a_fortnight_is_told_in_the_readers_own_language() -> None:
    later = hours(14 * 24, 14 * 24 + 2)
    coming = [hours(7, 9, theme="Money"), hours(31, 33), later, planned(60, 62)]
    assert said("nl", *coming)["forum"].text.splitlines() == [
        "Evening chat: wanneer er de komende twee weken iemand is",
        "Europe/London",
        "",
        "- maandag 4 januari, 19:00 tot 21:00 (Money)",
        "- dinsdag 5 januari, 19:00 tot 21:00",
        "",
        "Gratis en vertrouwelijk.",
        f"Alle tijden: {URL}",
    ]
    assert "luni 4 ianuarie, 19:00 - 21:00" in said("ro", *coming)["forum"].text


@pytest.mark.parametrize("language", sorted(WORDS))
def test_with_nothing_confirmed_no_time_is_told(language: str) -> None:
    for one in said(language, planned(60, 62)).values():
        assert WORDS[language].none.rstrip(".") in one.text


def test_each_text_says_where_it_may_be_used() -> None:
    assert {one.platform: one.use for one in said("en").values()} == {
        "forum": "public-post",
        "post": "public-post",
        "status": "public-post",
        "reply": "reply-only",
    }


@given(st.sampled_from(sorted(WORDS)), st.integers(0, 40), st.text(max_size=60))
def test_short_texts_fit_and_never_cut_the_link(language: str, count: int, name: str) -> None:
    coming = [hours(2 * each, 2 * each + 1) for each in range(count)]
    told = {
        one.platform: one.text for one in texts(name, "Europe/London", coming, URL, language, NOW)
    }
    for platform, most in (("post", POST), ("status", STATUS), ("reply", REPLY)):
        assert len(told[platform]) <= most
    assert URL in told["post"]
    assert URL in told["reply"]
