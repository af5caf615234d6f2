"""Signing in by the accounts of another service, which runs as a process of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec
import pyotp
import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from api.errors import ProviderWrong
from api.login.cookies import ATTEMPT, provider_cookie_name
from api.login.provider import CALLBACK
from api.login.provider_pages import attempt_of
from api.parts import current_time
from api.settings import Settings
from database.session import door
from federation.audit.models import AuditEntry
from federation.people.actions import let_go
from federation.people.models import Person
from federation.people.rules import OPERATOR
from tests.api.conftest import ADDRESS, Node, form_token, node_on
from tests.api.pages.test_second_step_page import refused, set_up
from tests.api.provided import let_have, provider_running
from tests.api.provider_process import CLIENT, SECRET


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with provider_running() as address:
        yield address


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("provider") / "secret"
    file.write_text(f"{SECRET}\n")
    return str(file)


@pytest.fixture(scope="module")
async def asking(node: Node, provider: str, secret: str) -> AsyncIterator[Node]:
    """Give the shared node once more, with a provider in its settings."""
    settings = Settings(
        database_url=node.settings.database_url,
        base_url=ADDRESS,
        keys=node.settings.keys,
        development=True,
        oidc_issuer=provider,
        oidc_client=CLIENT,
        oidc_secret_file=secret,
        oidc_name="Quayside",
    )
    async with node_on(settings) as asking:
        yield asking


async def known(node: Node, mail: str, *, confirmed: bool = True) -> UUID:
    somebody = await node.somebody("worker")
    await let_have(node.engine, somebody.id, mail, confirmed=confirmed)
    return somebody.id


async def sent_there(browser: AsyncClient) -> str:
    answer = await browser.get("/sign-in/provider")
    assert answer.status_code == 303
    return answer.headers["location"]


async def answered(address: str) -> str:
    """Let the provider sign somebody in, as a browser does; gives where it sends them."""
    async with AsyncClient() as elsewhere:
        answer = await elsewhere.get(address)
    assert answer.status_code == 302, answer.text
    location: str = answer.headers["location"]
    assert location.startswith(f"{ADDRESS}{CALLBACK}?")
    return location.removeprefix(ADDRESS)


async def comes_back(browser: AsyncClient, mail: str, more: str = "") -> Response:
    return await browser.get(await answered(f"{await sent_there(browser)}&mail={mail}{more}"))


async def test_whoever_the_provider_knows_comes_in_and_nobody_is_made(asking: Node) -> None:
    person = await known(asking, "Ann.Provided@mailbox.example")
    async with asking.browser() as browser:
        assert "Sign in with Quayside" in (await browser.get("/sign-in")).text
        back = await comes_back(browser, "ann.provided@mailbox.example")
        link = back.headers["location"]
        assert (back.status_code, link.startswith("/sign-in/")) == (303, True)
        answer = await browser.post(link, data={"_csrf_token": await form_token(browser, link)})
        assert answer.status_code == 303
        assert (await browser.get("/account")).status_code == 200
        stranger = await comes_back(browser, "stranger.provided@mailbox.example")
        assert refused(stranger) == (422, "address-of-nobody")
    async with door(asking.engine) as session:
        made = select(AuditEntry.actor, AuditEntry.facts).where(
            AuditEntry.verb == "sign-in-link.made"
        )
        assert ("system", {"person": str(person)}) in [
            tuple(row) for row in await session.execute(made)
        ]
        named = select(Person.id).where(Person.name.ilike("%provided%"))
        assert (await session.scalars(named)).all() == []


async def test_what_is_asked_for_binds_the_answer_to_this_browser(
    asking: Node, provider: str
) -> None:
    await known(asking, "bound@mailbox.example")
    async with asking.browser() as one, asking.browser() as two:
        address = await sent_there(one)
        asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{provider}/authorize?")
        assert (asked["response_type"], asked["scope"]) == ("code", "openid email")
        assert asked["code_challenge_method"] == "S256"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43
        back = await answered(f"{address}&mail=bound@mailbox.example")
        # whoever did not begin it, or began something else, gets nothing by it
        assert refused(await two.get(back)) == (422, "sign-in-service-refused")
        await sent_there(two)
        assert refused(await two.get(back)) == (422, "sign-in-service-refused")
        unlike = back.replace("state=", "state=%C3%A9")
        assert refused(await one.get(unlike)) == (422, "sign-in-service-refused")
        other = f"{back}&iss=https://elsewhere.test"
        assert refused(await one.get(other)) == (422, "sign-in-service-refused")
        assert (await one.get(f"{back}&iss={provider}")).status_code == 303
        assert refused(await one.get(back)) == (422, "sign-in-service-refused")


async def test_who_takes_too_long_begins_again(asking: Node) -> None:
    await known(asking, "late@mailbox.example")
    settings = asking.settings
    async with asking.browser() as browser:
        back = await answered(f"{await sent_there(browser)}&mail=late@mailbox.example")
        name = provider_cookie_name(settings)
        begun = attempt_of(browser.cookies[name], settings, current_time())
        with pytest.raises(ProviderWrong):
            attempt_of(browser.cookies[name], settings, begun.until)
        assert begun.until <= current_time() + ATTEMPT
        browser.cookies.clear()
        browser.cookies.set(name, "changed", domain="north.test")
        assert refused(await browser.get(back)) == (422, "sign-in-service-refused")


@pytest.mark.parametrize("lie", ["signature", "nonce", "audience", "issuer", "expiry"])
async def test_what_the_provider_has_not_signed_for_this_is_refused(asking: Node, lie: str) -> None:
    await known(asking, f"{lie}@mailbox.example")
    async with asking.browser() as browser:
        back = await comes_back(browser, f"{lie}@mailbox.example", f"&lie={lie}")
        assert refused(back) == (422, "sign-in-service-refused")


async def test_only_a_checked_mail_of_one_person_who_is_here_counts(asking: Node) -> None:
    await known(asking, "unsure@mailbox.example")
    await known(asking, "asked@mailbox.example", confirmed=False)
    gone = await known(asking, "gone.provided@mailbox.example")
    for _ in range(2):
        await known(asking, "shared.provided@mailbox.example")
    async with door(asking.engine) as session:
        await let_go(session, OPERATOR, person_id=gone, now=current_time())
    async with asking.browser() as browser:
        back = await comes_back(browser, "unsure@mailbox.example", "&unchecked=")
        assert refused(back) == (422, "mail-not-checked")
        for name in ("asked", "gone.provided", "shared.provided"):
            back = await comes_back(browser, f"{name}@mailbox.example")
            assert refused(back) == (422, "address-of-nobody")


async def test_a_mail_that_is_told_apart_counts_and_a_second_step_is_asked_for(
    asking: Node,
) -> None:
    person = await known(asking, "apart@mailbox.example")
    async with asking.signed_in(person) as old, asking.browser() as new:
        app, *_ = await set_up(old)
        back = await comes_back(new, "apart@mailbox.example", "&lie=told-apart")
        link = back.headers["location"]
        form = {"_csrf_token": await form_token(new, link)}
        assert refused(await new.post(link, data=form)) == (422, "code-wrong")
        code = pyotp.TOTP(app.secret).at(current_time(), counter_offset=1)
        assert (await new.post(link, data=form | {"code": code})).status_code == 303


@asynccontextmanager
async def too_deep() -> AsyncIterator[str]:
    """Answer each request with JSON that is nested without end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"x":' + b"[" * 100_000)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_provider_whose_answer_is_too_deep_is_as_one_that_is_away(
    asking: Node,
) -> None:
    async with too_deep() as nonsense:
        settings = msgspec.structs.replace(asking.settings, oidc_issuer=nonsense)
        async with node_on(settings) as other, other.browser() as browser:
            away = await browser.get("/sign-in/provider")
    assert refused(away) == (503, "sign-in-service-away")


async def test_a_provider_that_is_away_or_says_no_leaves_the_link(
    node: Node, asking: Node, secret: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    settings = Settings(
        database_url=node.settings.database_url,
        base_url=ADDRESS,
        keys=node.settings.keys,
        development=True,
        oidc_issuer=nowhere,
        oidc_client=CLIENT,
        oidc_secret_file=secret,
    )
    async with node_on(settings) as other, other.browser() as browser:
        assert "Sign in with your organisation" in (await browser.get("/sign-in")).text
        away = await browser.get("/sign-in/provider")
        assert refused(away) == (503, "sign-in-service-away")
    async with asking.browser() as browser, node.browser() as without:
        await sent_there(browser)
        denied = await browser.get(f"{CALLBACK}?error=access_denied")
        assert refused(denied) == (422, "sign-in-service-refused")
        assert "/sign-in/provider" not in (await without.get("/sign-in")).text
        assert (await without.get("/sign-in/provider")).status_code == 404
