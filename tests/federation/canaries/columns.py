"""Which columns hold words of or about people, and which do not: every one is one of the two.

Personal is what a person has written of themselves or somebody has written of them, what reaches
them, and what a project says among its own. Not personal are codes, ids, hashes, what is meant for
the public, and what is said to partners after it was searched for personal data.
"""

PERSONAL: dict[str, tuple[str, ...]] = {
    "adoption": ("values", "given_before"),
    "allowed_finding": ("reason",),
    "api_token": ("label",),
    "busy_calendar": ("label", "address"),
    "calendar_address": ("label", "name", "title", "body"),
    "consent": ("reason",),
    "item_comment": ("said",),
    "item_variant": ("title", "texts"),
    "kept_answer": ("key",),
    "lived_review": ("who",),
    "mail_address": ("address",),
    "notice": ("text",),
    "overlay": ("values", "parts", "sent_back"),
    "person": ("name",),
    "push_device": ("label", "endpoint", "p256dh", "auth"),
    "session_record": ("note",),
    "training": ("name",),
}

OF_THE_PROJECT: dict[str, tuple[str, ...]] = {
    "adoption": ("values", "given_before"),
    "allowed_finding": ("reason",),
    "item_variant": ("title", "texts"),
    "lived_review": ("who",),
    "overlay": ("values", "parts", "sent_back"),
}
"""Of these, what stays when somebody is erased: their project says it, whoever wrote it.

Who has reviewed a text is kept beside nobody's id, and is erased on the text's page.
"""

_OTHERS = """
acknowledgement: urn text_hash language
adoption: urn mode locked_hash effective_hash
allowed_finding: kind hash
answer_export: tool
answer_fallback: urn fallback
answer_mark: urn number language kind note project node_id
answer_setting: fallback
answer_use: urn number language
api_token: secret_hash scopes
asked_exchange: state
asked_reading: urn asked
audit_entry: actor verb subject facts
authenticator: secret
busy_calendar: failure
calendar_address: secret_hash shows level etag built_from
calendar_entry: uid
calendar_shift_entry: uid status says
call_asked: step
channel: slug name kind trainings rules_of_engagement tool_account
check_in: did_not_happen
claim: state origin reasons receipt
consent: state
cover_request: kind step state
dated_window: zone
excluded_weeks: reason
exported_answer: urn
exported_wording: tool urn language key fingerprint
favourite_answer: urn
feed: kind subject epoch hash
feed_cursor: node_id kind subject epoch hash recalls_hash head trouble trouble_head
feed_event: epoch kind salt payload digest hash
feed_reader: node_id epoch recalls_hash
feed_recall: digest statement
handle: display roles languages offers_hash
handle_erasure: node_id
handover_note: text
heard_hours: content node_id slug
hour_sum: language kind
invitation: secret_hash nonce request node_id
import_run: state trouble
item: urn kind protocol_kind source_language jurisdictions use_limits channels state
  acknowledgement derived_from_urn derived_from_hash
item_placeholder: name type filled_by example
item_variant: language question keywords source_hash
item_version: written released_as
kept_answer: body_hash
kept_document: text
language_slot: series language zone
lived_review: words
notice: code
notice_channel: channel rhythm
notice_message: channel kind state
notice_preference: language zone
outbox: kind key payload last_error
overlay: urn base_hash state asked_hash approved_hash
partner: node_id name base_url state document keys words we_grant they_grant withheld
  they_withhold alarm disputed reads
partner_token: secret_hash node_id
passkey: credential public_key device
passkey_challenge: secret_hash
person: languages zone
pool: slug name zone host elsewhere trainings message_languages languages_shown reading_overdue
  topics
pool_handing: document node_id state statements
pool_part: kind node_id said
pool_plan: state scenario plan trouble purpose stop progress
pool_term: begun deputy disputed host members named statements stood
pool_text: protocol_kind urn project_urn
pool_wait: node_id
project: slug name region jurisdiction zone languages node
proposal: urn parts sent_hash node_id state sentence
reading_notice: asked step
recall: urn reason holds_texts manifest signature hash node_id follows
recall_confirmation: node_id
recent_answer: urn
record_import: content_mark added
record_setting: areas
record_sum: dimension value
recovery_code: mark
recorded_contact: kind language familiarity minutes topics outcome unmet area gender nationality
reentry_finding: kind host
release: urn number acknowledgement kind manifest signature hash node_id
release_text: language urn number hash signature title question body keywords search words kind
  jurisdictions channels
restore_answer: node_id said
restore_wait: node_id
role_grant: role
search_word: word spelt
seat: role state
session_company: content
session_record: zone pace support
session_setting: meeting_link contact_label contact_number contact_link
session_step: step
session_told: node_id digest
set_aside_event: epoch kind payload why detail
shared_counts: content
shift: zone languages wanted_languages theme trainings series texts_at_start ground_rules
shift_pattern: series zone languages wanted_languages theme seats repeats holidays holiday_region
  pauses clock_answers clock_told ground_rules set_down_as
sign_in_link: secret_hash
signpost: source_id name services opening area languages phone email web
starter_text: name
supervisor_call: step answered_by
swap_offer: giver to_display state
taken_in: node_id kind
used_assertion: node_id jti
waiting_entry: state
web_session: secret_hash device
weekly_window: zone
what_if: state change scenario answer trouble
"""


def _read(written: str) -> dict[str, tuple[str, ...]]:
    """Read a table and its columns from each line; an indented one goes on with the one before."""
    tables = (line.partition(": ") for line in written.strip().replace("\n  ", " ").splitlines())
    return {table: tuple(columns.split()) for table, _, columns in tables}


NOT_PERSONAL = _read(_OTHERS)
