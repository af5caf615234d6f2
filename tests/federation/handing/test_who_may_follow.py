"""Which signed document takes the place of what is believed of a pool."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from federation.handing.rules import (
    FARTHEST,
    Named,
    PoolDocument,
    Signed,
    Standing,
    contradicts,
    follows,
    read,
    written,
)

A, B, C, D = (letter * 43 for letter in "ABCD")
POOL = UUID(int=1)
BEFORE = Standing(3, 2, A)


def document(term: int, host: str, version: int = 1) -> PoolDocument:
    return PoolDocument(
        pool=POOL,
        term=term,
        version=version,
        host=host,
        deputy=None,
        members={A: [UUID(int=2)], B: [UUID(int=3)]},
        at=datetime(2027, 1, 5, 18, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("said", "signers", "takes_its_place"),
    [
        (document(4, B), {A, B}, True),
        (document(4, B), {A}, False),
        (document(4, B), {B}, False),
        (document(4, B), {B, C, D}, False),
        (document(5, B), {A, B}, False),
        (document(3, B, 9), {A, B}, False),
        (document(3, A, 3), {A}, True),
        (document(4, A), {A}, False),
        (document(4, A), {A, B}, False),
        (document(3, A, 3), {B}, False),
        (document(3, A, 2), {A}, False),
        (document(2, A, 9), {A}, False),
    ],
)
def test_both_sign_the_next_term_and_the_host_alone_its_own(
    said: PoolDocument, signers: set[str], *, takes_its_place: bool
) -> None:
    assert follows(BEFORE, Signed(said, frozenset(signers))) is takes_its_place


@pytest.mark.parametrize(
    ("nodes", "host", "signers", "takes_its_place"),
    [
        ({A, B}, B, {B}, True),
        ({A, B, C}, B, {B}, False),
        ({A, B, C}, B, {B, C}, True),
        ({A, B, C, D}, B, {B, C}, True),
        ({A, B, C, D}, B, {B, D}, True),
        ({A, B, C, D}, B, {C, D}, False),
        ({A, B, C}, C, {B, C}, False),
        ({A, B}, B, {B, D}, True),
        ({A, B, C}, B, {B, D}, False),
    ],
)
def test_after_a_loss_the_deputy_and_more_than_half_of_the_rest(
    nodes: set[str], host: str, signers: set[str], *, takes_its_place: bool
) -> None:
    before = Standing(3, 2, A, deputy=B, members=nodes)
    signed = Signed(document(4, host), frozenset(signers))
    assert follows(before, signed) is takes_its_place
    later = Signed(document(5, host), frozenset(signers))
    assert follows(before, later) is False


@pytest.mark.parametrize(
    ("said", "signers", "takes_its_place"),
    [
        (document(1, A), {A}, True),
        (document(7, A), {A}, True),
        (document(FARTHEST, A), {A}, True),
        (document(FARTHEST + 1, A), {A}, False),
        (document(7, A), {B}, False),
        (document(7, B), {A, B}, True),
        (document(FARTHEST + 1, B), {A, B}, False),
        (document(1, B), {A, B}, False),
        (document(7, B), {B}, False),
    ],
)
def test_of_a_pool_of_which_nothing_was_signed_any_term_may_be_the_first_heard(
    said: PoolDocument, signers: set[str], *, takes_its_place: bool
) -> None:
    assert follows(Standing(1, 0, A), Signed(said, frozenset(signers))) is takes_its_place


@pytest.mark.parametrize(
    ("signers", "takes_its_place"), [({B, C}, True), ({B}, False), ({B, D}, False), ({C}, False)]
)
def test_a_host_cannot_take_its_word_back_once_most_have_signed(
    signers: set[str], *, takes_its_place: bool
) -> None:
    signed = Signed(document(4, B), frozenset(signers))
    for deputy, nodes in ((None, {A, B, C}), (D, {A, B, C}), (B, {A, B, C, *"EFGHI"})):
        for named in ([Named(B, {A, B, C})], [Named(D, {A, D}), Named(B, {A, B, C})]):
            before = Standing(3, 9, A, deputy, nodes, named)
            assert follows(before, signed) is takes_its_place


def test_who_is_the_deputy_no_more_takes_nothing_over_alone() -> None:
    before = Standing(3, 9, A, None, {A, B}, [Named(B, {A, B})])
    assert follows(before, Signed(document(4, B), frozenset({B}))) is False


def test_what_is_as_good_as_the_believed_one_contradicts_it() -> None:
    believed, earlier = document(4, B), Standing(3, 2, A, D, {A, B, D})
    other = msgspec.structs.replace(believed, deputy=C)
    assert contradicts(earlier, believed, Signed(other, frozenset({B})))
    assert not contradicts(earlier, believed, Signed(other, frozenset({A, C})))
    assert not contradicts(earlier, believed, Signed(believed, frozenset({A, B})))
    older = msgspec.structs.replace(believed, version=2)
    assert not contradicts(earlier, believed, Signed(older, frozenset({B})))
    after_loss = document(4, D)
    assert contradicts(earlier, believed, Signed(after_loss, frozenset({B, D})))
    assert not contradicts(earlier, believed, Signed(after_loss, frozenset({D})))
    assert not contradicts(None, believed, Signed(after_loss, frozenset({B, D})))


def test_a_document_is_read_as_it_was_written() -> None:
    said = document(4, B)
    assert read(written(said)) == said
