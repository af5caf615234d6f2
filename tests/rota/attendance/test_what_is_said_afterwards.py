from datetime import UTC, datetime, timedelta

import pytest

from rota.attendance.errors import TooLateToSay, UnknownReason
from rota.attendance.rules import SAID_UNTIL, WHY_NOT, require_debrief, require_why_not

STARTS = datetime(2027, 1, 5, 19, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
REASON = min(WHY_NOT)


def test_why_a_session_did_not_happen_is_one_of_a_few_reasons_said_in_time() -> None:
    last = ENDS + SAID_UNTIL
    require_why_not(REASON, STARTS, ENDS, 15, last - timedelta(seconds=1))
    with pytest.raises(UnknownReason):
        require_why_not("I did not feel like it", STARTS, ENDS, 15, ENDS)
    with pytest.raises(TooLateToSay):
        require_why_not(REASON, STARTS, ENDS, 15, last)


def test_a_debrief_that_nobody_remembers_is_refused() -> None:
    require_debrief(ENDS, None, ENDS)
    with pytest.raises(TooLateToSay):
        require_debrief(ENDS, None, ENDS + SAID_UNTIL)
