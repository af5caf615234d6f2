"""Two texts have the same hash exactly where the same words are shown, to the byte."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from protocols.adoption.rules import effective_hash, text_hash
from protocols.items.rules.placeholders import fill
from protocols.releases.rules import Gap, Manifest, manifest_bytes, paragraphs
from tests.protocols.overlays.manifests import Facts, manifest

WORDS = st.sampled_from(
    ["Two.", "Two. ", "Ring {{on_call}}.", "Ring {{days}}.", "Ring 0113.", "e\u0301", "\u00e9"]
)
PLACES = st.dictionaries(st.sampled_from("abc"), WORDS, min_size=1, max_size=3)
VALUES = st.fixed_dictionaries(
    {"on_call": st.sampled_from(["0113", "0207"]), "days": st.sampled_from(["two", "0113"])}
)
GAPS = (
    Gap(name="on_call", type="phone", filled_by="project", example="0113", material=False),
    Gap(name="days", type="text", filled_by="project", example="two", material=True),
)


@st.composite
def texts(draw: st.DrawFn) -> Manifest:
    said = draw(PLACES)
    dutch = {name: f"NL {words}" for name, words in said.items() if draw(st.booleans())}
    facts = Facts(dutch=draw(st.sampled_from([None, dutch])), stale=draw(st.booleans()), gaps=GAPS)
    return manifest(said, facts)


def read(text: Manifest, language: str, values: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Give what somebody reads in a language, block by block."""
    return [(one.block, one.language, fill(one.text, values)) for one in paragraphs(text, language)]


@given(texts(), st.data(), VALUES, VALUES)
def test_what_is_approved_is_what_is_shown_in_every_language(
    one: Manifest, data: st.DataObject, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    other = data.draw(st.just(one) | texts())

    def shown(text: Manifest, values: Mapping[str, str]) -> dict[str, list[tuple[str, ...]]]:
        return {language: read(text, language, values) for language in text.variants}

    same = shown(one, ours) == shown(other, theirs)
    assert (effective_hash(one, ours) == effective_hash(other, theirs)) == same
    if manifest_bytes(one) == manifest_bytes(other) and ours == theirs:
        assert same


@given(texts(), st.data(), VALUES, VALUES, st.sampled_from(["en", "nl"]))
def test_what_is_acknowledged_is_what_was_read_but_for_what_is_only_local(
    one: Manifest,
    data: st.DataObject,
    ours: dict[str, str],
    theirs: dict[str, str],
    language: str,
) -> None:
    other = data.draw(st.just(one) | texts())

    def words(text: Manifest, values: Mapping[str, str]) -> tuple[str, list[tuple[str, ...]]]:
        there = language if language in text.variants else "en"
        return there, read(text, there, {"days": values["days"]})

    same = words(one, ours) == words(other, theirs)
    assert (text_hash(one, language, ours) == text_hash(other, language, theirs)) == same
