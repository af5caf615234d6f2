"""The typed way to a netreach node for programs of other people.

with Client("https://node.example.org", token) as client:
    for shift in client.shifts("night-pool"):
        print(shift.start, shift.open)
"""

from netreach_client.client import Client
from netreach_client.errors import (
    AddressError,
    AnswerError,
    AnswerTooLargeError,
    NetreachError,
    NoAnswerError,
    NodeBusyError,
    NodeFailedError,
    NotAllowedError,
    NotFoundError,
    Reason,
    RefusedError,
    RuleRefusedError,
    SeatTakenError,
    SignInError,
    SignInRefusedError,
    TooManyRequestsError,
    TooSlowError,
)
from netreach_client.structs import (
    Calendar,
    Claim,
    Holder,
    Me,
    NewCalendar,
    Pool,
    PoolHandle,
    Seat,
    Shift,
)
from netreach_client.wire import Limits

__all__ = [
    "AddressError",
    "AnswerError",
    "AnswerTooLargeError",
    "Calendar",
    "Claim",
    "Client",
    "Holder",
    "Limits",
    "Me",
    "NetreachError",
    "NewCalendar",
    "NoAnswerError",
    "NodeBusyError",
    "NodeFailedError",
    "NotAllowedError",
    "NotFoundError",
    "Pool",
    "PoolHandle",
    "Reason",
    "RefusedError",
    "RuleRefusedError",
    "Seat",
    "SeatTakenError",
    "Shift",
    "SignInError",
    "SignInRefusedError",
    "TooManyRequestsError",
    "TooSlowError",
]
