"""What a restored node is told: claims that concern both, its sessions as others know them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from federation.pools.stated import Moment
from rota.claims.queries import ENDED
from rota.shifts.mirror import StatedShift

State = Literal["requested", "proposed", "held", "refused", "lapsed", "released"]
Origin = Literal["worker", "coordinator", "plan", "cover", "exchange"]


A_PART = msgspec.Meta(max_length=100)


class StatedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim on a session to come, as it stands at the partner.

    `instead_of` names the claim that it would replace in an exchange. A home says from when to
    when its worker's time is kept; a host, whether the shift was moved since and home has not
    answered.
    """

    claim: UUID
    seat: UUID
    handle: UUID
    project: UUID
    state: State
    origin: Origin
    made_at: Moment
    answer_by: Moment
    receipt: str | None = None
    begins: Moment | None = None
    ends: Moment | None = None
    moved: bool = False
    instead_of: UUID | None = None

    @property
    def over(self) -> bool:
        """Tell whether it has ended: an end wins over whatever a backup says."""
        return self.state in ENDED


class StatedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of the restored node's pool, as it was last stated to this partner."""

    pool: UUID
    shift: StatedShift


class RestoreAsked(msgspec.Struct, frozen=True):
    """A restored node asks what its partner holds."""

    restore: UUID


class RestoreAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the answer.

    `ours` are claims of the partner's people in the restored node's pools, `yours` claims of the
    restored node's people in the partner's. `restoring` says that the partner, too, was restored:
    what it leaves out may have been.
    """

    restore: UUID
    part: int
    last: bool
    restoring: bool = False
    ours: Annotated[list[StatedClaim], A_PART] = []
    yours: Annotated[list[StatedClaim], A_PART] = []
    sessions: Annotated[list[StatedSession], A_PART] = []
