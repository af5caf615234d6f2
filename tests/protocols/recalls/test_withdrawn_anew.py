"""What a node withdraws a second time, because it has lost what it withdrew before."""

from itertools import permutations

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import with_payload
from protocols.recalls.errors import Withdrawn
from protocols.recalls.models import Recall
from protocols.recalls.receiving import receive_recall
from protocols.statements.rules import hash_of, statement_of
from tests.protocols.example_texts import signer, take_up, verifier
from tests.protocols.recalls.test_receiving_recalls import (
    LATER,
    FromNorth,
    receive,
    sent,
    the_second,
)

__all__ = ["sent"]


@pytest.mark.parametrize("order", [*permutations(("first", "anew", "1"))])
async def test_what_is_withdrawn_anew_is_heard_again_and_the_last_words_hold(
    session: AsyncSession, sent: FromNorth, order: tuple[str, ...]
) -> None:
    """A node that lost what it withdrew cannot repeat its words; nobody goes on with the text."""
    first = msgspec.json.decode(statement_of(sent.recall).manifest)
    said = {"recall": str(new_id()), "reason": "It is wrong.", "stated": "2031-01-01T00:00:00Z"}
    anew = signer(canonical(first | said | {"holds": {"sequence": None, "texts": {"en": "Stop."}}}))
    statements = {"first": sent.recall, "anew": anew}
    heard = []
    for name in order:
        if name in statements:
            jws = statements[name]
            heard.append(await receive_recall(session, sent.sender, jws, LATER, verify=verifier))
        else:
            await receive(session, sent, name)
    again = await receive_recall(session, sent.sender, anew, LATER, verify=verifier)

    assert [str(one.said) for one in heard if one] == [
        {"first": first["recall"], "anew": said["recall"]}[name]
        for name in order
        if name in statements
    ]
    assert again is None
    [kept] = await session.scalars(select(Recall))
    assert with_payload(kept.signature, kept.manifest) == anew
    assert (kept.reason, kept.holds_sequence, kept.holds_texts, str(kept.stated_at.date())) == (
        "It is wrong.",
        None,
        {"en": "Stop."},
        "2031-01-01",
    )
    with pytest.raises(Withdrawn):
        await take_up(session, sent.south, await the_second(session))


async def test_of_two_of_one_moment_one_holds_in_either_order(
    session: AsyncSession, sent: FromNorth
) -> None:
    first = msgspec.json.decode(statement_of(sent.recall).manifest)
    other = signer(canonical(first | {"reason": "It is wrong."}))
    ends = []
    for order in permutations((sent.recall, other)):
        async with session.begin_nested() as example:
            for jws in order:
                assert await receive_recall(session, sent.sender, jws, LATER, verify=verifier)
            ends.append([one.hash for one in await session.scalars(select(Recall))])
            await example.rollback()
        session.expunge_all()

    both = [hash_of(statement_of(jws).manifest.encode()) for jws in (sent.recall, other)]
    assert ends == [[max(both)]] * 2


async def test_one_id_for_two_withdrawals_keeps_neither_out(
    session: AsyncSession, sent: FromNorth
) -> None:
    await receive(session, sent, "recall")
    first = msgspec.json.decode(statement_of(sent.recall).manifest)
    other = signer(canonical(first | {"sequence": 3}))
    await receive_recall(session, sent.sender, other, LATER, verify=verifier)

    kept = await session.scalars(select(Recall.sequence).order_by(Recall.sequence))
    assert list(kept) == [2, 3]
