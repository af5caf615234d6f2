"""What somebody has done last, and may take back for some minutes.

It is kept in a cookie of the browser that did it, and nowhere else.
"""

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.response import Redirect

from api.login.cookies import no_undo_cookie, undo_cookie, undo_cookie_name
from api.parts import current_time
from federation.partners.rules.encoding import json_of
from federation.permissions.rules import Asker

OPEN_FOR = timedelta(minutes=10)
OWN_PAGE = re.compile(r"/[a-z]+(/[a-z0-9-]+)*(\?[a-z]+=[0-9-]+)?")


class Done(msgspec.Struct, frozen=True):
    """What somebody has done last, and until when they may take it back."""

    kind: str
    subject: UUID
    person: UUID
    until: datetime
    back: str
    facts: dict[str, Any] = {}


class Opposite(NamedTuple):
    """The kind of what takes something back, and what it needs: a subject, and more in `facts`."""

    kind: str
    subject: UUID
    facts: Mapping[str, Any] = {}


SAID = {
    "seat-taken": "The seat is taken.",
    "seat-asked": "The seat is asked for.",
    "seat-given-back": "You have given the seat back.",
    "cover-asked": "Others are asked to take the seat.",
    "cover-withdrawn": "Nobody is asked any more to take the seat.",
    "swap-offered": "The seat is offered for exchange.",
    "waiting-begun": "You wait for the seat.",
    "leave-entered": "The leave is entered.",
    "leave-removed": "The leave is taken back.",
    "date-removed": "The single day is removed.",
    "weekly-removed": "The weekly time is removed.",
}
"""What can be taken back, in words for whoever did it."""


def may_undo(
    request: Request[Any, Any, State],
    back: str,
    asker: Asker,
    opposite: Opposite | None,
    now: datetime,
) -> Redirect:
    """Lead back to a page that offers to undo this; where nothing does, also nothing older."""
    settings, answer = request.app.state.settings, Redirect(back, status_code=303)
    if opposite is None:
        answer.set_cookie(no_undo_cookie(settings))
        return answer
    facts = msgspec.to_builtins(opposite.facts)
    done = Done(opposite.kind, opposite.subject, asker.person_id, now + OPEN_FOR, back, facts)
    kept = base64.urlsafe_b64encode(msgspec.json.encode(done)).decode()
    answer.set_cookie(undo_cookie(settings, kept, int(OPEN_FOR.total_seconds())))
    return answer


def undoable(request: Request[Any, Any, State], asker: Asker | None) -> Done | None:
    """Give what the reader of a page may still take back, if anything."""
    kept = request.cookies.get(undo_cookie_name(request.app.state.settings))
    if asker is None or not kept:
        return None
    try:
        done = json_of(base64.urlsafe_b64decode(kept), Done)
    except ValueError:
        return None
    known = done.kind in SAID and OWN_PAGE.fullmatch(done.back) is not None
    still = known and done.person == asker.person_id and current_time() < done.until
    return done if still else None


def named(done: Done) -> str:
    """Name an act in its form."""
    return f"{done.kind} {done.subject}"
