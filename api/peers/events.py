"""The one table by which partners' events reach this node's actions: kind of event -> action.

Each runs in a savepoint of the transaction that moves the cursor on, so it happens exactly once.
A refusal sets the event aside; whether the sender may say this at all is for the action to check,
from the feed in which it was said.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.text_events import (
    TEXT_EVENTS,
    TEXT_RECALLS,
    TEXT_RUNS,
    TEXTS_AHEAD,
    TEXTS_ANEW,
)
from federation.feeds.queries import PRIVATE
from federation.handing.going_on import hear_anew
from federation.partners.models import Partner
from federation.partners.sender import Sender
from rota.handover.actions import ERASED

Apply = Callable[[AsyncSession, Sender, dict[str, Any], datetime], Awaitable[None]]
ApplyRun = Callable[[AsyncSession, Sender, list[dict[str, Any]], datetime], Awaitable[None]]
HearPool = Callable[[AsyncSession, Mapping[str, str], datetime], Awaitable[None]]
BeginAnew = Callable[[AsyncSession, Sender, datetime], Awaitable[None]]
LookAhead = Callable[[Partner, dict[str, Any]], None]
ApplyRecall = Callable[[AsyncSession, Sender, str, datetime], Awaitable[None]]

ERASES = frozenset({ERASED})
"""Kinds by which one node asks another to erase what it has been told."""

KEPT = frozenset({"pool.contents"})
"""Kinds that wait for as long as it takes: without them a pool would have no host."""

APPLY: dict[str, Apply] = {**TEXT_EVENTS}
"""Event kinds of this version; unknown ones are parked and replayed after an upgrade."""

RUNS: Mapping[str, ApplyRun] = TEXT_RUNS
"""Kinds of which many in a row are applied together; what is refused is looked at one by one."""

RECALLS: Mapping[str, ApplyRecall] = TEXT_RECALLS
"""By kind of feed: what hears each signed recall, before any event; it must not mind repeats."""

AHEAD: Mapping[str, LookAhead] = TEXTS_AHEAD
"""Kinds of which a part needs no database; it decides nothing, since it is asked for again."""

ANEW: Mapping[str, BeginAnew] = {**TEXTS_ANEW, PRIVATE: hear_anew}
"""By kind of feed: what is said again to a partner whose feed begins anew, as after a restore."""
