"""Where a text stands on its way to a release, and who acts next."""

from typing import Literal

State = Literal["draft", "in-review", "approved", "released"]

NEXT: dict[State, str] = {
    "draft": "Its author writes, then asks for a review.",
    "in-review": "Somebody who did not write it reviews it: approves it, or asks for changes.",
    "approved": "A coordinator releases it.",
    "released": "Nobody has to act. Whoever changes it begins the next draft.",
}
"""What happens next, in words for the people of the project."""

ACTS: dict[State, frozenset[str]] = {
    "draft": frozenset({"coordinator", "supervisor", "reviewer"}),
    "in-review": frozenset({"coordinator", "reviewer"}),
    "approved": frozenset({"coordinator"}),
    "released": frozenset(),
}
"""The roles that the next step waits for."""

MEANING: dict[str, str] = {
    "none": "Nothing is asked of readers: spelling, layout. What they read before still counts.",
    "notify": "Readers are told, and what they read before still counts: an added detail.",
    "re-read": "Everybody reads it again before their next session: what to do has changed.",
}
"""What the author's choice means for those who work by the text."""


def waits_for(state: State, roles: frozenset[str], *, wrote: bool) -> bool:
    """Tell whether the next step is one for somebody with these roles."""
    if state == "in-review" and wrote:
        return False
    return bool(ACTS[state] & roles)
