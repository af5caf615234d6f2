"""A page that is read from right to left is the mirror of the same page read from left to right."""

from playwright.async_api import Page

# a box, and what stands in it, begin as far from the right as they did from the left; left out is
# what says itself in which direction it is written, and what flows in a line
UNLIKE = """() => {
    const root = document.documentElement, was = root.dir;
    const boxes = [...document.querySelectorAll('body *')].filter(each =>
        each.checkVisibility({visibilityProperty: true})
        && !/^(inline|contents)/.test(getComputedStyle(each).display)
        && !each.closest('body [dir], svg, .hidden'));
    const inside = each => {
        const all = document.createRange();
        all.selectNodeContents(each);
        return all.getBoundingClientRect();
    };
    const measured = direction => {
        root.dir = direction;
        const width = root.clientWidth, start = box => direction === 'rtl'
            ? width - box.right : box.left;
        return boxes.map(each => [start(each.getBoundingClientRect()),
            inside(each).width && !each.querySelector('[dir]') ? start(inside(each)) : 0]);
    };
    const told = [], before = measured('ltr'), after = measured('rtl');
    if (root.scrollWidth > innerWidth) told.push(`wider from right to left: ${root.scrollWidth}`);
    root.dir = was;
    boxes.forEach((each, at) => before[at].forEach((start, of) => {
        if (Math.abs(start - after[at][of]) > 1.5) told.push(
            `${['box', 'words'][of]} at ${start.toFixed(0)}, not ${after[at][of].toFixed(0)}: `
            + each.outerHTML.slice(0, 90));
    }));
    return told;
}"""


async def unlike(page: Page) -> list[str]:
    """Tell what stays where it was when the page is turned around."""
    told: list[str] = await page.evaluate(UNLIKE)
    return [f"not mirrored: {one}" for one in told]
