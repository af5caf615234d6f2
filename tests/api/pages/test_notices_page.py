import re
from datetime import timedelta

import httpx2
from sqlalchemy import select, update

from api.notices.links import confirm_link, stop_link
from api.notices.words import notice_keys
from api.parts import current_time
from database.session import door
from federation.notices.addresses.actions import enter_address
from federation.notices.addresses.models import MailAddress
from federation.notices.preferences.models import NoticeChannel
from tests.api.conftest import ADDRESS, Node, Somebody, form_token

WHEN = {
    "rhythm": "weekly",
    "quiet_from": "21:30",
    "quiet_until": "08:00",
    "urgent": "yes",
    "digest_at": "10:15",
    "digest_weekday": "4",
}


async def post(browser: httpx2.AsyncClient, path: str, **fields: str) -> httpx2.Response:
    token = await form_token(browser, "/notices")
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def addresses(node: Node, person: Somebody) -> list[MailAddress]:
    async with door(node.engine) as session:
        mine = MailAddress.person_id == person.id
        return list(await session.scalars(select(MailAddress).where(mine)))


async def asked(node: Node, person: Somebody, mailbox: str = "me@mailbox.example") -> MailAddress:
    async with door(node.engine) as session:
        await enter_address(session, person.asker, mailbox, current_time())
    (row,) = [row for row in await addresses(node, person) if row.confirmed_at is None]
    return row


async def rhythm(node: Node, person: Somebody) -> str | None:
    async with door(node.engine) as session:
        mine = NoticeChannel.person_id == person.id, NoticeChannel.channel == "email"
        found: str | None = await session.scalar(select(NoticeChannel.rhythm).where(*mine))
        return found


def path_of(link: str) -> str:
    return link.removeprefix(ADDRESS)


async def test_choices_are_kept_and_shown_again(node: Node) -> None:
    person = await node.somebody("worker")
    await confirmed(node, person)
    async with node.signed_in(person.id) as browser:
        assert (await post(browser, "/notices/when/email", **WHEN)).status_code == 303
        words = {"language": "ro", "zone": "Europe/Bucharest", "reminders": "yes"}
        answer = await post(browser, "/notices/words", **words, reminder_at="17:30")
        assert answer.status_code == 303
        page = (await browser.get("/notices")).text
    chosen = re.findall(r'<option value="([^"]*)" selected>', page)
    assert chosen == ["weekly", "4", "ro"]
    assert re.findall(r'type="time" value="([^"]+)"', page) == ["10:15", "21:30", "08:00", "17:30"]
    assert page.count(" checked") == 2
    assert 'value="Europe/Bucharest"' in page


async def test_what_is_no_choice_is_refused_in_words(node: Node) -> None:
    person = await node.somebody("worker")
    async with node.signed_in(person.id) as browser:
        for path, fields in (
            ("/notices/when/email", WHEN | {"rhythm": "hourly"}),
            ("/notices/when/pigeon", WHEN),
            ("/notices/when/email", WHEN | {"quiet_from": "25:00"}),
            ("/notices/when/email", WHEN | {"digest_weekday": "7"}),
            ("/notices/words", {"language": "fr"}),
            ("/notices/words", {"zone": "Europe/Atlantis"}),
            ("/notices/mail", {"address": "nobody"}),
        ):
            answer = await post(browser, path, **fields)
            assert answer.status_code in {400, 422}, path
            assert "/notices" in answer.text
    assert await rhythm(node, person) is None


async def confirmed(node: Node, person: Somebody, mailbox: str = "me@mailbox.example") -> str:
    """Enter and confirm an address as its owner does; gives the path that stops mail."""
    row = await asked(node, person, mailbox)
    keys = notice_keys(node.app.state)
    link = path_of(confirm_link(node.settings, keys, row.id))
    async with node.browser() as browser:
        token = await form_token(browser, link)
        assert (await browser.post(link, data={"_csrf_token": token})).status_code == 200
    return path_of(stop_link(node.settings, keys, row.id))


async def test_only_the_button_confirms_and_only_once(node: Node) -> None:
    person = await node.somebody("worker")
    row = await asked(node, person)
    link = path_of(confirm_link(node.settings, notice_keys(node.app.state), row.id))
    async with node.browser() as browser:
        token = await form_token(browser, link)
        assert [one.confirmed_at for one in await addresses(node, person)] == [None]
        for _ in range(2):
            answer = await browser.post(link, data={"_csrf_token": token})
            assert "Your address is confirmed" in answer.text
    (kept,) = await addresses(node, person)
    assert kept.confirmed_at is not None


async def test_a_new_address_replaces_the_old_one_only_once_it_is_confirmed(node: Node) -> None:
    person = await node.somebody("worker")
    await confirmed(node, person, "old@mailbox.example")
    await asked(node, person, "new@mailbox.example")
    async with node.signed_in(person.id) as browser:
        page = (await browser.get("/notices")).text
    assert "Mail goes to <strong>old@mailbox.example</strong>" in page
    assert "A link was sent to new@mailbox.example" in page
    await confirmed(node, person, "new@mailbox.example")
    assert [row.address for row in await addresses(node, person)] == ["new@mailbox.example"]


async def test_a_link_is_too_old_after_two_days_and_false_ones_are_unknown(node: Node) -> None:
    person = await node.somebody("worker")
    row = await asked(node, person)
    keys = notice_keys(node.app.state)
    link = path_of(confirm_link(node.settings, keys, row.id))
    stop = path_of(stop_link(node.settings, keys, row.id))
    async with door(node.engine) as session:
        old = current_time() - timedelta(hours=48)
        mine = MailAddress.id == row.id
        await session.execute(update(MailAddress).where(mine).values(asked_at=old))
    async with node.browser() as browser:
        assert (await browser.get(link)).status_code == 410
        for false in (
            link[:-1],
            link[:-1] + ("A" if link[-1] != "A" else "B"),
            link.replace("/confirm/", "/stop/"),
            stop.replace("/stop/", "/confirm/"),
            "/mail/stop/%C3%A4",
            "/mail/confirm/x",
        ):
            assert (await browser.get(false)).status_code == 404, false
            if "stop" in false:
                assert (await browser.post(false)).status_code == 404
    assert [one.confirmed_at for one in await addresses(node, person)] == [None]


async def test_mail_is_stopped_by_one_button_without_signing_in(node: Node) -> None:
    person = await node.somebody("worker")
    stop = await confirmed(node, person)
    async with node.browser() as browser:
        for _ in range(3):
            preview = await browser.get(stop)
            assert "Send me no more mail" in preview.text
        assert await rhythm(node, person) != "off"
        answer = await browser.post(stop)
    assert "No more mail will come" in answer.text
    assert await rhythm(node, person) == "off"


async def test_a_mailboxs_own_unsubscribe_works_with_or_without_our_cookies(node: Node) -> None:
    person = await node.somebody("worker")
    stop = await confirmed(node, person)
    async with node.signed_in(person.id) as browser:
        answer = await browser.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert await rhythm(node, person) == "off"


async def test_stopping_by_an_old_mail_is_no_failure(node: Node) -> None:
    person = await node.somebody("worker")
    stop = await confirmed(node, person)
    async with node.signed_in(person.id) as browser:
        assert (await post(browser, "/notices/mail/forget")).status_code == 303
    assert await addresses(node, person) == []
    async with node.browser() as browser:
        assert (await browser.post(stop)).status_code == 200


async def test_nobody_else_sees_an_address(node: Node) -> None:
    person = await node.somebody("worker")
    await confirmed(node, person, "very.private@mailbox.example")
    async with door(node.engine) as session:
        mine = MailAddress.person_id == person.id
        await session.execute(update(MailAddress).where(mine).values(refused_at=current_time()))
    own = await node.somebody("coordinator", project_id=person.project_id)
    other = await node.somebody("coordinator")
    for coordinator, sees in ((own, True), (other, False)):
        async with node.signed_in(coordinator.id) as browser:
            page = (await browser.get("/notices")).text
        assert ("Whom mail does not reach" in page) is sees
        assert ("Ann Example" in page) is sees
        assert "very.private" not in page
    async with node.signed_in(person.id) as browser:
        page = (await browser.get("/notices")).text
    assert "Mail to very.private@mailbox.example is refused since" in page


async def test_a_node_without_a_mail_server_says_so(node: Node) -> None:
    person = await node.somebody("worker")
    async with node.signed_in(person.id) as browser:
        page = (await browser.get("/notices")).text
    assert "This node sends no mail: its operator has not named a mail server." in page
    assert "/notices/mail" not in page


async def test_only_this_page_lets_a_worker_for_pushes_run(node: Node) -> None:
    person = await node.somebody("worker")
    async with node.signed_in(person.id) as browser:
        policies = {
            path: (await browser.get(path)).headers["content-security-policy"]
            for path in ("/", "/week", "/notices")
        }
    assert {path for path, policy in policies.items() if "worker-src" in policy} == {"/notices"}
    assert {path for path, policy in policies.items() if "script-src" in policy} == {
        "/",
        "/week",
        "/notices",
    }
    assert "script-src 'self'; connect-src 'self'; worker-src 'self'" in policies["/notices"]


async def test_on_a_home_screen_the_page_has_a_neutral_name(node: Node) -> None:
    manifest = (await node.web.get("/static/plan.webmanifest")).json()
    assert (manifest["name"], manifest["short_name"], manifest["start_url"]) == (
        "Plan",
        "Plan",
        "/",
    )
