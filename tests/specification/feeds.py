"""Vectors of feeds: the chain, heads, pages whole and lean, and what a poll says."""

from datetime import timedelta
from typing import Any

import msgspec

from federation.feeds.rules import chain, heads, lean, standing
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Head, Page
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import text_of
from federation.partners.rules.signatures import sign
from tests.specification.example_nodes import NOW, handle_id, ident, jwk, key, node_of
from tests.specification.vectors import Group, Vector, bad, good, variants

FEED, EPOCH, OLDER, NEWER = ident(100), str(ident(102)), str(ident(101)), str(ident(103))
AHEAD = "01a2e706-9ce1-7000-8000-000000000000"
"""Of an id made five minutes and a thousandth of a second after NOW."""
BEGINNING = chain.beginning(FEED, EPOCH)
SAID: list[tuple[str, dict[str, Any]]] = [
    (
        "claim.requested",
        {
            "claim": ident(301),
            "seat": ident(201),
            "handle": handle_id(1),
            "answer_by": "2027-01-06T18:00:00+00:00",
        },
    ),
    ("call.made", {"call": ident(310), "claim": ident(301), "at": "2027-01-05T18:00:01+00:00"}),
    ("claim.cancelled", {"claim": ident(301)}),
]


def _event(seq: int, kind: str, said: dict[str, Any]) -> WireEvent:
    salt, payload = bytes([seq]) * 16, canonical(said)
    return WireEvent(
        seq=seq,
        kind=kind,
        at=chain.written(NOW + timedelta(seconds=seq)),
        salt=text_of(salt),
        payload=payload.decode(),
        digest=text_of(chain.digest_of(salt, payload)),
    )


EVENTS = [_event(seq, kind, said) for seq, (kind, said) in enumerate(SAID, 1)]
STUB = msgspec.structs.replace(EVENTS[1], salt=None, payload=None)
PLACES = [(0, BEGINNING)]
for _one in EVENTS:
    PLACES.append(chain.follow(PLACES[-1][1], epoch=EPOCH, seq=_one.seq - 1, events=[_one]))
RECALLS = ["eyJh.one.recall", "eyJh.another.one"]
NO_RECALLS = heads.recalls_hash(())


def groups() -> list[Group]:
    return [
        Group(check="beginning", section="the-chain", vectors=_beginnings()),
        Group(check="chain", section="the-chain", vectors=_links()),
        Group(check="recalls-hash", section="recalls-in-a-page", vectors=_recalls()),
        Group(check="head", section="the-head", vectors=_heads()),
        Group(check="page", section="proving-a-page", vectors=_pages()),
        Group(check="lean-page", section="lean-pages", vectors=_lean()),
        Group(check="standing-told", section="polling", vectors=_told()),
        Group(check="standing-heard", section="polling", vectors=_heard()),
    ]


def head(end: int, **changes: Any) -> Head:
    usual = Head(
        feed=str(FEED),
        epoch=EPOCH,
        seq=end,
        hash=text_of(PLACES[end][1]),
        last=3,
        recalls_hash=NO_RECALLS,
        at=NOW,
        expires=NOW + timedelta(hours=24),
    )
    return msgspec.structs.replace(usual, **changes)


def signed(said: Head, by: str = "north head", purpose: str = heads.PURPOSE) -> str:
    return sign(canonical(msgspec.to_builtins(said)), key(by), purpose)


def place(seq: int) -> dict[str, Any]:
    return {"feed": str(FEED), "epoch": EPOCH, "seq": seq, "hash": text_of(PLACES[seq][1])}


def _beginnings() -> list[Vector]:
    return [
        good("of a feed", {"feed": str(FEED), "epoch": EPOCH}, text_of(BEGINNING)),
        good(
            "of its next epoch",
            {"feed": str(FEED), "epoch": NEWER},
            text_of(chain.beginning(FEED, NEWER)),
        ),
    ]


def _links() -> list[Vector]:
    def given(event: WireEvent) -> dict[str, Any]:
        told = {
            name: value for name, value in msgspec.structs.asdict(event).items() if name != "digest"
        }
        erased = {"digest": event.digest} if event.payload is None else {}
        return {"epoch": EPOCH, "before": text_of(PLACES[event.seq - 1][1]), "event": told | erased}

    def gives(event: WireEvent) -> dict[str, str]:
        return {"digest": event.digest, "hash": text_of(PLACES[event.seq][1])}

    return [
        *[good(f"event {event.seq}", given(event), gives(event)) for event in EVENTS],
        good("event 2 once its content was erased", given(STUB), gives(STUB)),
    ]


def _recalls() -> list[Vector]:
    return [
        good("no recalls", {"statements": []}, NO_RECALLS),
        good("two recalls", {"statements": RECALLS}, heads.recalls_hash(RECALLS)),
        good("in another order", {"statements": RECALLS[::-1]}, heads.recalls_hash(RECALLS)),
    ]


def _heads() -> list[Vector]:
    given = {
        "head": signed(head(3)),
        "keys": [jwk("north head")],
        "place": place(1),
        "now": NOW.isoformat(),
    }
    last_moment = (NOW + timedelta(hours=23, minutes=59)).isoformat()
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "of another feed": ("feed-head-wrong", {"feed": str(ident(99))}),
        "that ends behind the feed": ("feed-head-wrong", {"last": 2}),
        "with a sequence below nought": ("feed-head-wrong", {"seq": -1}),
        "of an epoch that is none": ("feed-head-wrong", {"epoch": "now"}),
        "that has just expired": ("feed-frozen", {"at": NOW - timedelta(hours=24), "expires": NOW}),
        "that lives for more than a day": (
            "feed-frozen",
            {"expires": NOW + timedelta(hours=24, seconds=1)},
        ),
        "from more than five minutes later": (
            "feed-ahead",
            {
                "at": NOW + timedelta(minutes=5, seconds=1),
                "expires": NOW + timedelta(hours=1),
            },
        ),
        "of an epoch that begins more than five minutes later": ("feed-ahead", {"epoch": AHEAD}),
        "of an older epoch": ("feed-rollback", {"epoch": OLDER}),
    }
    return [
        good("a head", given, msgspec.to_builtins(head(3))),
        good(
            "shortly before it expires", given | {"now": last_moment}, msgspec.to_builtins(head(3))
        ),
        good(
            "from five minutes later, since clocks differ",
            given | {"head": signed(head(3, at=NOW + timedelta(minutes=5)))},
            msgspec.to_builtins(head(3, at=NOW + timedelta(minutes=5))),
        ),
        good(
            "of a newer epoch",
            given | {"head": signed(head(3, epoch=NEWER))},
            msgspec.to_builtins(head(3, epoch=NEWER)),
        ),
        *[
            bad(what, given | {"head": signed(head(3, **changes))}, code)
            for what, (code, changes) in wrong.items()
        ],
        *variants(
            given,
            "feed-head-wrong",
            signed_by_a_key_for_releases={"head": signed(head(3), by="north release")},
            signed_by_a_replaced_key={"keys": [jwk("north head 2")]},
            signed_as_a_receipt={"head": signed(head(3), purpose="netreach-receipt+jws")},
        ),
    ]


def page(said: Head, events: list[WireEvent], recalls: list[str] | None = None) -> dict[str, Any]:
    whole = Page(head=signed(said), recalls=recalls, events=events)
    told: dict[str, Any] = msgspec.to_builtins(lean.lean(whole))
    return told


def _pages() -> list[Vector]:
    given = {
        "page": page(head(3), EVENTS),
        "keys": [jwk("north head")],
        "place": place(0),
        "known_recalls": NO_RECALLS,
        "now": NOW.isoformat(),
    }
    all_kinds = [event.kind for event in EVENTS]
    both = heads.recalls_hash(RECALLS)

    def gives(seq: int, kinds: list[str], recalls: list[str] | None = None) -> dict[str, Any]:
        return {"place": place(seq), "recalls": recalls, "kinds": kinds}

    changed = msgspec.structs.replace(EVENTS[1], payload='{"claim":"another"}')
    other_kind = msgspec.structs.replace(EVENTS[2], kind="claim.requested")
    other_time = msgspec.structs.replace(EVENTS[2], at=EVENTS[1].at)
    other_end = text_of(PLACES[2][1])
    return [
        good("three events", given, gives(3, all_kinds)),
        good(
            "one of them erased",
            given | {"page": page(head(3), [EVENTS[0], STUB, EVENTS[2]])},
            gives(3, all_kinds),
        ),
        good(
            "the first page of two",
            given | {"page": page(head(2), EVENTS[:2])},
            gives(2, all_kinds[:2]),
        ),
        good(
            "the second of them",
            given | {"page": page(head(3), EVENTS[2:]), "place": place(2)},
            gives(3, all_kinds[2:]),
        ),
        good("nothing new", given | {"page": page(head(3), []), "place": place(3)}, gives(3, [])),
        good(
            "recalls before its events",
            given | {"page": page(head(3, recalls_hash=both), EVENTS, RECALLS)},
            gives(3, all_kinds, RECALLS),
        ),
        good(
            "recalls that were applied before",
            given | {"page": page(head(3, recalls_hash=both), EVENTS), "known_recalls": both},
            gives(3, all_kinds),
        ),
        *variants(
            given,
            "feed-gap",
            an_event_left_out={"page": page(head(3), [EVENTS[0], EVENTS[2]])},
            out_of_order={"page": page(head(3), [EVENTS[0], EVENTS[2], EVENTS[1]])},
            one_twice={"page": page(head(3), [EVENTS[0], EVENTS[0], EVENTS[1], EVENTS[2]])},
            fewer_than_its_head_says={"page": page(head(3), EVENTS[:2])},
            none_although_there_are_more={"page": page(head(3), [])},
        ),
        bad(
            "an end before the reader's place",
            given | {"page": page(head(2, last=2), []), "place": place(3)},
            "feed-rollback",
        ),
        bad(
            "another place under the same number",
            given | {"page": page(head(3, hash=other_end), []), "place": place(3)},
            "feed-fork",
        ),
        bad(
            "another epoch, unasked",
            given | {"page": page(head(3, epoch=NEWER), EVENTS)},
            "feed-fork",
        ),
        *variants(
            given,
            "feed-fork",
            another_content={"page": page(head(3), [EVENTS[0], changed, EVENTS[2]])},
            another_kind={"page": page(head(3), [*EVENTS[:2], other_kind])},
            another_time={"page": page(head(3), [*EVENTS[:2], other_time])},
            more_than_its_head_says={"page": page(head(2), EVENTS)},
        ),
        *variants(
            given,
            "feed-head-wrong",
            recalls_that_are_kept_back={"page": page(head(3, recalls_hash=both), EVENTS)},
            a_recall_that_is_missing={
                "page": page(head(3, recalls_hash=both), EVENTS, RECALLS[:1])
            },
            a_head_in_other_words={
                "page": page(head(3), EVENTS)
                | {"said": canonical(msgspec.to_builtins(head(2))).decode()}
            },
            a_signature_that_is_none={"page": page(head(3), EVENTS) | {"signature": "a.b"}},
        ),
    ]


def _lean() -> list[Vector]:
    said = Page(head=signed(head(3)), recalls=None, events=[EVENTS[0], STUB, EVENTS[2]])
    recalled = Page(head=signed(head(3)), recalls=RECALLS, events=[])
    return [
        good(what, {"whole": msgspec.to_builtins(one)}, msgspec.to_builtins(lean.lean(one)))
        for what, one in (("three events, one of them erased", said), ("recalls alone", recalled))
    ]


def _told() -> list[Vector]:
    feeds = [
        {
            "id": str(ident(110)),
            "kind": "project/releases",
            "subject": str(ident(10)),
            "epoch": EPOCH,
        },
        {"id": str(FEED), "kind": "private", "subject": node_of("south").node_id, "epoch": EPOCH},
    ]
    listed = {
        "feeds": feeds,
        "granted": [f"releases:{ident(10)}"],
        "withheld": [f"claim:{ident(20)}"],
        "pools": [],
        "document_version": 1,
        "name": "",
    }
    places: list[tuple[int, str]] = [(7, heads.recalls_hash(RECALLS)), (3, NO_RECALLS)]
    name = standing.list_name(listed)
    word = standing.told(name, places)
    given = {"list": listed, "places": places}
    return [good("two feeds", given, {"name": name, "word": word})]


def _heard() -> list[Vector]:
    word = "AAAAAAAAAAAAAAAA.7-3.BBBBBBBBBBBBBBBB"
    taken = {"name": "A" * 16, "sequences": [7, 3], "recalls": "B" * 16}
    return [
        good("a word", {"word": word}, taken),
        *[
            good(what, {"word": text}, None)
            for what, text in {
                "nothing": "",
                "no sequence": "AAAAAAAAAAAAAAAA..BBBBBBBBBBBBBBBB",
                "a sequence below nought": word.replace("7-3", "7--3"),
                "a name that is too short": word[1:],
                "longer than 4,000 characters": word.replace("7-", "7-" * 2000),
            }.items()
        ],
    ]
