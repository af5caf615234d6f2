from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from federation.feeds.errors import Ahead, FeedTrouble, Fork, Frozen, Gap, Rollback, WrongHead
from federation.feeds.rules import chain, heads
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Head, Page, Place
from federation.partners.keys import NodeKeys
from federation.partners.rules.encoding import text_of
from federation.partners.rules.signatures import public_part

FEED = UUID("01890000-0000-7000-8000-000000000000")
EPOCH = "01890000-0000-7000-8000-000000000001"
NOW = datetime(2027, 1, 5, 19, tzinfo=UTC)
START = Place(feed=str(FEED), epoch=EPOCH, seq=0, hash=chain.beginning(FEED, EPOCH))


def history(count: int, word: str = "n") -> tuple[list[WireEvent], list[bytes]]:
    events, hashes = [], [START.hash]
    for seq in range(1, count + 1):
        salt, payload = bytes(16), f'{{"{word}":{seq}}}'.encode()
        digest = chain.digest_of(salt, payload)
        event = WireEvent(
            seq=seq,
            kind="greeting",
            at=chain.written(NOW),
            salt=text_of(salt),
            payload=payload.decode(),
            digest=text_of(digest),
        )
        events.append(event)
        hashes.append(
            chain.link(
                hashes[-1],
                epoch=EPOCH,
                seq=seq,
                kind=event.kind,
                at=event.at,
                digest=digest,
            )
        )
    return events, hashes


EVENTS, HASHES = history(3)


def head(seq: int, last: int, reached: bytes, **changes: object) -> Head:
    usual = Head(
        feed=str(FEED),
        epoch=EPOCH,
        seq=seq,
        hash=text_of(reached),
        last=last,
        recalls_hash="",
        at=NOW,
        expires=NOW + timedelta(hours=24),
    )
    return msgspec.structs.replace(usual, **changes)


def at(seq: int) -> Place:
    return msgspec.structs.replace(START, seq=seq, hash=HASHES[seq])


def page(events: list[WireEvent]) -> Page:
    return Page(head="signed", recalls=None, events=events)


def test_a_page_leads_from_where_we_are_to_what_was_signed() -> None:
    assert heads.prove(page(EVENTS[:2]), head(2, 3, HASHES[2]), START) == at(2)
    assert heads.prove(page(EVENTS[2:]), head(3, 3, HASHES[3]), at(2)) == at(3)
    assert heads.prove(page([]), head(3, 3, HASHES[3]), at(3)) == at(3)


def test_an_erased_event_still_proves_the_chain() -> None:
    stub = msgspec.structs.replace(EVENTS[1], salt=None, payload=None)
    events = [EVENTS[0], stub, EVENTS[2]]
    assert heads.prove(page(events), head(3, 3, HASHES[3]), START) == at(3)


NOT_PROVEN: list[tuple[list[WireEvent], Head, Place, type[FeedTrouble]]] = [
    ([EVENTS[0], EVENTS[2]], head(3, 3, HASHES[3]), START, Gap),
    ([EVENTS[1], EVENTS[0]], head(2, 3, HASHES[2]), START, Gap),
    ([EVENTS[0], EVENTS[0]], head(2, 3, HASHES[2]), START, Gap),
    ([EVENTS[0]], head(2, 3, HASHES[2]), START, Gap),
    ([], head(3, 3, HASHES[3]), at(2), Gap),
    ([], head(2, 3, HASHES[2]), at(2), Gap),
    ([], head(2**53 - 1, 2**53 - 1, HASHES[3]), at(3), Gap),
    ([], head(2, 2, HASHES[2]), at(3), Rollback),
    ([], head(3, 3, HASHES[2]), at(3), Fork),
    (EVENTS, head(2, 3, HASHES[2]), START, Fork),
    (history(3, "x")[0], head(3, 3, HASHES[3]), START, Fork),
    (
        [msgspec.structs.replace(EVENTS[0], payload='{"n":9}')],
        head(1, 1, HASHES[1]),
        START,
        Fork,
    ),
    ([msgspec.structs.replace(EVENTS[0], kind="x")], head(1, 1, HASHES[1]), START, Fork),
    ([msgspec.structs.replace(EVENTS[0], salt=None)], head(1, 1, HASHES[1]), START, Fork),
    ([msgspec.structs.replace(EVENTS[0], digest="é")], head(1, 1, HASHES[1]), START, Fork),
    ([], head(0, 0, START.hash, epoch=EPOCH[:-1] + "9"), START, Fork),
]


@pytest.mark.parametrize(
    ("events", "claimed", "place", "trouble"),
    NOT_PROVEN,
    ids=[str(number) for number in range(len(NOT_PROVEN))],
)
def test_each_way_of_not_proving_itself_has_its_name(
    events: list[WireEvent], claimed: Head, place: Place, trouble: type[FeedTrouble]
) -> None:
    with pytest.raises(trouble) as refused:
        heads.prove(page(events), claimed, place)
    assert (type(refused.value), refused.value.head) == (trouble, "signed")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> NodeKeys:
    folder: Path = tmp_path_factory.mktemp("node")
    return NodeKeys.create(folder / "keys")


def signed(keys: NodeKeys, statement: Head) -> str:
    return keys.sign("head", msgspec.to_builtins(statement), purpose=heads.PURPOSE)


def test_a_signed_head_is_read_as_it_was_written(keys: NodeKeys) -> None:
    statement = head(3, 3, HASHES[3])
    pinned = [public_part(keys.by_role["head"])]
    assert heads.read_head(signed(keys, statement), pinned, START, now=NOW) == statement


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"feed": EPOCH}, WrongHead),
        ({"last": 2}, WrongHead),
        ({"expires": NOW}, Frozen),
        ({"expires": NOW + timedelta(days=9)}, Frozen),
        ({"epoch": "0" * 36}, Rollback),
        ({"at": NOW + timedelta(minutes=5, seconds=1)}, Ahead),
        ({"epoch": "f" * 36}, Ahead),
        ({"epoch": "0" * 8 + "f" * 28}, Rollback),
    ],
    ids=str,
)
def test_a_head_that_cannot_be_current_is_refused(
    keys: NodeKeys, change: dict[str, object], trouble: type[FeedTrouble]
) -> None:
    pinned = [public_part(keys.by_role["head"])]
    statement = signed(keys, msgspec.structs.replace(head(3, 3, HASHES[3]), **change))
    with pytest.raises(trouble):
        heads.read_head(statement, pinned, START, now=NOW)


def test_only_the_pinned_head_key_signs_heads(keys: NodeKeys) -> None:
    statement = signed(keys, head(3, 3, HASHES[3]))
    for role in ("root", "release", "transport"):
        with pytest.raises(WrongHead):
            heads.read_head(statement, [public_part(keys.by_role[role])], START, now=NOW)


def test_recalls_are_the_complete_signed_set_or_nothing() -> None:
    both = head(0, 0, START.hash, recalls_hash=heads.recalls_hash(["a", "b"]))
    answer = Page(head="signed", recalls=["b", "a"], events=[])
    assert heads.recalls_of(answer, both, "") == ["b", "a"]
    assert heads.recalls_of(answer, both, both.recalls_hash) is None
    for recalls in (["a"], ["a", "b", "c"], [], None):
        with pytest.raises(WrongHead):
            heads.recalls_of(Page(head="signed", recalls=recalls, events=[]), both, "")
