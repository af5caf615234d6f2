"""What somebody meets who goes through a page with the Tab key."""

from playwright.async_api import Page

STOPS = """[...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
)].filter(each => !each.disabled && each.checkVisibility({visibilityProperty: true}))"""
# what a script focuses after a key is shown as what Tab reaches; upwards it comes to the upper edge
LOST = """() => {
    const stops = STOPS;
    const told = new Set();
    for (const each of [...stops, ...stops.toReversed()]) {
        const tell = why => told.add(`${why}: ${each.outerHTML.slice(0, 90)}`);
        each.focus();
        if (document.activeElement !== each) tell('takes no focus');
        if (each.tabIndex > 0) tell('is out of order');
        const style = getComputedStyle(each), box = each.getBoundingClientRect();
        if (!each.matches(':focus-visible') || style.boxShadow === 'none'
            && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2))
            tell('does not show the focus');
        const inView = (at, size) => Math.min(Math.max(at, 1), size - 1);
        const above = document.elementFromPoint(
            inView(box.left + box.width / 2, innerWidth),
            inView(box.top + Math.min(box.height, 40) / 2, innerHeight));
        if (!above || !each.contains(above) && !above.contains(each))
            tell(`is hidden behind ${above?.outerHTML.slice(0, 60)}`);
    }
    return [...told];
}""".replace("STOPS", STOPS)


async def lost(page: Page) -> list[str]:
    """Tell where the focus would be lost from sight."""
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("Tab")
    told: list[str] = await page.evaluate(LOST)
    await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
    return [f"by keyboard: {one}" for one in told]
