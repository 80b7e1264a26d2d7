"""What of the long suites `make test` runs: it has ten minutes, opening a repository costs half a
second of CPU, and each of these tests opens several. `make test-full` runs all of them.

A file that is not named here runs whole each day. Of one that is named, these: what would be worst
to break, and one of each kind.
"""

DAILY: dict[str, frozenset[str]] = {
    name: frozenset(f"test_{test}" for test in tests.split())
    for name, tests in {
        "test_append_only": "a_folder_does_not_and_no_backup_is_harmed",
        "test_cell": (
            "it_reaches_no_network it_reads_nothing_of_ours it_writes_nowhere_but_into_its_scratch"
            " it_has_no_rights without_a_cell_nothing_is_looked_at"
            " a_link_on_the_way_is_not_followed"
        ),
        "test_confidence": "",
        "test_evidence": (
            "openssl_agrees_with_us_on_what_was_done_to_a_proof the_key_is_one_that_openssl_reads"
            " a_full_disk_keeps_the_chain_whole the_command_itself"
        ),
        "test_forget": (
            "it_deletes_what_may_go_and_their_manifests an_unproven_newest_holds_all_back"
            " forged_snapshots_evict_nothing"
        ),
        "test_hooks": (
            "hooks_run_in_order_and_what_they_print_is_kept_without_secrets"
            " a_before_that_fails_keeps_the_job_from_running_and_no_other"
            " missed_backups_alone_are_made_up_for"
        ),
        "test_hostile": (
            "a_test_restore_of_it_is_proven_and_touches_nothing"
            " in_place_it_comes_back_over_links_and_loops"
            " a_bomb_of_names_is_refused_before_it_is_written"
        ),
        "test_keys": "keys_come_and_go",
        "test_locks": (
            "after_a_kill_the_next_proof_needs_no_help a_machine_of_the_same_name_keeps_its_lock"
        ),
        "test_lost_way": "",
        "test_postgresql": (
            "a_dump_under_load_has_the_rows_that_were_sealed a_login_that_is_refused"
            " a_server_that_goes_away_in_the_middle_leaves_no_half"
        ),
        "test_postgresql_probe": "a_custom_dump_that_ends_early a_hostile_dump_stays_in_the_cell",
        "test_probes": (
            "sqlite archives an_encrypted_share a_bomb_is_no_hang_and_no_pass"
            " a_hostile_git_repository_runs_nothing the_jobs_own_probe certificates_and_keys"
        ),
        "test_remote": (
            "a_remote_backup_is_made_and_proven a_host_key_that_is_not_known_is_never_taken"
            " a_host_that_looks_like_an_option_is_refused"
        ),
        "test_restore_verb": (
            "all_of_it_into_a_new_folder_without_the_source it_never_writes_among_other_files"
            " in_place_replaces_what_differs_keeps_it_and_can_be_undone"
            " in_place_goes_through_no_link_that_was_planted_meanwhile"
            " damaged_files_are_named_and_the_rest_is_restored"
        ),
        "test_sample": "",
        "test_sqlite": (
            "a_busy_database_comes_back_consistent_with_its_rows"
            " a_database_damaged_at_its_source_is_bad_content"
        ),
        "test_stream": (
            "a_sound_snapshot_is_proven_without_a_scratch_disk"
            " a_damaged_file_does_not_hide_the_rest"
        ),
    }.items()
}


def is_daily(file: str, test: str) -> bool:
    """Tell whether a test of a file (its stem) is run each day; `test` without its parameters."""
    return file not in DAILY or test in DAILY[file]
