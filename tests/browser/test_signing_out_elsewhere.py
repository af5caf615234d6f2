"""Somebody looks where they are signed in, and signs out elsewhere."""

from playwright.async_api import Browser

from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import PHONE, Visitor, visiting


async def test_a_lost_phone_is_signed_out_from_elsewhere(
    site: Site, visitor: Visitor, browser: Browser
) -> None:
    async with visiting(browser, site.url, PHONE) as lost:
        await lost.see(await site.link("worker"))
        await lost.page.get_by_label("This device is").select_option("a phone")
        await lost.press("Sign in")
        await signed_in(visitor, site, "worker")
        account = await visitor.follow_starting("Your account")
        assert account.count("this one") == 1
        assert "A phone" in account
        await visitor.no_barriers()
        left = await visitor.press("Sign out there: A phone")
        assert "A phone" not in left
        assert "Sign out everywhere else" not in left
        assert "Please sign in." in await lost.see("/account", status=401)
    assert "You come in by a sign-in link." in await visitor.press("Sign out everywhere, here")
