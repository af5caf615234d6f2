"""Names of people, working names too, by lists and where the words around say that it is one."""

from collections.abc import Iterator

from federation.screen.names.addressed import addressed
from federation.screen.names.capitals import beside, given
from federation.screen.names.contexts import by_context
from federation.screen.names.cued import of_person, said
from federation.screen.names.frames import by_frame
from federation.screen.names.human import human
from federation.screen.names.initials import dotted_initials, initials
from federation.screen.names.joined import joined_names
from federation.screen.names.no_person_here import no_person_here
from federation.screen.names.places import by_place
from federation.screen.names.small_letters import in_small_letters, spelled_and_shouted
from federation.screen.names.unheard import unheard_names
from federation.screen.words.months import a_month_is_meant
from federation.screen.words.nobody_meant import nobody_is_meant


def names(text: str) -> Iterator[tuple[int, int]]:
    """Find names of people by what stands before and after them, and by lists."""
    for start, end in _every(text):
        at = (text, start, end)
        if not (no_person_here(*at) or nobody_is_meant(*at) or a_month_is_meant(*at)):
            yield start, end


def _every(text: str) -> Iterator[tuple[int, int]]:
    yield from said(text)
    yield from of_person(text)
    yield from given(text)
    yield from beside(text)
    yield from in_small_letters(text)
    yield from initials(text)
    yield from dotted_initials(text)
    yield from by_context(text)
    yield from by_place(text)
    yield from unheard_names(text)
    yield from human(text)
    yield from by_frame(text)
    yield from addressed(text)
    yield from spelled_and_shouted(text)
    yield from joined_names(text)
