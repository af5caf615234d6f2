import pytest

from protocols.adoption.rules import effective_hash, text_hash
from protocols.overlays.errors import DoesNotFit
from protocols.overlays.rules.parts import (
    effective,
    effective_then,
    effective_where_it_fits,
    is_about_safety,
    stale_languages,
)
from protocols.overlays.rules.three_way import reworded
from protocols.releases.rules import current_languages, paragraphs
from tests.protocols.overlays.manifests import ON_CALL, Facts, block, english, manifest, own

BASE = manifest({"a": "Two of you.", "b": "Ring {{on_call}}.", "c": "Close."})
DUTCH = Facts(dutch={"a": "Met zijn tweeën.", "b": "Bel {{on_call}}."}, gaps=(ON_CALL,))
BOTH = manifest({"a": "Two of you.", "b": "Ring {{on_call}}."}, DUTCH)


def codes(refused: pytest.ExceptionInfo[DoesNotFit]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_parts_are_replaced_added_and_hidden_in_their_places() -> None:
    parts = [
        own(BASE, "replace", "a", {"en": "Three of you."}),
        own(BASE, "add", "first", {"en": "Before."}, after=None),
        own(BASE, "add", "one", {"en": "Our line."}, after=block("b")),
        own(BASE, "add", "two", {"en": "Another."}, after=block("b")),
        own(BASE, "hide", "b"),
    ]
    assert english(effective(BASE, parts)) == [
        "Before.",
        "Three of you.",
        "Our line.",
        "Another.",
        "Close.",
    ]
    assert effective(BASE, []) is BASE


def test_a_patch_whose_target_is_missing_fails_loudly_kustomize_4379() -> None:
    other = manifest({"x": "Something else."}, sequence=2)
    parts = [
        own(BASE, "replace", "a", {"en": "Three of you."}),
        own(BASE, "hide", "b"),
        own(BASE, "add", "one", {"en": "Our line."}, after=block("c")),
    ]
    with pytest.raises(DoesNotFit) as refused:
        effective(other, parts)
    assert codes(refused) == ["no-such-part", "no-such-part", "no-such-place"]


def test_a_patch_of_reworded_words_fails_loudly() -> None:
    newer = manifest({"a": "Two of you, always."}, sequence=2)
    with pytest.raises(DoesNotFit) as refused:
        effective(newer, [own(BASE, "replace", "a", {"en": "Three of you."})])
    assert codes(refused) == ["another-wording"]


def test_a_list_is_never_replaced_whole_helm_12791_5274() -> None:
    """Parts are found by id: another order or a part between them moves no words."""
    own_words = [own(BASE, "replace", "b", {"en": "Ring Kim."})]
    moved = manifest(
        {"c": "Close.", "new": "Breathe.", "b": "Ring {{on_call}}.", "a": "Two of you."},
        sequence=2,
    )
    assert english(effective(moved, own_words)) == [
        "Close.",
        "Breathe.",
        "Ring Kim.",
        "Two of you.",
    ]


def test_a_locked_part_is_only_added_to() -> None:
    locked = manifest({"a": "Ring 999.", "b": "Stay calm."}, Facts(locked=("a",)))
    for part in (own(locked, "replace", "a", {"en": "Wait."}), own(locked, "hide", "a")):
        with pytest.raises(DoesNotFit) as refused:
            effective(locked, [part])
        assert codes(refused) == ["only-added-to"]
    added = own(locked, "add", "ours", {"en": "Then tell Kim."}, after=block("a"))
    assert english(effective(locked, [added])) == ["Ring 999.", "Then tell Kim.", "Stay calm."]


def test_something_is_left_and_no_id_is_taken_twice() -> None:
    single = manifest({"a": "Two of you."})
    with pytest.raises(DoesNotFit) as refused:
        effective(single, [own(single, "hide", "a")])
    assert codes(refused) == ["nothing-left"]
    with pytest.raises(DoesNotFit) as refused:
        effective(single, [own(single, "add", "a", {"en": "Again."})])
    assert codes(refused) == ["part-exists"]
    assert effective_where_it_fits(single, [own(single, "hide", "a")], additions_only=False) == (
        single,
        [own(single, "hide", "a")],
    )


def test_each_language_says_what_the_source_says() -> None:
    """Where a project has not translated its own words they are shown as they are, never stale."""
    parts = [
        own(BOTH, "replace", "a", {"en": "Three of you.", "nl": "Met zijn drieën."}),
        own(BOTH, "replace", "b", {"en": "Ring Kim."}),
        own(BOTH, "add", "ours", {"en": "Our line."}, after=block("b")),
    ]
    shown = effective(BOTH, parts)
    assert current_languages(shown) == {"en", "nl"}
    assert [(part.text, part.language) for part in paragraphs(shown, "nl")] == [
        ("Met zijn drieën.", "nl"),
        ("Ring Kim.", "en"),
        ("Our line.", "en"),
    ]


def test_a_translation_of_earlier_own_words_is_not_shown() -> None:
    part = own(BOTH, "replace", "a", {"en": "Three of you.", "nl": "Met zijn drieën."})
    later = reworded(part, {"en": "Four of you."}, "en")
    left = type(part)(
        **{
            name: getattr(later, name)
            for name in part.__struct_fields__
            if name not in {"texts", "sources"}
        },
        texts={"en": "Four of you.", "nl": "Met zijn drieën."},
        sources=part.sources,
    )
    shown = effective(BOTH, [left])
    assert [part.text for part in paragraphs(shown, "nl")] == ["Four of you.", "Bel {{on_call}}."]
    assert stale_languages(BOTH, [left]) == {"nl"}
    assert stale_languages(BOTH, [part]) == set()


def test_what_was_out_of_date_stays_out_of_date() -> None:
    facts = Facts(dutch={"a": "Met zijn tweeën."}, stale=True)
    stale = manifest({"a": "Two of you.", "b": "Close."}, facts)
    part = own(stale, "add", "ours", {"en": "Our line."})
    assert current_languages(effective(stale, [part])) == {"en"}
    assert stale_languages(stale, [part]) == {"nl"}


def test_safety_is_a_kind_or_a_lock() -> None:
    assert not is_about_safety(BASE)
    assert is_about_safety(manifest({"a": "X"}, Facts(protocol_kind="safeguarding")))
    assert is_about_safety(manifest({"a": "X"}, Facts(locked=("a",))))


def test_on_a_pools_shifts_and_after_a_recall_additions_stay() -> None:
    earlier = manifest({"a": "Two of you.", "b": "Ring 999."})
    parts = [
        own(BASE, "replace", "a", {"en": "Three of you."}),
        own(BASE, "replace", "b", {"en": "Ring Kim."}),
        own(BASE, "add", "ours", {"en": "Our line."}, after=block("c")),
    ]
    recalled, aside = effective_where_it_fits(earlier, parts, additions_only=False)
    assert (english(recalled), aside) == (["Three of you.", "Ring 999.", "Our line."], [parts[1]])
    on_shifts, aside = effective_where_it_fits(BASE, parts, additions_only=True)
    assert english(on_shifts) == ["Two of you.", "Ring {{on_call}}.", "Close.", "Our line."]
    assert aside == parts[:2]


def test_words_that_were_read_are_known_again_under_an_earlier_release() -> None:
    newer = manifest({"a": "Two of you, always.", "b": "Ring {{on_call}}."}, sequence=2)
    part = own(newer, "replace", "a", {"en": "Three of you."})
    then = effective_then(BASE, [part])
    assert then is not None
    assert english(then) == ["Three of you.", "Ring {{on_call}}.", "Close."]
    assert effective_then(manifest({"z": "Other."}), [part]) is None


def test_hashes_are_equal_exactly_where_the_words_are() -> None:
    line = own(BASE, "add", "ours", {"en": "Tell Kim."}, after=block("b"))
    same = own(BASE, "add", "ours", {"en": "Tell Kim."}, after=block("b"), locked=True)
    other = own(BASE, "add", "ours", {"en": "Tell Sam."}, after=block("b"))
    named = [effective(BASE, [part]) for part in (line, same, other)]
    assert text_hash(named[0], "en", {}) == text_hash(named[1], "en", {})
    assert text_hash(named[0], "en", {}) != text_hash(named[2], "en", {})
    assert len({effective_hash(one, {}) for one in [BASE, *named]}) == 3
