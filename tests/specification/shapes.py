"""What travels between nodes, by the name that the pages have for it."""

from msgspec import Struct

from api.peers.wire import DocumentBody, FeedLine, FeedList, JoinBody, News, Token
from federation.feeds.rules.chain import WireEvent
from federation.feeds.rules.heads import Head, Page
from federation.feeds.rules.lean import LeanEvent, LeanPage
from federation.handing.rules import PoolDocument
from federation.partners.rules.document import ListedKey, NodeDocument
from federation.partners.rules.handshake import JoinAnswer, JoinRequest
from federation.partners.tokens.rules import Claims
from federation.pools.channels_stated import StatedChannel
from federation.pools.from_partners import (
    StatedHandle,
    StatedMember,
    StatedProject,
)
from federation.pools.slots.from_partners import StatedSlot
from federation.relations.leaving.rules import Heard, Leave
from protocols.history.rules.written import Gap, Part, Wording
from protocols.proposals.rules.parts import ProposedPart
from protocols.recalls.rules import Holds, RecallManifest
from protocols.releases.rules import Derived, Manifest
from rota.company.rules import Companion
from rota.coverage.actions import StatedHours
from rota.handing.stated import (
    HandedAccount,
    HandedAgreement,
    HandedChannel,
    HandedClaim,
    HandedPattern,
    HandedSetting,
    HandedShift,
    ReadTo,
)
from rota.handover.rules import Note
from rota.offers.actions import StatedOffer
from rota.open_hours.stated import NamedChannel, OpenChannel, Stretch
from rota.record_sharing.stated import StatedCell, StatedMonth, StatedTable
from rota.reentry.stated import StatedClaim, StatedSession
from rota.shifts.mirror import StatedSeat, StatedShift
from rota.sign_up.from_hosts import StatedReason
from rota.supervisor_calls.from_nodes import AskThere
from rota.swaps.stated import StatedSeat as WantedSeat
from tests.specification.kinds import KINDS

PARTS: dict[str, type[Struct]] = {
    "person to ask": AskThere,
    "companion": Companion,
    "source": Derived,
    "event": WireEvent,
    "feed": FeedLine,
    "gap": Gap,
    "holds": Holds,
    "key": ListedKey,
    "lean event": LeanEvent,
    "lean page": LeanPage,
    "manifest": Manifest,
    "note": Note,
    "block": Part,
    "proposed part": ProposedPart,
    "channel": StatedChannel,
    "claim": StatedClaim,
    "account": HandedAccount,
    "agreement": HandedAgreement,
    "channel of the host": HandedChannel,
    "claim of anybody": HandedClaim,
    "pattern": HandedPattern,
    "setting": HandedSetting,
    "origin of a shift": HandedShift,
    "place in a feed": ReadTo,
    "place that was read": Heard,
    "handle.stated": StatedHandle,
    "week": StatedHours,
    "member": StatedMember,
    "shift that can be taken": StatedOffer,
    "project": StatedProject,
    "reason": StatedReason,
    "seat": StatedSeat,
    "session": StatedSession,
    "shift": StatedShift,
    "slot": StatedSlot,
    "named channel": NamedChannel,
    "open channel": OpenChannel,
    "stretch": Stretch,
    "month of counts": StatedMonth,
    "table of counts": StatedTable,
    "count": StatedCell,
    "wanted seat": WantedSeat,
    "wording": Wording,
}
MESSAGES: dict[str, type[Struct]] = {
    "node document": NodeDocument,
    "join body": JoinBody,
    "join request": JoinRequest,
    "join answer": JoinAnswer,
    "document body": DocumentBody,
    "assertion": Claims,
    "token": Token,
    "list of feeds": FeedList,
    "news": News,
    "page": Page,
    "head": Head,
    "recall": RecallManifest,
    "leave": Leave,
    "pool document": PoolDocument,
}
NAMES = {shape: name for name, shape in PARTS.items()}
SHAPES: dict[str, type[Struct]] = {
    **PARTS,
    **MESSAGES,
    **{kind: told.shape for kind, told in KINDS.items() if told.shape not in NAMES},
}
"""Of a kind whose shape is a part of another event, too, the part's table speaks."""
