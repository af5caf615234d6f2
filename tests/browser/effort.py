"""What a thumb does on a phone, and how long people take for it by a published model.

The keystroke-level model gives each act of a practised person the mean time that was measured for
it: Card, Moran and Newell, "The keystroke-level model for user performance time with interactive
systems", Communications of the ACM 23(7), 1980, doi:10.1145/358886.358895. Letters on a phone's
keyboard take longer than theirs, so those are from MacKenzie and Zhang, "An empirical investigation
of the novice experience with soft keyboards", Behaviour & Information Technology 20, 2001: 20 words
a minute. Whoever is new reads all that a page says, as slowly as people read what is no story:
Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109, 2019,
doi:10.1016/j.jml.2019.104047: 238 words a minute.
"""

import math
from collections import Counter
from dataclasses import dataclass, field, replace

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
WORD = 60 / 238
"""A word of a page that somebody sees for the first time; nobody reads a line of it twice."""

OPTIONS_AT_ONCE = 8
"""So many entries of a list a phone shows before it has to be pushed on."""
OF_A_SCREEN = 0.75
"""How far one swipe goes."""


@dataclass
class Thumb:
    """A page under somebody's thumb; what they do is counted."""

    page: Page
    reads: bool = False
    part: Locator | None = None
    did: Counter[str] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """Give what all of it takes by the model."""
        times = {"tap": TAP, "think": THINK, "swipe": SWIPE, "letter": LETTER, "answer": ANSWER}
        return sum({**times, "word": WORD}[act] * often for act, often in self.did.items())

    def within(self, part: Locator) -> "Thumb":
        """Go on in a part of the page, counted together with the rest."""
        return replace(self, part=part)

    async def tick(self, name: str, value: str) -> None:
        """Decide on a choice and tap on its words."""
        await self._say(self._here.locator(f"label:has(input[name={name}][value='{value}'])"))

    async def unfold(self, words: str) -> None:
        """Open what is folded away."""
        await self._say(self._here.locator("summary", has_text=words))

    async def choose(self, name: str, value: str) -> None:
        """Open a list of the phone, push it on as far as needed, and tap on an entry."""
        entries = self._here.locator(f"select[name={name}]")
        await self._say(entries)
        values = await entries.locator("option").evaluate_all("all => all.map(one => one.value)")
        self.did["swipe"] += values.index(value) // OPTIONS_AT_ONCE
        self.did["tap"] += 1
        await entries.select_option(value)

    async def write(self, name: str, letters: str) -> None:
        """Decide on a word, tap on its field, and write it letter by letter."""
        await self._say(self._here.locator(f"input[name={name}]"))
        await self.page.keyboard.type(letters)
        self.did["letter"] += len(letters)

    async def end(self, words: str) -> None:
        """Press the button that ends a form, and wait for the page that answers."""
        async with self.page.expect_navigation():
            await self._tap(self._here.get_by_role("button", name=words).first)
        await self._arrive()

    async def follow(self, words: str) -> None:
        """Decide on a link, tap on it, and wait for its page."""
        async with self.page.expect_navigation():
            await self._say(self._here.get_by_role("link", name=words, exact=True).first)
        await self._arrive()

    async def read(self) -> None:
        """Read what this page says and no page before it has said."""
        said = await self.page.locator("main").inner_text()
        lines = set(said.splitlines()) - self.known
        self.known |= lines
        self.did["word"] += sum(len(line.split()) for line in lines)

    @property
    def _here(self) -> Page | Locator:
        return self.part or self.page

    async def _arrive(self) -> None:
        self.did["answer"] += 1
        if self.reads:
            await self.read()

    async def _say(self, what: Locator) -> None:
        self.did["think"] += 1
        await self._tap(what)

    async def _tap(self, what: Locator) -> None:
        box = await what.bounding_box()
        size = self.page.viewport_size
        assert box
        assert size
        down = _swipes(box["y"], box["height"], size["height"])
        aside = _swipes(box["x"], box["width"], size["width"])
        self.did["swipe"] += abs(down) + abs(aside)
        far = down * OF_A_SCREEN * size["height"]
        await self.page.evaluate("far => scrollBy({top: far, behavior: 'instant'})", far)
        await what.tap()
        self.did["tap"] += 1


def _swipes(begin: float, length: float, seen: int) -> int:
    """Give how often the page is pushed on until a target is on the screen; below 0 for back."""
    if (over := begin + length - seen) > 0:
        return math.ceil(over / (OF_A_SCREEN * seen))
    return -math.ceil(max(-begin, 0) / (OF_A_SCREEN * seen))
