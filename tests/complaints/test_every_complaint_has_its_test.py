"""Every complaint that applies has a test named after what must not happen.

The complaints are those that users of similar programs reported most (their issue trackers), by
number: 1 a partial read taken for deletion, 2 mass deletion without a guard, 3 deleting what one
does not own, 4 deleting and making again instead of updating, 5 a dry run that writes or lies,
6 success reported where nothing happened, 7 one limit that blocks everything, 8 a dangerous switch
with an innocent name, 9 giving up when throttled, 10 a keyring that breaks, 11 a proxy that opens
TLS, 12 a second run that writes again, 13 a window that loses what was typed or said, 14 a wrong
``active`` and surprises when people leave, 15 a green test of what does not work; 16 what else the
programs were found to do.

 1 awslabs/ssosync #278          test_a_partial_read_is_never_taken_for_deletion
 1 awslabs/ssosync #278          test_a_passing_503_while_users_are_read_never_makes_leavers
 1 awslabs/ssosync #278          test_a_lasting_503_while_users_are_read_never_ends_in_a_write
 1 awslabs/ssosync #234          test_users_that_a_list_leaves_out_never_get_a_second_account
 1 awslabs/ssosync #236          test_an_incomplete_read_of_either_side_never_removes_anybody
 1 awslabs/ssosync #278          test_a_spoilt_answer_of_graph_removes_nobody
 1 awslabs/ssosync #278          test_a_spoilt_answer_of_webex_removes_nobody_whom_it_is_about
 2 goauthentik/authentik #19295  test_a_filter_that_matches_nobody_never_turns_everybody_off
 2 awslabs/ssosync #88           test_an_emptied_source_never_turns_everybody_off
 2 idp-scim-sync #70             test_too_many_removals_of_members_are_held_back_and_additions_go_on
 2 awslabs/ssosync #105          test_a_limit_on_removals_never_has_to_be_asked_for
 3 awslabs/ssosync #179          test_accounts_made_by_hand_are_never_removed
 3 pocket-id/pocket-id #1296     test_a_user_that_another_setup_took_over_meanwhile_is_not_removed
 3 awslabs/ssosync #179         test_a_user_made_by_hand_in_place_of_a_deleted_one_is_not_turned_off
 4 awslabs/ssosync #291          test_a_renamed_person_is_never_deleted_and_made_again
 4 awslabs/ssosync #194          test_a_person_who_comes_back_never_gets_another_account
 5 zammad/zammad #4674           test_a_preview_never_writes
 5 redmine_ldap_sync #212        test_an_undo_writes_nothing_before_it_is_applied
 5 awslabs/ssosync #281          test_a_preview_never_fails_on_the_very_first_people
 5 GADS manual, p. 61            test_a_preview_never_forgets_the_limits_of_the_run
 5 awslabs/ssosync #281          test_a_run_never_does_more_than_its_preview_said
 6 directory-connector #28       test_somebody_who_failed_is_never_remembered_as_done
 6 directory-connector #28       test_a_licence_that_is_missing_is_never_kept_quiet
 6 directory-connector #92       test_a_value_that_webex_dropped_is_never_called_done
 6 user-sync.py #754             test_a_summary_never_shows_nothing_for_what_was_done
 7 user-sync.py #744             test_too_many_leavers_never_hold_back_anybody_else
 7 user-sync.py v2.10            test_people_who_left_long_ago_never_use_up_the_limit
 8 bitwarden/server #6173        test_a_switch_that_takes_access_away_never_has_an_innocent_name
 8 bitwarden/help #341           test_an_option_that_lets_people_lose_access_never_hides_it
 9 awslabs/ssosync #13           test_a_throttled_run_never_gives_up_or_writes_twice
 9 learn.microsoft.com 1922038   test_refusals_of_one_storm_slow_down_once
10 jaraco/keyring #324           test_a_system_without_keyring_says_so_and_what_else_works
10 user-sync.py #218, #708       test_the_environment_can_not_choose_another_keyring
10 bitwarden/help #630           test_nothing_is_saved_anywhere_else_without_a_keyring
11 user-sync.py #433, #599       test_an_untrusted_certificate_behind_a_proxy_is_refused_by_name
11 user-sync.py #692             test_a_certificate_of_the_systems_store_is_trusted
12 awslabs/ssosync #329          test_a_second_run_never_writes
12 awslabs/ssosync #329          test_a_value_that_webex_spells_in_its_own_way_is_never_sent_again
13 directory-connector #1142     test_an_error_loses_nothing_of_what_was_typed
13 directory-connector #105      test_two_people_of_one_name_are_never_left_unnamed
13 directory-connector #18       test_a_schedule_is_installed_shown_and_removed
13 directory-connector #30       test_a_preview_never_writes
13 directory-connector #481      test_a_check_never_spoils_the_sync_after_it
14 cloudflare-docs #30543        test_somebody_who_left_the_scope_never_keeps_access_unseen
14 Unleash/unleash #9336         test_a_false_in_words_never_leaves_anybody_active
14 jelhub/scimgateway #114       test_active_is_never_sent_as_a_text
15 1Password #247                test_a_check_is_never_green_where_a_preview_fails
15 1Password #247                test_a_token_that_may_only_read_never_passes_for_one_that_writes
15 goauthentik/authentik #20764  test_a_web_page_in_place_of_scim_is_never_a_green_check
15 azure-docs #104859, #115546   test_an_error_never_blames_something_else
15 wireapp/wire-server #5436     test_everybody_is_read_and_the_list_is_complete
16 Entra: Stop finishes a cycle  test_after_cancel_no_request_leaves_but_those_under_way
16 Entra: nulls are never sent   test_a_null_in_the_source_clears_nothing_in_webex
16 Directory Connector           test_all_full_administrators_at_once_do_not_lose_access
16 Directory Connector           test_somebody_who_failed_is_never_remembered_as_done
16 Bitwarden: hash of last sync  test_an_unchanged_source_never_hides_what_was_changed_in_webex
16 GCDS: a person compares       test_a_value_that_webex_dropped_is_never_called_done
16 midPoint, others recompute    test_exactly_the_plan_is_carried_out_and_nothing_else

Not here: licences given by a creation (Bitwarden #28), which Webex doesn't do; users first created
by Directory Connector (community.cisco.com 4549706), which is a setting of Control Hub.
"""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = re.findall(r"^ ?(\d+) .*?(test_\w+)$", str(__doc__), re.MULTILINE)


def test_every_complaint_names_a_test_that_is_there() -> None:
    text = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", text))
    assert {name for _number, name in TABLE} <= there
    assert {int(number) for number, _name in TABLE} == set(range(1, 17))


def test_every_test_of_this_folder_is_in_the_table() -> None:
    named = {name for _number, name in TABLE}
    mine = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
        if "_never_" in name
    }
    others = {
        "test_a_switch_that_is_off_never_keeps_quiet_about_who_keeps_access",
        "test_a_limit_never_leaves_open_how_many_people_it_means",
    }
    assert mine - others <= named
