"""What other tools got wrong, each with the test that shows it done right; the test names it."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PITFALLS = {
    # texts that are laid over one another
    "kustomize#4379": "protocols/overlays/test_own_parts.py::"
    "test_a_patch_whose_target_is_missing_fails_loudly_kustomize_4379",
    "helm#12791": "protocols/overlays/test_own_parts.py::"
    "test_a_list_is_never_replaced_whole_helm_12791_5274",
    "helm#5274": "protocols/overlays/test_own_parts.py::"
    "test_a_list_is_never_replaced_whole_helm_12791_5274",
    "RFC 7386": "api/routes/test_texts_json.py::test_null_deletes_nothing",
    "helm#3655": "protocols/adapting/test_following_newer_versions.py::"
    "test_a_new_gap_blocks_going_live_helm_3655",
    "Terraform": "protocols/adoption/test_adopting.py::test_the_lock_cannot_name_other_bytes",
    "Copier": "protocols/overlays/test_writing.py::test_conflict_markers_are_never_stored_copier",
    "Copier's answers": "protocols/adapting/test_what_is_kept.py::"
    "test_what_a_merge_starts_from_cannot_be_edited",
    # languages
    "weblate#3330": "protocols/items/test_drafting_and_approving.py::"
    "test_a_translation_carries_the_hash_of_what_it_translates",
    "weblate#16177": "protocols/acknowledgement/test_who_lacks_what.py::"
    "test_a_stale_translation_is_neither_shown_as_read_nor_counted",
    "weblate#3638": "protocols/items/test_languages.py::"
    "test_a_mended_letter_asks_for_no_new_translation",
    "osTicket": "protocols/items/test_languages.py::test_a_language_is_changed_in_that_language",
    # evidence
    "BookStack": "protocols/items/test_review_steps.py::"
    "test_pruned_revisions_destroy_evidence_so_none_is",
    "Minor-change abuse": "protocols/items/test_review_steps.py::"
    "test_minor_change_abuse_a_second_person_sees_the_difference",
    "Outline": "protocols/items/test_drafting_and_approving.py::"
    "test_the_database_itself_refuses_an_author_who_approves",
    "Live Helper Chat's import": "protocols/drafting/test_taking_texts_in.py::"
    "test_what_comes_in_has_a_history",
    "Moodle": "protocols/acknowledgement/test_who_lacks_what.py::"
    "test_reading_in_any_current_language_counts",
    "comp#3300": "rota/readings/test_deadlines_of_seats.py::"
    "test_a_seat_is_kept_for_a_week_and_its_holder_reminded",
    "ackify#20": "rota/readings/test_who_is_missing_what.py::"
    "test_a_host_learns_pass_or_fail_for_a_shift_and_never_who_or_what",
    "Live Helper Chat's statistics": "protocols/answers/test_copying.py::"
    "test_an_answer_is_copied_and_counted_without_who",
    # what is signed
    "TUF's freeze": "netreach_client/test_verifying_bundles.py::"
    "test_an_old_bundle_is_frozen_and_refused",
    "TUF's rollback": "netreach_client/test_verifying_bundles.py::"
    "test_an_older_state_than_before_is_seen",
    # fields
    "CVE-2024-56326": "protocols/items/test_words_and_placeholders.py::"
    "test_no_template_is_ever_run",
    "CVE-2025-27516": "protocols/items/test_words_and_placeholders.py::"
    "test_no_template_is_ever_run",
    "osTicket#6673": "protocols/answers/rules/test_lint.py::"
    "test_nothing_open_broken_or_personal_is_sent",
    "Chatwoot's blanks": "protocols/answers/rules/test_lint.py::"
    "test_nothing_open_broken_or_personal_is_sent",
    # files for other tools
    "PHP 7": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_numbers_are_digits_without_zero_and_differ",
    "fgetcsv": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_a_line_ends_at_ten_thousand_bytes",
    "fputcsv": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_what_the_tool_keeps_in_its_own_escapes_is_read_and_stays",
    "≤250": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_only_titles_and_keywords_are_ever_cut_and_that_is_told",
    "capped at 50": "protocols/exchange/test_three_ways.py::"
    "test_what_a_tool_would_do_by_itself_is_said_beside_its_file",
    "destroy_all": "protocols/exchange/test_three_ways.py::"
    "test_what_a_tool_would_do_by_itself_is_said_beside_its_file",
    "POST returns no id": "protocols/exchange/test_request_files.py::"
    "test_rocket_chat_gets_no_key_that_it_does_not_know",
    "strictly equal": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_header_and_row_are_as_the_tool_wants_them",
    "links are deleted first": "protocols/exchange/test_live_helper_chat_file.py::"
    "test_an_update_keeps_what_the_tool_has_beside_the_words",
    "remove_old": "protocols/exchange/test_three_ways.py::"
    "test_what_is_no_longer_offered_is_named_to_be_taken_out",
    "Liquid runs on every": "protocols/exchange/test_request_files.py::"
    "test_liquid_is_never_given_anything_to_obey",
    "No external id": "protocols/exchange/test_request_files.py::"
    "test_what_chatwoot_has_is_changed_under_its_own_id",
    "20,000": "protocols/exchange/test_request_files.py::"
    "test_a_text_longer_than_chatwoot_takes_stays_out_whole",
    "short_code": "protocols/exchange/test_request_files.py::"
    "test_short_names_are_unique_however_alike_the_titles",
    "zammad#3670": "protocols/exchange/test_zammad_file.py::"
    "test_an_update_goes_by_id_and_leaves_note_and_activity_alone",
    "~~~": "protocols/exchange/test_zammad_file.py::"
    "test_a_keyword_that_would_split_its_cell_stays_out",
    "names are not unique": "protocols/exchange/test_zammad_file.py::"
    "test_a_module_of_the_same_title_that_is_not_ours_is_never_overwritten",
    "overwrite-or-skip": "protocols/exchange/test_three_ways.py::"
    "test_an_edit_in_the_tool_is_never_written_over_without_a_decision",
    "extra keys are refused": "protocols/exchange/test_request_files.py::"
    "test_rocket_chat_gets_no_key_that_it_does_not_know",
    "omitted tags are cleared": "protocols/exchange/test_request_files.py::"
    "test_an_update_keeps_the_scope_that_rocket_chat_has",
    "no sender check": "protocols/exchange/test_request_files.py::"
    "test_braces_that_meet_only_once_a_value_is_in_are_seen_as_well",
}


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_it_is_named_by_a_test(pitfall: str) -> None:
    file, name = PITFALLS[pitfall].split("::")
    written = (TESTS / file).read_text()
    [found] = [
        node
        for node in ast.parse(written).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    ]
    said = " ".join(f"{name} {ast.get_docstring(found) or ''}".split()).casefold()
    wanted = pitfall.casefold()
    assert wanted in said or wanted.replace("#", "_") in said or wanted.split("#")[-1] in name
