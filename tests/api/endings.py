"""How each thing comes about that ends something for good, and the tables that change by it."""

from collections.abc import Awaitable, Callable, Mapping

from tests.api.ending_access import (
    a_block,
    a_device,
    a_grant,
    a_leaver,
    a_passkey,
    a_recovery_code,
    a_role,
    a_token,
    all_addresses,
    an_address,
    an_address_that_was_seen,
    an_app,
    mail,
    recovery_codes,
    somebody_erased,
)
from tests.api.ending_place import Act, Place
from tests.api.ending_sessions import (
    a_note,
    a_shorter_keeping,
    a_tool_account,
    a_training,
    an_own_record,
    counted_sessions,
    records_whose_time_was_over,
    shared_counts,
)
from tests.api.ending_texts import a_comment, a_recall, a_release, a_reviewer

CASES: Mapping[tuple[str, str], tuple[Callable[[Place], Awaitable[Act]], list[str]]] = {
    ("api-token", "api-token.revoked"): (a_token, ["api_token"]),
    ("authenticator", "authenticator.removed"): (an_app, ["authenticator", "recovery_code"]),
    ("authenticator", "recovery-codes.replaced"): (recovery_codes, []),
    ("calendar_address", "calendar-address-revoked"): (an_address, ["calendar_address"]),
    ("calendar_address", "calendar-address-rotated"): (an_address_that_was_seen, []),
    ("handle", "withdraw-tool-account"): (a_tool_account, ["tool_account"]),
    ("item", "comment-erased"): (a_comment, []),
    ("item", "lived-reviewer-erased"): (a_reviewer, ["lived_review"]),
    ("partner", "ended"): (a_block, ["partner", "partner_token"]),
    ("partner", "withdrew"): (a_grant, ["partner", "partner_token"]),
    ("passkey", "passkey.removed"): (a_passkey, ["passkey"]),
    ("person", "calendar-addresses-revoked"): (all_addresses, ["calendar_address"]),
    ("person", "mail-address.erased"): (mail, ["mail_address"]),
    ("person", "person.erased"): (somebody_erased, ["person", "handle", "training"]),
    ("person", "person.left"): (a_leaver, ["person", "role_grant"]),
    ("person", "role.taken"): (a_role, ["person", "role_grant"]),
    ("person", "withdraw-training"): (a_training, ["training"]),
    ("pool", "stopped-sharing-counts"): (shared_counts, ["record_sharing"]),
    ("project", "deleted-old-records"): (
        records_whose_time_was_over,
        ["session_record", "recorded_contact", "record_sum", "hour_sum", "record_deletion"],
    ),
    ("project", "erased-session-records"): (
        counted_sessions,
        [
            *("session_record", "recorded_contact", "record_sum", "hour_sum"),
            *("record_import", "imported_session"),
        ],
    ),
    ("project", "set-record-keeping"): (a_shorter_keeping, ["record_setting"]),
    ("push-device", "push-device.removed"): (a_device, ["push_device"]),
    ("recall", "recalled"): (a_recall, ["recall"]),
    ("recovery-code", "recovery-code.used"): (a_recovery_code, ["recovery_code"]),
    ("release", "released"): (a_release, ["release", "release_text"]),
    ("shift", "erased-handover-note"): (a_note, ["handover_note"]),
    ("shift", "erased-session-record"): (
        an_own_record,
        ["session_record", "recorded_contact", "record_sum", "hour_sum"],
    ),
}
"""How each comes about, and the tables that have to be as they were after it."""
