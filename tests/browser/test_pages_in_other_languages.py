"""Dutch and Romanian pages on the narrowest phone: their words are longer than English ones."""

from playwright.async_api import Browser

from tests.browser.site import Site
from tests.browser.visitor import visiting

NARROW = (320, 640)
TEXTS = (
    *("/texts", "/texts/new?kind=answer", "/texts/files", "/texts/allowed", "/texts/pools"),
    *("/adopted", "/adopted/new", "/proposals", "/readings", "/recalls", "/answers/remarks"),
    *("/answers/export", "/signposts", "/signposts/new", "/signposts/import"),
)


async def test_romanian_pages_fit_a_narrow_phone(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url, NARROW) as visitor:
        await visitor.see(f"/open/{site.slug}")
        assert "Acum nu este nimeni" in await visitor.follow("Română")
        await visitor.no_barriers()
        framed = await visitor.see(f"/open/{site.slug}/embedded?lang=ro")
        assert "Acum nu este nimeni" in framed
        await visitor.no_barriers()
        await visitor.see(await site.link("worker"))
        await visitor.press("Sign in")
        await visitor.see(f"/week?week={site.week}")
        assert "Săptămâna mea din" in await visitor.press("Română")
        await visitor.no_barriers()
        for path in ("/", "/availability", "/swaps", "/notices", f"/shifts/{site.running}/now"):
            assert "Ieși din cont" in await visitor.see(path)


async def test_the_dutch_page_has_no_barriers(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url, NARROW) as visitor:
        await visitor.see(f"/open/{site.slug}")
        assert "Er is nu niemand" in await visitor.follow("Nederlands")
        await visitor.no_barriers()


async def test_romanian_pages_about_texts_fit_a_narrow_phone(site: Site, browser: Browser) -> None:
    async with visiting(browser, site.url, NARROW) as visitor:
        await visitor.see(await site.link("coordinator"))
        await visitor.press("Sign in")
        await visitor.see("/texts")
        await visitor.press("Română")
        for path in TEXTS:
            assert "Ieși din cont" in await visitor.see(path)
            await visitor.no_barriers()
