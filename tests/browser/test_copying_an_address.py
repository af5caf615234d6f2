"""The address of a calendar copied by one press, where scripts run."""

from playwright.async_api import Browser

from tests.browser.site import Site


async def test_a_new_address_is_copied_by_one_press(browser: Browser, site: Site) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 740})
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text))
    await page.goto(f"{site.url}{await site.link('worker')}")
    async with page.expect_navigation():
        await page.locator("main button").first.click()
    await page.goto(f"{site.url}/calendar")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Make an address").click()
    shown = await page.locator("#text").inner_text()
    await page.get_by_role("button", name="Copy to the clipboard").click()
    await page.get_by_role("button", name="Copied").wait_for()
    assert await page.evaluate("navigator.clipboard.readText()") == shown
    assert shown.startswith(f"{site.url}/calendar/")
    await context.close()
    assert broken == []
