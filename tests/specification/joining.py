"""Vectors of joining: the link, both signed messages, the words; and of signing in afterwards."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
from joserfc import jwt

from federation.access.rules import secret_hash
from federation.partners.invitations.actions import join_request
from federation.partners.keys import Node
from federation.partners.rules.document import Role
from federation.partners.rules.encoding import bytes_of, text_of
from federation.partners.rules.handshake import (
    ANSWER_PURPOSE,
    REQUEST_PURPOSE,
    JoinAnswer,
    JoinRequest,
    Link,
    commit,
    prove,
    words_for,
)
from federation.partners.rules.words import WORDS
from federation.partners.tokens.rules import ASSERTION_TYPE, GRANT
from tests.specification.example_nodes import NOW, document, ident, key, node_of, seed_of
from tests.specification.vectors import Group, Vector, bad, good, variants

NONCE = seed_of("nonce of the inviter")
SECRET = text_of(seed_of("secret of the link"))
FORGED = "invitation-forged"
NORTH, SOUTH = node_of("north"), node_of("south")
LINK = Link(
    base_url=NORTH.base_url,
    invitation=ident(1),
    node=NORTH.node_id,
    root=NORTH.keys.root_fingerprint(),
    secret=SECRET,
    commitment=commit(NONCE),
)
REQUEST, REQUESTED = join_request(SOUTH, LINK)
ANSWER = JoinAnswer(document=NORTH.document, nonce=text_of(NONCE))
ANSWERED = NORTH.keys.sign("transport", msgspec.to_builtins(ANSWER), purpose=ANSWER_PURPOSE)
CHOSEN = words_for(REQUEST, ANSWER)
AT = int(NOW.timestamp())
CLAIMS = {
    "iss": SOUTH.node_id,
    "sub": SOUTH.node_id,
    "aud": NORTH.base_url,
    "iat": AT,
    "exp": AT + 60,
    "jti": "example-1",
}


def groups() -> list[Group]:
    return [
        Group(check="words", section="the-four-words", vectors=_words()),
        Group(check="commitment", section="the-invitation-link", vectors=_commitments()),
        Group(check="link", section="the-invitation-link", vectors=_links()),
        Group(check="join-received", section="the-two-messages", vectors=_received()),
        Group(check="join-answered", section="the-two-messages", vectors=_answered()),
        Group(check="token", section="signing-in", vectors=_tokens()),
    ]


def _words() -> list[Vector]:
    bits = "00000000001" + "00000000010" + "11111111111" + "00000110010"
    begins = (int(bits, 2) << 4).to_bytes(6, "big")
    return [
        good("nothing but noughts", {"digest": bytes(32).hex()}, [WORDS[0]] * 4),
        good("nothing but ones", {"digest": (b"\xff" * 32).hex()}, [WORDS[2047]] * 4),
        good(
            "words 1, 2, 2047 and 50",
            {"digest": (begins + bytes(26)).hex()},
            [WORDS[1], WORDS[2], WORDS[2047], WORDS[50]],
        ),
    ]


def _commitments() -> list[Vector]:
    return [good("a nonce", {"nonce": text_of(NONCE)}, commit(NONCE))]


def _links() -> list[Vector]:
    text = str(LINK)
    read = {
        "base_url": LINK.base_url,
        "invitation": str(LINK.invitation),
        "node": LINK.node,
        "root": LINK.root,
        "secret": LINK.secret,
        "commitment": LINK.commitment,
    }
    below = text.replace("example/", "example/netreach/", 1)
    return [
        good("a link", {"link": text}, read),
        good("with a line end", {"link": f" {text}\n"}, read),
        good(
            "of a node below a path",
            {"link": below},
            read | {"base_url": f"{LINK.base_url}/netreach"},
        ),
        *variants(
            {"link": text},
            FORGED,
            nothing={"link": ""},
            without_its_secret={"link": text.replace("secret=", "sacred=")},
            of_another_path={"link": text.replace("/join", "/leave")},
            with_no_id_of_an_invitation={"link": text.replace("id=", "id=x")},
        ),
    ]


def _received() -> list[Vector]:
    invitation = {
        "id": str(LINK.invitation),
        "secret": SECRET,
        "nonce": text_of(NONCE),
        "expires_at": (NOW + timedelta(hours=48)).isoformat(),
        "spent_by": None,
    }
    given = {"statement": REQUESTED, "invitation": invitation, "now": NOW.isoformat()}
    gives = {"node": SOUTH.node_id, "statement": ANSWERED, "words": CHOSEN}
    late = {"expires_at": NOW.isoformat()}
    spent = {"spent_by": _request(nonce=text_of(seed_of("another nonce")))}
    other_secret = {"secret": text_of(seed_of("another secret"))}
    own = join_request_of_north()
    return [
        good("a newcomer with the link", given, gives),
        good(
            "the same message again",
            given | {"invitation": invitation | {"spent_by": REQUESTED}},
            gives,
        ),
        bad("too late", given | {"invitation": invitation | late}, "invitation-expired"),
        bad(
            "spent by another message",
            given | {"invitation": invitation | spent},
            "invitation-used",
        ),
        bad("an inviter that joins itself", given | {"statement": own}, "own-invitation"),
        *variants(
            given,
            FORGED,
            another_secret={"invitation": invitation | other_secret},
            an_invitation_that_was_never_made={"statement": _request(invitation=str(ident(2)))},
            a_nonce_for_which_the_mac_is_not={"statement": _request(keep_mac=True, nonce="A" * 43)},
            a_document_that_is_none={"statement": _request(document="{}")},
            signed_by_another_key={"statement": _request(by="south head")},
            signed_for_another_purpose={"statement": _request(purpose=ANSWER_PURPOSE)},
            no_statement={"statement": "a.b"},
            not_in_canonical_form={"statement": _spaced(REQUESTED, REQUEST_PURPOSE, SOUTH)},
            a_nonce_of_31_bytes={"statement": _request(nonce=text_of(bytes(31)))},
        ),
    ]


def _request(
    *,
    keep_mac: bool = False,
    by: str = "south transport",
    purpose: str = REQUEST_PURPOSE,
    **changes: str,
) -> str:
    """Sign another request, with a proof that fits it unless the old one is kept."""
    said = msgspec.convert(msgspec.to_builtins(REQUEST) | changes, JoinRequest)
    proof = prove(secret_hash(SECRET), said.invitation, said.document, said.nonce)
    said = said if keep_mac else msgspec.structs.replace(said, mac=proof)
    return _signed(msgspec.to_builtins(said), by, purpose)


def join_request_of_north() -> str:
    return _request(document=NORTH.document, by="north transport")


def _signed(said: Mapping[str, Any], by: str, purpose: str) -> str:
    node, _, role = by.partition(" ")
    keys = {"north": NORTH, "south": SOUTH, "stranger": node_of("stranger")}[node].keys
    return keys.sign(msgspec.convert(role, Role), dict(said), purpose=purpose)


def _answered() -> list[Vector]:
    given = {"link": str(LINK), "request": REQUESTED, "statement": ANSWERED}
    other_link = msgspec.structs.replace(LINK, root=key("stranger root").thumbprint())
    return [
        good("the inviter's answer", given, {"node": NORTH.node_id, "words": CHOSEN}),
        *variants(
            given,
            FORGED,
            another_nonce_than_was_promised={"statement": _answer(nonce=text_of(seed_of("later")))},
            another_node={
                "statement": _answer(by="stranger transport", document=document("stranger 1"))
            },
            another_root_than_in_the_link={"link": str(other_link)},
            signed_by_another_key={"statement": _answer(by="north release")},
            signed_for_another_purpose={"statement": _answer(purpose=REQUEST_PURPOSE)},
            a_nonce_that_is_none={"statement": _answer(nonce="é")},
            a_nonce_of_31_bytes=_short_nonce(),
            not_in_canonical_form={"statement": _spaced(ANSWERED, ANSWER_PURPOSE, NORTH)},
        ),
    ]


def _short_nonce() -> dict[str, Any]:
    """Promise a nonce of 31 bytes, and reveal it."""
    short = bytes(31)
    link = msgspec.structs.replace(LINK, commitment=commit(short))
    return {"link": str(link), "statement": _answer(nonce=text_of(short))}


def _spaced(statement: str, purpose: str, node: Node) -> str:
    said = bytes_of(statement.split(".")[1]).replace(b'"document":', b'"document": ')
    return node.keys.sign("transport", said, purpose=purpose)


def _answer(*, by: str = "north transport", purpose: str = ANSWER_PURPOSE, **changes: str) -> str:
    return _signed(msgspec.to_builtins(ANSWER) | changes, by, purpose)


def _tokens() -> list[Vector]:
    partner = {
        "node": SOUTH.node_id,
        "state": "joined",
        "transport": [SOUTH.keys.by_role["transport"].as_dict(private=False)],
    }
    given = {
        "form": _form(),
        "issuer": NORTH.base_url,
        "partner": partner,
        "spent": [],
        "now": NOW.isoformat(),
    }
    claims: dict[str, dict[str, Any]] = {
        "written for another node": {"aud": "https://elsewhere.example"},
        "a list of audiences, this node among them": {"aud": [NORTH.base_url]},
        "somebody else's name": {"sub": NORTH.node_id},
        "a node that is no partner": {"iss": NORTH.node_id, "sub": NORTH.node_id},
        "a life of 121 seconds": {"exp": AT + 121},
        "over for 30 seconds": {"iat": AT - 90, "exp": AT - 30},
        "31 seconds from the future": {"iat": AT + 31, "exp": AT + 91},
        "not before 31 seconds from now": {"nbf": AT + 31},
        "no name of its own": {"jti": None},
        "a name with a space": {"jti": "a b"},
    }
    gives = {"token_type": "Bearer", "expires_in": 600}
    no_grant = {"grant_type": "password"}
    no_assertion = {"grant_type": GRANT, "client_assertion_type": ASSERTION_TYPE}
    return [
        good("an assertion", given, gives),
        good(
            "over for 29 seconds, since clocks differ",
            given | {"form": _form(iat=AT - 89, exp=AT - 29)},
            gives,
        ),
        good(
            "a slash behind the address", given | {"form": _form(aud=f"{NORTH.base_url}/")}, gives
        ),
        good(
            "while the other side types its words",
            given | {"partner": partner | {"state": "waiting-for-them"}},
            gives,
        ),
        *[
            bad(what, given | {"form": _form(**change)}, "invalid_client")
            for what, change in claims.items()
        ],
        *variants(
            given,
            "invalid_client",
            used_before={"spent": ["example-1"]},
            signed_by_a_key_for_heads={"form": _form(by="south head")},
            before_the_words_were_typed={"partner": partner | {"state": "words-to-type"}},
            after_the_end={"partner": partner | {"state": "ended"}},
        ),
        bad("another grant", given | {"form": _form() | no_grant}, "unsupported_grant_type"),
        bad("no assertion", given | {"form": no_assertion}, "invalid_request"),
    ]


def _form(by: str = "south transport", **changes: Any) -> dict[str, str]:
    said = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    header = {"alg": "Ed25519", "kid": key(by).thumbprint(), "typ": "JWT"}
    return {
        "grant_type": GRANT,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(header, said, key(by), algorithms=["Ed25519"]),
    }
