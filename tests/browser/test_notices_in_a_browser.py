"""The page of notices without a script, and its script and service worker in a browser with one."""

import asyncio
from typing import Any

from playwright.async_api import Browser
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.notices.addresses.actions import confirm_address, enter_address
from federation.notices.addresses.models import MailAddress
from tests.browser.site import Site
from tests.browser.visitor import Visitor


async def with_address(site: Site) -> None:
    asker = site.people["worker"].asker
    async with door(site.engine) as session:
        await enter_address(session, asker, "me@mailbox.example", current_time())
        mine = MailAddress.person_id == asker.person_id
        row = (await session.scalars(select(MailAddress.id).where(mine))).one()
        await confirm_address(session, row, current_time())


async def test_notices_are_chosen_without_a_script(site: Site, visitor: Visitor) -> None:
    await with_address(site)
    await visitor.see(await site.link("worker"))
    await visitor.press("Sign in")
    shown = await visitor.follow("Notices")
    assert "This node sends no mail" in shown
    assert "This browser cannot be told by push, or its scripts are off." in shown
    assert "Tell me on this device" not in shown
    await visitor.no_barriers()
    await visitor.page.get_by_label("Mail comes").select_option("weekly")
    await visitor.page.get_by_label("If once a week: on").select_option("Friday")
    await visitor.press("Save when mail comes")
    assert await visitor.page.get_by_label("Mail comes").input_value() == "weekly"
    await visitor.page.get_by_label("Remind me the day before").check()
    await visitor.press("Save words, clock and reminders")
    assert await visitor.page.get_by_label("Remind me the day before").is_checked()
    await visitor.press("Erase my address")
    assert "Mail goes to" not in await visitor.look()


async def test_a_push_is_shown_by_the_service_worker(site: Site, browser: Browser) -> None:
    """The browser is handed a push as its maker's service would hand it over."""
    context = await browser.new_context(permissions=["notifications"])
    page = await context.new_page()
    await page.goto(f"{site.url}{await site.link('worker')}")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{site.url}/notices")
    assert await page.get_by_role("button", name="Tell me on this device").is_visible()
    assert await page.locator("#no-push").is_hidden()
    tools = await context.new_cdp_session(page)
    registered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def note(event: dict[str, Any]) -> None:
        for version in event["versions"]:
            if version["status"] == "activated" and not registered.done():
                registered.set_result(version["registrationId"])

    tools.on("ServiceWorker.workerVersionUpdated", note)
    await tools.send("ServiceWorker.enable")
    await page.evaluate("() => { navigator.serviceWorker.register('/static/push-worker.js') }")
    async with asyncio.timeout(20):
        registration = await registered
    told = {"origin": site.url, "registrationId": registration}
    data = '{"text": "There is a change in your plan"}   '
    await tools.send("ServiceWorker.deliverPushMessage", told | {"data": data})
    # not by frames, which a page that no one looks at may never be given
    shown = await page.wait_for_function(TITLES, polling=100)
    titles = await shown.json_value()
    await context.close()
    assert titles == ["There is a change in your plan"]


TITLES = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/static/");
    const shown = await registration.getNotifications();
    return shown.length ? shown.map((each) => each.title) : null;
}"""
