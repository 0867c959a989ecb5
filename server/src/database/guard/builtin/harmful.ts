/**
 * Functions of PostgreSQL itself that do more than compute or read rows, by the symbol that the server runs (pg_proc.prosrc): a name can be
 * given to another symbol, a symbol is what it is. What stands neither here nor in `harmless` is refused as unknown.
 */
const lists: readonly (readonly [why: string, symbols: string])[] = [
  [
    "it reads or lists files of the server, also through the text of its errors",
    `pg_read_file pg_read_file_all pg_read_file_all_missing pg_read_file_off_len pg_read_file_off_len_missing pg_read_file_v2 pg_read_binary_file
     pg_read_binary_file_all pg_read_binary_file_all_missing pg_read_binary_file_off_len pg_read_binary_file_off_len_missing pg_stat_file
     pg_stat_file_1arg pg_ls_dir pg_ls_dir_1arg pg_ls_logdir pg_ls_waldir pg_ls_archive_statusdir pg_ls_tmpdir_1arg pg_ls_tmpdir_noargs
     pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_hba_file_rules pg_ident_file_mappings show_all_file_settings
     pg_current_logfile pg_current_logfile_1arg pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system
     pg_available_wal_summaries pg_wal_summary_contents pg_get_wal_summarizer_state`,
  ],
  [
    "it creates, changes or exports large objects",
    `be_lo_close be_lo_creat be_lo_create be_lo_export be_lo_from_bytea be_lo_import be_lo_import_with_oid be_lo_lseek be_lo_lseek64 be_lo_open
     be_lo_put be_lo_tell be_lo_tell64 be_lo_truncate be_lo_truncate64 be_lo_unlink be_loread be_lowrite`,
  ],
  [
    "it runs SQL that it is given as text, or reads relations that it is given by name",
    `query_to_xml query_to_xml_and_xmlschema query_to_xmlschema cursor_to_xml cursor_to_xmlschema table_to_xml table_to_xml_and_xmlschema
     table_to_xmlschema schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema database_to_xml database_to_xml_and_xmlschema
     database_to_xmlschema ts_stat1 ts_stat2 tsquery_rewrite_query`,
  ],
  [
    "it runs the input function of a type that it is given by name",
    `pg_input_is_valid pg_input_error_info domain_in domain_recv record_in record_recv array_in array_recv range_in range_recv multirange_in
     multirange_recv`,
  ],
  ["it runs functions of a partitioned table that it is given by number", "satisfies_hash_partition pg_get_partition_constraintdef"],
  ["it changes settings of the session", "set_config_by_name setseed"],
  [
    "it signals or stops other sessions or the server",
    `pg_cancel_backend pg_terminate_backend pg_reload_conf pg_rotate_logfile pg_rotate_logfile_v2 pg_promote pg_wal_replay_pause
     pg_wal_replay_resume pg_log_backend_memory_contexts pg_log_standby_snapshot pg_notify`,
  ],
  [
    "it takes or gives up locks that a rollback does not undo",
    `pg_advisory_lock_int4 pg_advisory_lock_int8 pg_advisory_lock_shared_int4 pg_advisory_lock_shared_int8 pg_advisory_unlock_all
     pg_advisory_unlock_int4 pg_advisory_unlock_int8 pg_advisory_unlock_shared_int4 pg_advisory_unlock_shared_int8 pg_advisory_xact_lock_int4
     pg_advisory_xact_lock_int8 pg_advisory_xact_lock_shared_int4 pg_advisory_xact_lock_shared_int8 pg_try_advisory_lock_int4
     pg_try_advisory_lock_int8 pg_try_advisory_lock_shared_int4 pg_try_advisory_lock_shared_int8 pg_try_advisory_xact_lock_int4
     pg_try_advisory_xact_lock_int8 pg_try_advisory_xact_lock_shared_int4 pg_try_advisory_xact_lock_shared_int8`,
  ],
  [
    "it changes or consumes replication slots, origins, backups or the write-ahead log",
    `pg_create_logical_replication_slot pg_create_physical_replication_slot pg_drop_replication_slot pg_copy_logical_replication_slot_a
     pg_copy_logical_replication_slot_b pg_copy_logical_replication_slot_c pg_copy_physical_replication_slot_a
     pg_copy_physical_replication_slot_b pg_logical_slot_get_changes pg_logical_slot_get_binary_changes pg_logical_slot_peek_changes
     pg_logical_slot_peek_binary_changes pg_replication_slot_advance pg_sync_replication_slots pg_logical_emit_message_bytea
     pg_logical_emit_message_text pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop
     pg_replication_origin_session_reset pg_replication_origin_session_setup pg_replication_origin_xact_reset
     pg_replication_origin_xact_setup pg_create_restore_point pg_switch_wal pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup
     pg_stop_backup_v2 pg_export_snapshot pg_current_xact_id`,
  ],
  [
    "it resets or overwrites statistics",
    `pg_stat_reset pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared pg_stat_reset_single_function_counters
     pg_stat_reset_single_table_counters pg_stat_reset_slru pg_stat_reset_subscription_stats pg_stat_clear_snapshot pg_stat_force_next_flush
     pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats`,
  ],
  [
    "it changes indexes or the catalog",
    `brin_desummarize_range brin_summarize_new_values brin_summarize_range gin_clean_pending_list pg_import_system_collations
     pg_extension_config_dump pg_nextoid pg_stop_making_pinned_objects`,
  ],
];

const words = (text: string) => text.split(/\s+/).filter(Boolean);

export const harmful: ReadonlyMap<string, string> = new Map(
  lists.flatMap(([why, symbols]) => words(symbols).map((symbol) => [symbol, why] as const)),
);

/** Change a sequence, which no rollback undoes. Harmless while a statement is only planned, because the planner never runs VOLATILE functions. */
export const sequenceChanges: ReadonlySet<string> = new Set(["nextval_oid", "setval_oid", "setval3_oid"]);

/** VOLATILE functions that read, compute or wait. */
export const harmlessVolatile: ReadonlySet<string> = new Set(
  words(`array_sample array_shuffle clock_timestamp timeofday timetz_zone drandom drandom_normal int4random int8random numeric_random
  gen_random_uuid uuidv7 uuidv7_interval current_query currval_oid lastval pg_sleep be_lo_get be_lo_get_fragment pg_relation_size pg_table_size
  pg_indexes_size pg_total_relation_size pg_database_size_name pg_database_size_oid pg_tablespace_size_name pg_tablespace_size_oid
  pg_blocking_pids pg_safe_snapshot_blocking_pids pg_lock_status pg_is_in_recovery pg_is_in_backup pg_is_wal_replay_paused
  pg_get_wal_replay_pause_state pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_current_wal_flush_lsn
  pg_current_wal_insert_lsn pg_current_wal_lsn pg_notification_queue_usage pg_partition_ancestors pg_partition_tree pg_prepared_xact
  pg_stat_have_stats pg_xact_status pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_last_committed_xact pg_jit_available
  pg_collation_actual_version pg_database_collation_actual_version pg_get_wait_events pg_get_wal_resource_managers pg_get_multixact_members
  pg_sequence_last_value pg_get_sequence_data pg_show_replication_origin_status pg_get_backend_memory_contexts pg_get_shmem_allocations
  pg_stat_get_backend_io pg_stat_get_backend_wal pg_stat_get_io pg_stat_get_recovery_prefetch pg_stat_get_xact_blocks_fetched
  pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time
  pg_stat_get_xact_numscans pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated
  pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated
  tsm_bernoulli_handler tsm_system_handler bthandler hashhandler gisthandler ginhandler spghandler brinhandler heap_tableam_handler
  RI_FKey_cascade_del RI_FKey_cascade_upd RI_FKey_check_ins RI_FKey_check_upd RI_FKey_noaction_del RI_FKey_noaction_upd RI_FKey_restrict_del
  RI_FKey_restrict_upd RI_FKey_setdefault_del RI_FKey_setdefault_upd RI_FKey_setnull_del RI_FKey_setnull_upd unique_key_recheck
  suppress_redundant_updates_trigger tsvector_update_trigger_bycolumn tsvector_update_trigger_byid`),
);
