"""Vectors of the lowest floor: canonical bytes, keys, signatures."""

from typing import Any

from joserfc import jws

from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import text_of
from federation.partners.rules.recovery import words_for
from federation.partners.rules.signatures import protected_header, sign
from tests.specification.example_nodes import jwk, key, seed_of
from tests.specification.vectors import Group, Vector, bad, good

TYP = "netreach-example+jws"
SAID = b'{"hours":4,"open":true}'
WRITTEN: dict[str, dict[str, Any]] = {
    "names in order": {"b": 1, "a": [True, None, "x"]},
    "nested and empty": {"z": {}, "y": [], "x": {"b": -1, "a": 0}},
    "signs that are written as they are": {"text": "é € 😀 </script> /"},
    "signs that are escaped": {"text": 'a"b\\c\n\t\r\b\f\u0001\u001f'},
    "the largest integers": {"most": 2**53 - 1, "least": 1 - 2**53},
    "names beyond ASCII, in the order of UTF-16": {"\ufb33": 1, "😀": 2, "é": 3},
}
NEVER_WRITTEN: dict[str, dict[str, Any]] = {
    "a fraction": {"hours": 1.5},
    "a fraction of nothing": {"hours": 1.0},
    "an integer that readers dispute": {"seq": 2**53},
}
NOT_CANONICAL = {
    "a space": '{"a": 1}',
    "names out of order": '{"b":1,"a":2}',
    "a name twice": '{"a":1,"a":2}',
    "a name twice, written in two ways": '{"a":1,"\\u0061":2}',
    "a fraction": '{"a":1.5}',
    "a fraction of nothing": '{"a":1.0}',
    "an exponent": '{"a":1e3}',
    "minus nought": '{"a":-0}',
    "an integer that readers dispute": '{"a":9007199254740992}',
    "no number": '{"a":NaN}',
    "an escape that need not be": '{"a":"\\u00e9"}',
    "an escape in capitals": '{"a":"\\u001F"}',
    "a character that no text has": '{"a":"\\u0000"}',
    "half a sign": '{"a":"\\ud83d"}',
    "a list outside": "[1]",
    "a line end after it": '{"a":1}\n',
    "a mark before it": '\ufeff{"a":1}',
    "nothing": "",
}


def groups() -> list[Group]:
    return [
        Group(check="canonical-write", section="canonical-form", vectors=_written()),
        Group(check="canonical-read", section="canonical-form", vectors=_read()),
        Group(check="thumbprint", section="keys", vectors=_thumbprints()),
        Group(check="recovery-words", section="keys", vectors=_recovery()),
        Group(check="statement", section="signed-statements", vectors=_statements()),
    ]


def _written() -> list[Vector]:
    return [
        *[
            good(what, {"value": value}, canonical(value).decode())
            for what, value in WRITTEN.items()
        ],
        *[bad(what, {"value": value}, "not-canonical") for what, value in NEVER_WRITTEN.items()],
    ]


def _read() -> list[Vector]:
    return [
        *[
            good(what, {"text": canonical(value).decode()}, value)
            for what, value in WRITTEN.items()
        ],
        good(
            "a backslash before what is no escape", {"text": '{"a":"\\\\u0000"}'}, {"a": "\\u0000"}
        ),
        *[bad(what, {"text": text}, "not-canonical") for what, text in NOT_CANONICAL.items()],
    ]


def _thumbprints() -> list[Vector]:
    rfc = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    named = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    north = jwk("north root")
    name = key("north root").thumbprint()
    other = {"kty": "OKP", "crv": "X25519", "x": rfc["x"]}
    ec = {"kty": "EC", "crv": "P-256", "x": rfc["x"], "y": rfc["x"]}
    return [
        good("the example of RFC 8037", {"jwk": rfc}, named),
        good("what else a key says of itself is left out", {"jwk": rfc | {"use": "sig"}}, named),
        good("the root key of the first example node", {"jwk": north}, name),
        bad("a key for another use", {"jwk": other}, "bad-signature"),
        bad("another kind of key", {"jwk": ec}, "bad-signature"),
        bad("half a key", {"jwk": rfc | {"x": rfc["x"][:20]}}, "bad-signature"),
    ]


def _recovery() -> list[Vector]:
    words = words_for(key("north root"))
    swapped = [words[1], words[0], *words[2:]]
    said = {"typed": " ".join(words)}
    return [
        good("the sheet of the first example node", said, {"seed": seed_of("north root").hex()}),
        good(
            "typed in another way",
            {"typed": ",  ".join(words).upper()},
            {"seed": seed_of("north root").hex()},
        ),
        bad("a word too few", {"typed": " ".join(words[1:])}, "recovery-words-wrong"),
        bad(
            "two words in each other's place", {"typed": " ".join(swapped)}, "recovery-words-wrong"
        ),
        bad(
            "no word of the list",
            {"typed": " ".join([*words[1:], "netreach"])},
            "recovery-words-wrong",
        ),
    ]


def _statements() -> list[Vector]:
    signed = sign(SAID, key("north head"), TYP)
    header, payload, signature = signed.split(".")
    given = {"statement": signed, "keys": [jwk("north head")], "typ": TYP}
    keys = [jwk("north head 2"), jwk("north head")]
    other = f"{header}.{text_of(SAID.replace(b'4', b'9'))}.{signature}"
    return [
        good("signed by the one key", given, SAID.decode()),
        good("signed by one of several keys", given | {"keys": keys}, SAID.decode()),
        *[
            bad(what, given | change, "bad-signature")
            for what, change in (
                ("for another purpose", {"typ": "netreach-head+jws"}),
                ("by a key that is not pinned", {"keys": [jwk("north head 2")]}),
                ("other words under the same signature", {"statement": other}),
                ("the name of a pinned key, and another key's signature", {"statement": _as_if()}),
                ("no algorithm", {"statement": f"{_header(alg='none')}.{payload}."}),
                (
                    "the algorithm's older name",
                    {"statement": f"{_header(alg='EdDSA')}.{payload}.{signature}"},
                ),
                ("no name of a key", {"statement": f"{_header(kid=None)}.{payload}.{signature}"}),
                ("a key that it brings along", {"statement": _brings_its_key()}),
                ("two parts", {"statement": f"{header}.{payload}"}),
                ("nothing", {"statement": ""}),
            )
        ],
    ]


def _header(**changes: Any) -> str:
    said = protected_header(key("north head"), TYP) | changes
    return text_of(canonical({name: value for name, value in said.items() if value is not None}))


def _as_if() -> str:
    """Sign with a stranger's key under the name of a pinned one."""
    header = protected_header(key("north head"), TYP)
    return jws.serialize_compact(header, SAID, key("stranger head"), ["Ed25519"])


def _brings_its_key() -> str:
    header: dict[str, Any] = dict(protected_header(key("stranger head"), TYP))
    header["jwk"] = jwk("stranger head")
    return jws.serialize_compact(header, SAID, key("stranger head"), ["Ed25519"])
