"""The people's JSON, below /api/v1."""

from litestar.types import ControllerRouterHandler

from api.routes import (
    answers,
    attendance,
    claims,
    covers,
    leave,
    patterns,
    pools,
    protocols,
    shift_changes,
    swaps,
)
from api.routes.calendars import CalendarController

ROUTES: list[ControllerRouterHandler] = [
    pools.list_pools,
    pools.list_shifts,
    patterns.set_down_pattern,
    shift_changes.change_one_shift,
    shift_changes.call_off_one_shift,
    claims.take_seat,
    claims.list_claims,
    claims.show_claim,
    claims.give_back,
    covers.ask_others,
    covers.ask_no_more,
    covers.list_covers,
    covers.take_over,
    covers.words_for_group,
    swaps.make_offer,
    swaps.list_offers,
    swaps.take_up,
    swaps.take_back,
    attendance.begin_session,
    attendance.close_session,
    leave.enter_my_leave,
    CalendarController,
    protocols.list_protocols,
    protocols.show_protocol,
    protocols.show_release,
    protocols.acknowledge_protocol,
    answers.find_answers,
]
