"""A slot is shown while every current speaker agrees; anything else hides it."""

from collections.abc import Sequence
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from federation.pools.slots.rules import Speaker, all_agree, none_disagrees, speakers_of

HANDLES = [UUID(int=number) for number in range(5)]
SOME = st.sets(st.sampled_from(HANDLES))
WORKERS = st.lists(
    st.builds(Speaker, st.sampled_from(HANDLES), st.lists(st.sampled_from(["ro", "en"]))),
    unique_by=lambda each: each.handle_id,
)


@given(workers=WORKERS, agreed=SOME)
def test_it_is_shown_exactly_while_each_speaker_agrees_and_there_is_one(
    workers: Sequence[Speaker], agreed: set[UUID]
) -> None:
    speaks = {each.handle_id: "ro" in each.languages for each in workers}
    answers = [handle in agreed for handle, does in speaks.items() if does]
    assert all_agree(speakers_of("ro", workers), agreed) == (answers != [] and False not in answers)


@given(speakers=SOME, agreed=SOME, who=st.sampled_from(HANDLES))
def test_one_no_or_one_new_speaker_is_enough_to_hide_it(
    speakers: set[UUID], agreed: set[UUID], who: UUID
) -> None:
    without = agreed - {who}
    assert not all_agree(speakers | {who}, without)
    assert not none_disagrees(speakers | {who}, without)


@given(speakers=SOME, agreed=SOME, stranger=st.sampled_from(HANDLES))
def test_the_yes_of_somebody_who_does_not_speak_it_changes_nothing(
    speakers: set[UUID], agreed: set[UUID], stranger: UUID
) -> None:
    speakers -= {stranger}
    with_it = agreed | {stranger}
    assert all_agree(speakers, with_it) == all_agree(speakers, agreed - {stranger})


@given(everybody=SOME, own=SOME, agreed=SOME)
def test_what_a_host_shows_no_member_hides_by_knowing_less(
    everybody: set[UUID], own: set[UUID], agreed: set[UUID]
) -> None:
    if all_agree(everybody, agreed):
        assert none_disagrees(own & everybody, agreed & own)
