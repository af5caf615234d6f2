"""A pool, a share in it and its channels as coordinators describe them, held to what fits.

What members could not read (`stated`) would keep everything else of the pool from them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from federation.pools.errors import (
    ChannelUnfit,
    PoolUnfit,
    ShareUnfit,
    WrongMessageLanguages,
)

LONGEST_NAME = 200
LONGEST_TAG = 35
MOST_HOURS = 10_000
MOST_AT_ONCE = 50
MOST_IN_ROLE = 10
MOST_TRAININGS = 50
MOST_MESSAGE_LANGUAGES = 20
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Share:
    """What a project brings: hours offered a week, and what it ran a week before it joined."""

    hours_offered_per_week: float
    hours_before_per_week: float


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    """A channel as a coordinator describes it."""

    slug: str
    name: str
    kind: str
    minimum_workers: int = 1
    minimum_supervisors: int = 0
    trainings: list[str] = field(default_factory=list)
    rules_of_engagement: str = ""


def require_fit_pool(name: str, supervisor_sessions_at_once: int) -> None:
    """Refuse a pool without a name, or with one that fits on no page."""
    if not _is_name(name) or not 1 <= supervisor_sessions_at_once <= MOST_AT_ONCE:
        raise PoolUnfit


def require_fit_share(share: Share) -> None:
    """Refuse hours that no week has, and what is no number at all."""
    hours = (share.hours_offered_per_week, share.hours_before_per_week)
    if not all(0 <= each <= MOST_HOURS for each in hours):
        raise ShareUnfit


def require_fit_channel(draft: ChannelDraft) -> None:
    """Refuse a channel that nobody could staff."""
    workers, supervisors = draft.minimum_workers, draft.minimum_supervisors
    staffed = 1 <= workers <= MOST_IN_ROLE and 0 <= supervisors <= MOST_IN_ROLE
    trained = len(draft.trainings) <= MOST_TRAININGS and all(map(_is_name, draft.trainings))
    if not (_is_name(draft.name) and staffed and trained):
        raise ChannelUnfit


def require_message_languages(tags: Collection[str]) -> None:
    """Refuse what is no language, and more of them than anybody answers messages in."""
    known = all(len(tag) <= LONGEST_TAG and _TAG.fullmatch(tag) for tag in tags)
    if not known or len(tags) > MOST_MESSAGE_LANGUAGES:
        raise WrongMessageLanguages


def _is_name(name: str) -> bool:
    return bool(name.strip()) and len(name) <= LONGEST_NAME
