"""Which signed document takes the place of what is believed of a pool."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from federation.handing.rules import PoolDocument, Signed, Standing, follows, read, written

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
        (document(4, A), {A}, True),
        (document(3, A, 3), {B}, False),
        (document(3, A, 2), {A}, False),
        (document(2, A, 9), {A}, False),
    ],
)
def test_both_sign_the_next_term_and_the_host_alone_its_own(
    said: PoolDocument, signers: set[str], *, takes_its_place: bool
) -> None:
    assert follows(BEFORE, Signed(said, frozenset(signers))) is takes_its_place


def test_a_document_is_read_as_it_was_written() -> None:
    said = document(4, B)
    assert read(written(said)) == said
