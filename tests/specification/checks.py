"""What each check of the vectors is for this node: the rule that decides it, without a database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from api.peers.wire import FeedList
from federation.feeds.rules import chain, heads
from federation.feeds.rules.heads import Page, Place
from federation.feeds.rules.lean import LeanPage, lean, whole
from federation.feeds.rules.standing import heard, list_name, told
from federation.partners.rules.canonical import admit, canonical
from federation.partners.rules.document import first_meeting, renewed
from federation.partners.rules.encoding import bytes_of, text_of
from federation.partners.rules.handshake import WORD_COUNT, Link, commit
from federation.partners.rules.recovery import key_from
from federation.partners.rules.signatures import thumbprint, verified
from federation.partners.rules.words import spoken
from federation.relations.leaving.rules import read_leave
from rota.claims.models import Claim
from rota.sign_up.from_homes import receipt_of
from rota.sign_up.from_hosts import check_receipt
from tests.specification.documents import told as told_of
from tests.specification.example_nodes import NOW, node_of
from tests.specification.kinds import KINDS
from tests.specification.seats import PURPOSE as RECEIPT

Given = dict[str, Any]
Check = Callable[[Given], Any]


def _canonical_write(given: Given) -> str:
    return canonical(given["value"]).decode()


def _canonical_read(given: Given) -> dict[str, Any]:
    return admit(given["text"].encode("utf-8", "surrogatepass"))


def _thumbprint(given: Given) -> str:
    return thumbprint(given["jwk"])


def _recovery_words(given: Given) -> dict[str, str]:
    seed = key_from(given["typed"]).as_dict(private=True)["d"]
    return {"seed": bytes_of(str(seed)).hex()}


def _statement(given: Given) -> str:
    return verified(given["statement"], given["keys"], given["typ"]).decode()


def _document_first(given: Given) -> Any:
    return told_of(first_meeting(given["document"], given.get("root")))


def _document_following(given: Given) -> Any:
    return told_of(renewed(given["pinned"], given["document"]))


def _words(given: Given) -> list[str]:
    return spoken(bytes.fromhex(given["digest"]), WORD_COUNT)


def _commitment(given: Given) -> str:
    return commit(bytes_of(given["nonce"]))


def _link(given: Given) -> Any:
    return msgspec.to_builtins(Link.read(given["link"]))


def _beginning(given: Given) -> str:
    return text_of(chain.beginning(UUID(given["feed"]), given["epoch"]))


def _chain(given: Given) -> dict[str, str]:
    event = given["event"]
    digest = (
        bytes_of(event["digest"])
        if event["payload"] is None
        else chain.digest_of(bytes_of(event["salt"]), event["payload"].encode())
    )
    reached = chain.link(
        bytes_of(given["before"]),
        epoch=given["epoch"],
        seq=event["seq"],
        kind=event["kind"],
        at=event["at"],
        digest=digest,
    )
    return {"digest": text_of(digest), "hash": text_of(reached)}


def _recalls_hash(given: Given) -> str:
    return heads.recalls_hash(given["statements"])


def _place(told: Given) -> Place:
    return Place(**{**told, "hash": bytes_of(told["hash"])})


def _now(given: Given) -> datetime:
    return datetime.fromisoformat(given["now"])


def _head(given: Given) -> Any:
    place = _place(given["place"])
    return msgspec.to_builtins(
        heads.read_head(given["head"], given["keys"], place, now=_now(given))
    )


def _page(given: Given) -> dict[str, Any]:
    page, place = whole(msgspec.convert(given["page"], LeanPage)), _place(given["place"])
    head = heads.read_head(page.head, given["keys"], place, now=_now(given))
    recalls = heads.recalls_of(page, head, given["known_recalls"])
    reached = msgspec.structs.asdict(heads.prove(page, head, place))
    return {
        "place": {**reached, "hash": text_of(reached["hash"])},
        "recalls": recalls,
        "kinds": [event.kind for event in page.events],
    }


def _lean_page(given: Given) -> Any:
    page = msgspec.convert(given["whole"], Page)
    assert whole(lean(page)) == page
    return msgspec.to_builtins(lean(page))


def _standing_told(given: Given) -> dict[str, str | None]:
    listed = msgspec.convert(given["list"], FeedList)
    name = list_name(msgspec.to_builtins(listed))
    return {"name": name, "word": told(name, [(seq, recalls) for seq, recalls in given["places"]])}


def _standing_heard(given: Given) -> Any:
    standing = heard(given["word"])
    return standing and standing._asdict()


def _claim(told: Given) -> Claim:
    return Claim(
        id=UUID(told["claim"]),
        seat_id=UUID(told["seat"]),
        handle_id=UUID(told["handle"]),
        state="held",
        origin="worker",
        decided_here=True,
        answer_by=NOW,
        made_at=NOW,
    )


def _receipt_written(given: Given) -> str:
    keys = node_of("north").keys
    return receipt_of(
        _claim(given["claim"]),
        _now(given),
        lambda said: keys.sign("head", said, purpose=RECEIPT),
    )


def _receipt(given: Given) -> dict[str, Any]:
    def read(receipt: str) -> dict[str, Any]:
        return admit(verified(receipt, given["keys"], RECEIPT))

    check_receipt(given["receipt"], _claim(given["claim"]), read)
    return read(given["receipt"])


def _leave(given: Given) -> Any:
    said = read_leave(given["statement"], given["keys"], to=given["to"], now=_now(given))
    told: dict[str, Any] = msgspec.to_builtins(msgspec.structs.asdict(said))
    times = {name: getattr(said, name) for name in ("at", "claims_until")}
    written = {name: at and at.isoformat() for name, at in times.items()}
    return {name: value for name, value in (told | written).items() if value != []}


def _event(given: Given) -> None:
    msgspec.convert(given["payload"], KINDS[given["kind"]].shape)


CHECKS: dict[str, Check] = {
    "canonical-write": _canonical_write,
    "canonical-read": _canonical_read,
    "thumbprint": _thumbprint,
    "recovery-words": _recovery_words,
    "statement": _statement,
    "document-first": _document_first,
    "document-following": _document_following,
    "words": _words,
    "commitment": _commitment,
    "link": _link,
    "beginning": _beginning,
    "chain": _chain,
    "recalls-hash": _recalls_hash,
    "head": _head,
    "page": _page,
    "lean-page": _lean_page,
    "standing-told": _standing_told,
    "standing-heard": _standing_heard,
    "receipt-written": _receipt_written,
    "receipt": _receipt,
    "event": _event,
    "leave": _leave,
}
