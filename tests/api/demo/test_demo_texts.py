from datetime import timedelta

import pytest

from api.demo.library import Library, read_draft, read_library
from api.demo.stage import clock
from protocols.answers.rules.lint import Use, ready_to_send
from protocols.items.rules.drafts import Draft, reasons_against
from protocols.items.rules.placeholders import fill
from protocols.releases.rules import Gap

LIBRARY = read_library((clock() + timedelta(days=300)).date())


def drafts(library: Library) -> list[Draft]:
    return [library.first, library.second, *(canned.draft for canned in library.answers)]


def test_every_text_can_be_drafted_as_it_is() -> None:
    assert [reasons_against(draft) for draft in drafts(LIBRARY)] == [[]] * 12


def test_the_library_has_what_the_demo_promises() -> None:
    languages = [sorted(canned.translations) for canned in LIBRARY.answers]

    assert sorted(languages) == [[]] * 8 + [["nl", "ro"]] * 2
    assert len(LIBRARY.second.blocks) == len(LIBRARY.first.blocks) + 1
    assert {limit for canned in LIBRARY.answers for limit in canned.draft.use_limits} == {
        "reply-only",
        "public-post",
        "with-recorded-consent",
    }


def test_the_second_release_adds_one_part_and_changes_none() -> None:
    second = list(LIBRARY.second.blocks)
    added = second.pop(LIBRARY.added)

    assert second == LIBRARY.first.blocks
    assert added.locked


def test_translations_have_the_same_gaps_and_proper_letters() -> None:
    translated = [canned for canned in LIBRARY.answers if canned.translations]

    for canned in translated:
        [source] = canned.draft.blocks
        for translation in canned.translations.values():
            for gap in canned.draft.placeholders:
                assert source.text.count(f"{{{{{gap.name}}}}}") == translation.text.count(
                    f"{{{{{gap.name}}}}}"
                )
    romanian = "".join(canned.translations["ro"].text for canned in translated)
    assert set("ăâîșț") <= set(romanian.lower())
    assert not set("şţ") & set(romanian.lower())


def test_the_text_in_review_gained_a_part_since_it_was_first_saved() -> None:
    first, second = read_draft("recording.toml", (clock() + timedelta(days=300)).date())

    assert [reasons_against(draft) for draft in (first, second)] == [[], []]
    assert list(second.blocks[: len(first.blocks)]) == list(first.blocks)
    assert len(second.blocks) == len(first.blocks) + 1
    assert first.blocks[0].locked


@pytest.mark.parametrize("slug", ["harbour-lights", "clyde-outreach", "gracht-team"])
def test_every_project_has_a_value_for_every_gap(slug: str) -> None:
    for draft in drafts(LIBRARY):
        declared = {gap.name for gap in draft.placeholders if gap.filled_by == "project"}
        values = LIBRARY.values_for(slug, draft)
        assert {name for name, value in values.items() if value.strip()} == declared


@pytest.mark.parametrize("slug", ["harbour-lights", "clyde-outreach", "gracht-team"])
def test_no_answer_is_sent_with_an_open_gap(slug: str) -> None:
    for canned in LIBRARY.answers:
        values = LIBRARY.values_for(slug, canned.draft)
        by_worker = [
            Gap(
                name=gap.name,
                type=gap.type,
                filled_by=gap.filled_by,
                example=gap.example,
                material=gap.material,
            )
            for gap in canned.draft.placeholders
            if gap.filled_by == "worker"
        ]
        texts = [block.text for block in canned.draft.blocks]
        texts += [translation.text for translation in canned.translations.values()]
        for text in texts:
            ready = ready_to_send(
                fill(text, values),
                by_worker,
                {gap.name: gap.example for gap in by_worker},
                Use(used_as="reply-only", use_limits=canned.draft.use_limits),
            )
            assert ready.reasons == []
