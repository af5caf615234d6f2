"""The second reading of joining, feeds and receipts; it uses nothing of netreach either."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.specification.stranger import (
    Given,
    Refused,
    admitted,
    decoded,
    encoded,
    first_document,
    following_document,
    named,
    read_document,
    sha,
    verified,
    written,
)

SYLLABLES = [consonant + vowel for consonant in "bdfgklmrst" for vowel in "aeiou"]
DAY = timedelta(hours=24)
CLOCKS = timedelta(minutes=5)


def nonce(text: str) -> bytes:
    raw = decoded(text)
    if len(raw) != 32:
        raise Refused("invitation-forged")
    return raw


def begun(epoch: str) -> datetime:
    """Read from an id of version 7 when it was made."""
    milliseconds = int(epoch.replace("-", "")[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def four_words(digest: bytes) -> list[str]:
    bits = "".join(f"{byte:08b}" for byte in digest)
    numbers = [int(bits[place : place + 11], 2) for place in (0, 11, 22, 33)]
    return [SYLLABLES[number // 50] + SYLLABLES[number % 50] for number in numbers]


def words_of(request: Given, answer: Given) -> list[str]:
    said = {
        "newcomer": request["document"],
        "newcomer_nonce": request["nonce"],
        "inviter": answer["document"],
        "inviter_nonce": answer["nonce"],
    }
    return four_words(sha(written(said)))


def transport_of(document: str) -> list[Given]:
    said, _ = read_document(document)
    return [
        key["jwk"] for key in said["keys"] if key["role"] == "transport" and not key.get("retired")
    ]


def join_answered(given: Given) -> dict[str, Any]:
    """As the newcomer: read the inviter's answer, and work the words out."""
    link = parse_qs(urlsplit(given["link"]).fragment)
    request = admitted(decoded(given["request"].split(".")[1]).decode())
    try:
        answer = admitted(decoded(given["statement"].split(".")[1]).decode())
        node = first_document({"document": answer["document"], "root": link["root"][0]})["node"]
        verified(given["statement"], transport_of(answer["document"]), "netreach-join-answer+jws")
        bound = encoded(sha(b"netreach nonce" + nonce(answer["nonce"])))
    except (ValueError, LookupError, Refused) as error:
        raise Refused("invitation-forged") from error
    if (node, bound) != (link["node"][0], link["commit"][0]):
        raise Refused("invitation-forged")
    return {"node": node, "words": words_of(request, answer)}


def join_received(given: Given) -> dict[str, Any]:
    """As the inviter: believe a request; the answer itself only the node north can sign."""
    invitation = given["invitation"]
    try:
        request = admitted(decoded(given["statement"].split(".")[1]).decode())
        nonce(request["nonce"])
        node = first_document(request)["node"]
        verified(given["statement"], transport_of(request["document"]), "netreach-join+jws")
    except (ValueError, LookupError, Refused) as error:
        raise Refused("invitation-forged") from error
    said = {name: request[name] for name in ("invitation", "document", "nonce")}
    mac = hmac.new(sha(invitation["secret"].encode()), written(said), hashlib.sha256).digest()
    if (request["invitation"], request["mac"]) != (invitation["id"], encoded(mac)):
        raise Refused("invitation-forged")
    if invitation["spent_by"] not in {None, given["statement"]}:
        raise Refused("invitation-used")
    again = invitation["spent_by"] is not None
    late = datetime.fromisoformat(given["now"]) >= datetime.fromisoformat(invitation["expires_at"])
    if late and not again:
        raise Refused("invitation-expired")
    return {"node": node}


def beginning(given: Given) -> str:
    return encoded(sha(written({"feed": given["feed"], "epoch": given["epoch"]})))


def linked(before: bytes, epoch: str, event: Given) -> tuple[str, bytes]:
    """Give an event's digest, and the hash after it."""
    digest = event.get("digest", "")
    if event.get("payload") is not None:
        digest = encoded(sha(decoded(event["salt"]) + event["payload"].encode()))
    said = {name: event[name] for name in ("seq", "kind", "at")}
    return digest, sha(before + written({**said, "epoch": epoch, "digest": digest}))


def chain(given: Given) -> dict[str, str]:
    digest, reached = linked(decoded(given["before"]), given["epoch"], given["event"])
    return {"digest": digest, "hash": encoded(reached)}


def recalls_hash(statements: list[str]) -> str:
    return encoded(sha(b"".join(sha(one.encode()) for one in sorted(statements))))


def head(given: Given) -> dict[str, Any]:
    wrong, place = Refused("feed-head-wrong"), given["place"]
    try:
        said = admitted(verified(given["head"], given["keys"], "netreach-head+jws").decode())
        at, expires = (datetime.fromisoformat(said[name]) for name in ("at", "expires"))
    except (ValueError, Refused) as error:
        raise wrong from error
    if (
        said["feed"] != place["feed"]
        or not 0 <= said["seq"] <= said["last"]
        or len(said["epoch"]) != 36
    ):
        raise wrong
    now = datetime.fromisoformat(given["now"])
    if now >= expires or expires - at > DAY:
        raise Refused("feed-frozen")
    if max(at, begun(said["epoch"])) > now + CLOCKS:
        raise Refused("feed-ahead")
    if said["epoch"] < place["epoch"]:
        raise Refused("feed-rollback")
    return said


def page(given: Given) -> dict[str, Any]:
    lean, place = given["page"], given["place"]
    parts = lean["signature"].split("..")
    if len(parts) != 2:
        raise Refused("feed-head-wrong")
    said = head({**given, "head": f"{parts[0]}.{encoded(lean['said'].encode())}.{parts[1]}"})
    new = said["recalls_hash"] != given["known_recalls"]
    recalls = lean.get("recalls") if new else None
    if new and (recalls is None or recalls_hash(recalls) != said["recalls_hash"]):
        raise Refused("feed-head-wrong")
    if said["epoch"] != place["epoch"]:
        raise Refused("feed-fork")
    if said["last"] < place["seq"]:
        raise Refused("feed-rollback")
    seq, reached = place["seq"], decoded(place["hash"])
    for event in lean["events"]:
        seq += 1
        if event["seq"] != seq:
            raise Refused("feed-gap")
        _, reached = linked(reached, said["epoch"], event)
    if seq < said["seq"] or (seq == place["seq"] and said["last"] > seq):
        raise Refused("feed-gap")
    if seq > said["seq"] or encoded(reached) != said["hash"]:
        raise Refused("feed-fork")
    kinds = [event["kind"] for event in lean["events"]]
    now_at = {**place, "seq": seq, "hash": encoded(reached)}
    return {"place": now_at, "recalls": recalls, "kinds": kinds}


def standing(given: Given) -> dict[str, str]:
    def short(raw: bytes) -> str:
        return encoded(sha(raw))[:16]

    name = short(written(given["list"]))
    sequences = "-".join(str(seq) for seq, _ in given["places"])
    recalls = short(".".join(one for _, one in given["places"]).encode())
    return {"name": name, "word": f"{name}.{sequences}.{recalls}"}


def receipt(given: Given) -> dict[str, Any]:
    said = admitted(verified(given["receipt"], given["keys"], "netreach-receipt+jws").decode())
    expected = {**given["claim"], "kind": "claim-receipt", "state": "held"}
    if any(said.get(name) != value for name, value in expected.items()):
        raise Refused("bad-receipt")
    return said


def leave(given: Given) -> dict[str, Any]:
    raw = verified(given["statement"], given["keys"], "netreach-leave+jws")
    said = admitted(raw.decode())
    at, now = (datetime.fromisoformat(one) for one in (said["at"], given["now"]))
    if said["to"] != given["to"] or at > now + CLOCKS:
        raise Refused("bad-signature")
    return said


def statement(given: Given) -> str:
    return verified(given["statement"], given["keys"], given["typ"]).decode()


READINGS: dict[str, Callable[[Given], Any]] = {
    "canonical-write": lambda given: written(given["value"]).decode(),
    "canonical-read": lambda given: admitted(given["text"]),
    "thumbprint": lambda given: named(given["jwk"]),
    "statement": statement,
    "document-first": first_document,
    "document-following": following_document,
    "words": lambda given: four_words(bytes.fromhex(given["digest"])),
    "commitment": lambda given: encoded(sha(b"netreach nonce" + decoded(given["nonce"]))),
    "join-answered": join_answered,
    "join-received": join_received,
    "beginning": beginning,
    "chain": chain,
    "recalls-hash": lambda given: recalls_hash(given["statements"]),
    "head": head,
    "page": page,
    "standing-told": standing,
    "receipt": receipt,
    "leave": leave,
}
