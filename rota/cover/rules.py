"""The cover ladder: who is asked for how long, in which order, and in which words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

OWN_PROJECT, PARTNERS, COORDINATOR = STEPS = ("own-project", "partners", "coordinator")
LONGEST = {OWN_PROJECT: timedelta(hours=24), PARTNERS: timedelta(hours=48)}
SHARE = {OWN_PROJECT: Fraction(1, 3), PARTNERS: Fraction(1, 2)}
SHORT_NOTICE = timedelta(hours=3)
"""With so little time left everybody is asked at once."""
SECOND_THOUGHTS = timedelta(hours=1)
"""A seat given back so soon after it was taken was a slip, and nobody is bothered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder, and until when it lasts."""

    name: str
    until: datetime


def first_step(now: datetime, briefing: datetime) -> Step:
    """Ask the own project first; at short notice everybody, the coordinators included."""
    if briefing - now <= SHORT_NOTICE:
        return Step(COORDINATOR, briefing)
    return _step(OWN_PROJECT, now, briefing)


def next_step(step: str, now: datetime, briefing: datetime) -> Step | None:
    """Give the step that follows when nobody was found; None when there is nobody left to ask."""
    if step == COORDINATOR or now >= briefing:
        return None
    if briefing - now <= SHORT_NOTICE:
        return Step(COORDINATOR, briefing)
    return _step(STEPS[STEPS.index(step) + 1], now, briefing)


def _step(name: str, now: datetime, briefing: datetime) -> Step:
    if name == COORDINATOR:
        return Step(name, briefing)
    share = SHARE[name]
    part = (briefing - now) * share.numerator / share.denominator
    return Step(name, now + min(LONGEST[name], part))


def is_later(step: str, than: str) -> bool:
    """Tell whether a step comes after another one: no message moves the ladder down again."""
    return STEPS.index(step) > STEPS.index(than)


def may_answer(step: str, project_id: UUID, asking: UUID | None) -> bool:
    """Tell whether people of a project are asked at this step; `asking` is whose seat it was."""
    return step != OWN_PROJECT or project_id == asking


def is_dropped(made_at: datetime, ended_at: datetime, briefing: datetime) -> bool:
    """Tell whether a seat given back is one for which others are to be asked."""
    return ended_at < briefing and ended_at - made_at >= SECOND_THOUGHTS


WORDS = {
    "en": ("Who can step in?", "{day}, {start} to {end}", "Please look in your plan."),
    "nl": ("Wie kan invallen?", "{day}, {start} tot {end}", "Kijk alsjeblieft in je rooster."),
    "ro": (
        "Cine poate ține locul?",
        "{day}, de la {start} la {end}",
        "Uită-te, te rog, în planul tău.",
    ),
}
GROUP_LANGUAGES = tuple(WORDS)


def group_text(spans: list[tuple[datetime, datetime]], zone: str, language: str) -> str:
    """Write what may be pasted into a group: days and times alone, each shift on its own line.

    No place, pool, project or person is named, and shifts are never joined: the time between
    two of them is nobody's to cover.
    """
    question, line, look = WORDS[language]
    clock = ZoneInfo(zone)
    lines = [
        line.format(
            day=format_date(start.astimezone(clock).date(), "EEEE d MMMM", locale=language),
            start=format_time(start, "HH:mm", tzinfo=clock, locale=language),
            end=format_time(end, "HH:mm", tzinfo=clock, locale=language),
        )
        for start, end in sorted(spans)
    ]
    return "\n".join([question, *lines, look])
