"""What a thumb does on a phone, and how long people take for it by a published model.

The keystroke-level model gives each act of a practised person the mean time that was measured for
it: Card, Moran and Newell, "The keystroke-level model for user performance time with interactive
systems", Communications of the ACM 23(7), 1980, doi:10.1145/358886.358895. Letters on a phone's
keyboard take longer than theirs, so those are from MacKenzie and Zhang, "An empirical investigation
of the novice experience with soft keyboards", Behaviour & Information Technology 20, 2001: 20 words
a minute.
"""

import math
from collections import Counter
from dataclasses import dataclass, field

from playwright.async_api import Locator, Page

TAP = 1.1
"""P, pointing at a target: a finger that is there has pressed."""
THINK = 1.35
"""M, the mental step before each thing that somebody says; a button that ends a form needs none."""
SWIPE = 0.4
"""H, moving the hand: the page is pushed on from wherever the thumb is."""
LETTER = 60 / (20 * 5)
"""A letter of 20 words a minute, by the custom of five letters a word."""
ANSWER = 1
"""What the model calls R, here by assumption: a page over a slow line."""

OPTIONS_AT_ONCE = 8
"""So many entries of a list a phone shows before it has to be pushed on."""
OF_A_SCREEN = 0.75
"""How far one swipe goes."""


@dataclass
class Thumb:
    """A page under somebody's thumb; what they do is counted."""

    page: Page
    did: Counter[str] = field(default_factory=Counter)

    @property
    def seconds(self) -> float:
        """Give what all of it takes by the model."""
        times = {"tap": TAP, "think": THINK, "swipe": SWIPE, "letter": LETTER, "answer": ANSWER}
        return sum(times[act] * often for act, often in self.did.items())

    async def tick(self, name: str, value: str) -> None:
        """Decide on a choice and tap on its words."""
        await self._say(self.page.locator(f"label:has(input[name={name}][value='{value}'])"))

    async def unfold(self, words: str) -> None:
        """Open what is folded away."""
        await self._say(self.page.locator("summary", has_text=words))

    async def choose(self, name: str, value: str) -> None:
        """Open a list of the phone, push it on as far as needed, and tap on an entry."""
        entries = self.page.locator(f"select[name={name}]")
        await self._say(entries)
        values = await entries.locator("option").evaluate_all("all => all.map(one => one.value)")
        self.did["swipe"] += values.index(value) // OPTIONS_AT_ONCE
        self.did["tap"] += 1
        await entries.select_option(value)

    async def write(self, name: str, letters: str) -> None:
        """Decide on a word, tap on its field, and write it letter by letter."""
        await self._say(self.page.locator(f"input[name={name}]"))
        await self.page.keyboard.type(letters)
        self.did["letter"] += len(letters)

    async def end(self, words: str) -> None:
        """Press the button that ends a form, and wait for the page that answers."""
        async with self.page.expect_navigation():
            await self._tap(self.page.get_by_role("button", name=words))
        self.did["answer"] += 1

    async def _say(self, what: Locator) -> None:
        self.did["think"] += 1
        await self._tap(what)

    async def _tap(self, what: Locator) -> None:
        box = await what.bounding_box()
        size = self.page.viewport_size
        assert box
        assert size
        below, above = box["y"] + box["height"] - size["height"], -box["y"]
        step = OF_A_SCREEN * size["height"]
        swipes = math.ceil(max(below, above, 0) / step)
        self.did["swipe"] += swipes
        far = swipes * step if below > 0 else -swipes * step
        await self.page.evaluate("far => scrollBy({top: far, behavior: 'instant'})", far)
        await what.tap()
        self.did["tap"] += 1
