from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.partners.rules.canonical import admit
from federation.partners.rules.encoding import with_payload, without_payload
from protocols.items.rules.drafts import source_hash
from protocols.releases.rules import (
    AcknowledgementClass,
    Derived,
    Gap,
    Manifest,
    Part,
    Wording,
    best_language,
    current_languages,
    manifest_bytes,
    next_number,
    paragraphs,
    read_manifest,
)
from protocols.statements.rules import hash_of, statement_of
from tests.protocols.example_texts import signer

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
LANGUAGES = st.sampled_from(["nl", "ro", "pl"])


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    ids = draw(st.lists(st.uuids(), min_size=1, max_size=3, unique=True))
    source = {str(one): draw(TEXT) for one in ids}
    others = draw(st.dictionaries(LANGUAGES, st.booleans(), max_size=3))
    variants = {"en": _wording(draw, source, None)} | {
        language: _wording(
            draw,
            {one: draw(TEXT) for one in source},
            (source_hash(source) if fresh else b"\0" * 32).hex(),
        )
        for language, fresh in others.items()
    }
    return Manifest(
        format="netreach-release/1",
        release=draw(st.uuids()),
        urn=f"urn:uuid:{ids[0]}",
        project=draw(st.uuids()),
        number="1.0.0",
        sequence=draw(st.integers(1, 2**31 - 1)),
        previous=None,
        acknowledgement=draw(st.sampled_from(["none", "notify", "re-read"])),
        kind="protocol",
        protocol_kind="conduct",
        source_language="en",
        jurisdictions=["england"],
        review_by=draw(st.dates(date(2020, 1, 1), date(2099, 1, 1))),
        use_limits=[],
        channels=[],
        stated=datetime(2027, 1, 1, tzinfo=UTC),
        expires=datetime(2028, 1, 1, tzinfo=UTC),
        blocks=[Part(id=one, locked=draw(st.booleans())) for one in ids],
        variants=variants,
        placeholders=[
            Gap(name="a", type="text", filled_by="project", example=draw(TEXT), material=False)
        ],
        lived_experience=draw(st.booleans()),
        derived_from=draw(st.none() | st.just(Derived(urn=f"urn:uuid:{ids[0]}", hash="0" * 64))),
    )


def _wording(draw: st.DrawFn, texts: dict[str, str], source: str | None) -> Wording:
    return Wording(title=draw(TEXT), question=None, keywords=[], texts=texts, source=source)


@given(manifests())
def test_a_manifest_survives_its_bytes(manifest: Manifest) -> None:
    stored = manifest_bytes(manifest)

    assert read_manifest(stored) == manifest
    assert manifest_bytes(read_manifest(stored)) == stored
    assert hash_of(stored) == sha256(stored).digest()
    admit(stored)


@given(manifests(), st.data())
def test_equal_hashes_mean_equal_bytes(one: Manifest, data: st.DataObject) -> None:
    other = data.draw(st.just(one) | manifests())
    same = manifest_bytes(one) == manifest_bytes(other)

    assert (hash_of(manifest_bytes(one)) == hash_of(manifest_bytes(other))) == same
    assert (one == other) == same


@given(st.binary(max_size=200))
def test_a_signature_travels_without_its_payload(payload: bytes) -> None:
    jws = signer(payload)

    assert with_payload(without_payload(jws), payload) == jws


@given(manifests())
def test_a_statement_can_be_taken_apart_and_put_together(manifest: Manifest) -> None:
    jws = signer(manifest_bytes(manifest))

    statement = statement_of(jws)

    assert statement.manifest.encode() == manifest_bytes(manifest)
    assert with_payload(statement.signature, statement.manifest.encode()) == jws


@given(manifests())
def test_a_translation_is_current_while_its_source_is_the_same(manifest: Manifest) -> None:
    expected = {
        language
        for language, wording in manifest.variants.items()
        if language == "en" or wording.source == source_hash(manifest.source.texts).hex()
    }

    assert current_languages(manifest) == expected
    assert [shown.block for shown in paragraphs(manifest, "ro")] == [
        str(part.id) for part in manifest.blocks
    ]


@pytest.mark.parametrize(
    ("previous", "acknowledgement", "number"),
    [
        (None, "none", "1.0.0"),
        ("1.0.0", "none", "1.0.1"),
        ("1.0.9", "notify", "1.1.0"),
        ("1.4.2", "re-read", "2.0.0"),
    ],
)
def test_the_number_follows_from_what_readers_must_do(
    previous: str | None, acknowledgement: AcknowledgementClass, number: str
) -> None:
    assert next_number(previous, acknowledgement) == number


def test_the_language_shown_is_the_wanted_one_its_parent_or_the_source() -> None:
    available = {"en", "nl"}

    assert best_language(available, "nl", "en") == "nl"
    assert best_language(available, "nl-BE", "en") == "nl"
    assert best_language(available, "ro", "en") == "en"


def test_a_part_without_translation_is_shown_in_the_source_language() -> None:
    first, second = UUID(int=1), UUID(int=2)
    texts = {str(first): "One.", str(second): "Two."}
    manifest = Manifest(
        format="netreach-release/1",
        release=UUID(int=3),
        urn=f"urn:uuid:{first}",
        project=UUID(int=4),
        number="1.0.0",
        sequence=1,
        previous=None,
        acknowledgement="re-read",
        kind="protocol",
        protocol_kind="conduct",
        source_language="en",
        jurisdictions=["england"],
        review_by=date(2027, 1, 1),
        use_limits=[],
        channels=[],
        stated=datetime(2027, 1, 1, tzinfo=UTC),
        expires=datetime(2028, 1, 1, tzinfo=UTC),
        blocks=[Part(id=first, locked=False), Part(id=second, locked=False)],
        variants={
            "en": Wording(title="T", question=None, keywords=[], texts=texts, source=None),
            "nl": Wording(
                title="T", question=None, keywords=[], texts={str(first): "Een."}, source="00"
            ),
        },
        placeholders=[],
    )

    assert paragraphs(manifest, "nl") == [
        (str(first), "Een.", "nl"),
        (str(second), "Two.", "en"),
    ]
