from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import select

from database.session import door
from federation.partners.actions import end
from federation.partners.models import PartnerToken
from federation.partners.tokens.actions import sweep
from federation.partners.tokens.rules import ASSERTION_TYPE
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, accept, clock, make_link

Pair = tuple[RunningNode, RunningNode]


def claims_for(south: RunningNode, north: RunningNode, **changes: Any) -> dict[str, Any]:
    at = int(clock().timestamp())
    usual = {
        "iss": south.id,
        "sub": south.id,
        "aud": north.node.base_url,
        "iat": at,
        "exp": at + 60,
        "jti": "one",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def form(south: RunningNode, claims: dict[str, Any], key: OKPKey | None = None) -> dict[str, str]:
    key = key or south.node.keys.by_role["transport"]
    header = {"alg": "Ed25519", "kid": key.thumbprint()}
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(header, claims, key, algorithms=["Ed25519"]),
    }


async def ask(north: RunningNode, form: dict[str, str]) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as http:
        return await http.post(f"{north.node.base_url}/fed/v1/token", data=form)


async def test_an_assertion_gives_an_opaque_token_for_ten_minutes(two_nodes: Pair) -> None:
    north, south = two_nodes
    answer = await ask(north, form(south, claims_for(south, north)))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert {**body, "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 600,
    }
    async with door(north.engine) as session:
        stored = list(await session.scalars(select(PartnerToken.secret_hash)))
    assert body["access_token"].encode() not in stored


async def test_wrong_claims_open_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    wrong: list[dict[str, Any]] = [
        {"aud": "https://elsewhere.example"},
        {"aud": ["north"]},
        {"aud": None},
        {"iss": "A" * 43, "sub": "A" * 43},
        {"sub": "A" * 43},
        {"jti": None},
        {"jti": "\x00"},
        {"exp": 1},
        {"exp": None},
        {"iat": 9_999_999_999, "exp": 9_999_999_999},
    ]
    for changes in wrong:
        answer = await ask(north, form(south, claims_for(south, north, **changes)))
        got = (changes, answer.status_code, answer.json()["error"])
        assert got == (changes, 401, "invalid_client")


async def test_26_an_audience_list_is_refused_even_with_this_node_in_it(two_nodes: Pair) -> None:
    north, south = two_nodes
    audiences = [north.node.base_url, "https://elsewhere.example"]
    answer = await ask(north, form(south, claims_for(south, north, aud=audiences)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_21_a_replayed_assertion_opens_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    same = form(south, claims_for(south, north))
    assert (await ask(north, same)).status_code == 200
    again = await ask(north, same)
    assert (again.status_code, again.json()) == (
        401,
        {
            "error": "invalid_client",
            "error_description": "This assertion has been used before.",
        },
    )


@pytest.mark.parametrize("seconds", [121, 2**62])
async def test_an_assertion_that_lives_too_long_opens_nothing(
    two_nodes: Pair, seconds: int
) -> None:
    north, south = two_nodes
    at = int(clock().timestamp())
    answer = await ask(north, form(south, claims_for(south, north, iat=at, exp=at + seconds)))
    assert (answer.status_code, answer.json()) == (
        401,
        {
            "error": "invalid_client",
            "error_description": "It lives longer than two minutes.",
        },
    )


async def test_a_key_of_another_role_opens_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    for role in ("root", "release", "head"):
        key = south.node.keys.by_role[role]
        answer = await ask(north, form(south, claims_for(south, north), key))
        assert (role, answer.status_code) == (role, 401)


async def test_an_unknown_key_opens_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    answer = await ask(north, form(south, claims_for(south, north), OKPKey.generate_key("Ed25519")))
    assert answer.status_code == 401


async def test_an_ended_partner_gets_no_token_and_its_old_one_opens_nothing(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    token = (await ask(north, form(south, claims_for(south, north)))).json()["access_token"]
    async with door(north.engine) as session:
        await end(session, asker=ADMINISTRATOR, node_id=south.id, now=clock())
    answer = await ask(north, form(south, claims_for(south, north, jti="two")))
    assert answer.status_code == 401
    async with httpx2.AsyncClient(trust_env=False) as http:
        feeds = await http.get(
            f"{north.node.base_url}/fed/v1/feeds", headers={"authorization": f"Bearer {token}"}
        )
    assert (feeds.status_code, feeds.json()["code"]) == (401, "partner-not-signed-in")


async def test_before_the_words_are_typed_there_is_no_token(strangers: Pair) -> None:
    north, south = strangers
    await accept(south, await make_link(north))
    answer = await ask(north, form(south, claims_for(south, north)))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, "invalid_request"),
    ],
)
async def test_another_kind_of_request_is_named(
    two_nodes: Pair, change: dict[str, str], error: str
) -> None:
    north, south = two_nodes
    answer = await ask(north, form(south, claims_for(south, north)) | change)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_what_is_no_jwt_is_refused(two_nodes: Pair) -> None:
    north, south = two_nodes
    usual = form(south, claims_for(south, north))
    for text in ("", "a.b", "a.b.c", "é.é.é", "..", "e30.e30.e30"):
        answer = await ask(north, usual | {"client_assertion": text})
        assert (text, answer.status_code) == (text, 401)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer nonsense"])
async def test_without_a_valid_token_nothing_is_shown(strangers: Pair, header: str) -> None:
    north, _ = strangers
    async with httpx2.AsyncClient(trust_env=False) as http:
        for method, path in [
            ("GET", "/fed/v1/feeds"),
            ("GET", "/fed/v1/feeds/01890000-0000-7000-8000-000000000000"),
            ("POST", "/fed/v1/poke"),
        ]:
            answer = await http.request(
                method, north.node.base_url + path, headers={"authorization": header}
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "partner-not-signed-in")


async def test_what_has_expired_is_swept(two_nodes: Pair) -> None:
    north, south = two_nodes
    await ask(north, form(south, claims_for(south, north)))
    async with door(north.engine) as session:
        await sweep(session, now=clock() + timedelta(minutes=11))
        assert list(await session.scalars(select(PartnerToken))) == []


async def test_the_node_document_is_public_and_signed(strangers: Pair) -> None:
    north, _ = strangers
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{north.node.base_url}/.well-known/netreach-node")
    assert answer.text == north.node.document
    assert set(msgspec.json.decode(answer.content)) == {"payload", "signatures"}
