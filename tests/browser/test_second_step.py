"""A second step is set up, used with a recovery code, and turned off, without a script."""

import pyotp
from playwright.async_api import Browser

from api.parts import current_time
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import PHONE, Visitor, visiting


async def test_a_worker_sets_up_a_second_step_and_needs_it(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    await signed_in(visitor, site, "worker")
    await visitor.follow_starting("Your account")
    await visitor.follow("Second step when signing in")
    await visitor.no_barriers()
    await visitor.press("Set it up")
    await visitor.no_barriers()
    scanned = visitor.page.get_by_alt_text("The secret for your app, as a code to scan")
    assert await scanned.evaluate("image => image.complete && image.naturalWidth > 100")
    secret = await visitor.page.locator("main code").inner_text()
    app = pyotp.TOTP(secret.replace(" ", ""))
    await visitor.page.get_by_label("Code that the app shows now").fill(app.at(current_time()))
    assert "They are shown this once." in await visitor.press("Turn it on")
    await visitor.no_barriers()
    codes = await visitor.page.locator("main li code").all_inner_texts()
    async with visiting(browser, site.url, PHONE) as other:
        await other.see(await site.link("worker"))
        await other.no_barriers()
        await other.page.get_by_label("Code from your app").fill("000000")
        await other.press("Sign in", status=422)
        await other.no_barriers()
        await other.follow("Back to where you were")
        await other.page.get_by_label("Code from your app").fill(codes[0])
        assert "Sign out" in await other.press("Sign in")
    on = await visitor.follow("I have them on paper")
    assert "9 of your recovery codes are left." in on
    await visitor.no_barriers()
    await visitor.page.locator("#code-off").fill(codes[1])
    assert "Set it up" in await visitor.press("Turn it off")
