const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/**
 * Words that PostgreSQL would have quoted if they were names: its reserved words and those that cannot name a column. They stay
 * in any case of letters.
 */
export const reserved = words(`
  ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE CURRENT_CATALOG CURRENT_DATE
  CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM
  GRANT GROUP HAVING IN INITIALLY INTERSECT INTO LATERAL LEADING LIMIT LOCALTIME LOCALTIMESTAMP NOT NULL OFFSET ON ONLY OR ORDER PLACING
  PRIMARY REFERENCES RETURNING SELECT SESSION_USER SOME SYMMETRIC SYSTEM_USER TABLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC
  WHEN WHERE WINDOW WITH AUTHORIZATION BINARY COLLATION CONCURRENTLY CROSS CURRENT_SCHEMA FREEZE FULL ILIKE INNER IS ISNULL JOIN LEFT LIKE
  NATURAL NOTNULL OUTER OVERLAPS RIGHT SIMILAR TABLESAMPLE VERBOSE BETWEEN BIGINT BIT BOOLEAN CHAR CHARACTER COALESCE DEC DECIMAL EXISTS
  EXTRACT FLOAT GREATEST GROUPING INT INTEGER INTERVAL LEAST NATIONAL NCHAR NONE NORMALIZE NULLIF NUMERIC OVERLAY POSITION PRECISION REAL
  ROW SETOF SMALLINT SUBSTRING TIME TIMESTAMP TREAT TRIM VALUES VARCHAR XMLATTRIBUTES XMLCONCAT XMLELEMENT XMLEXISTS XMLFOREST XMLPARSE`);

/** Words of the grammar that may be names as well: they stay where PostgreSQL wrote them, in capitals, which a name would have quoted. */
export const capitals = words(`
  AT BY CURRENT EXCLUDE FILTER FIRST FOLLOWING GROUPS IGNORE INSERT UPDATE DELETE MERGE LAST LOCAL MATERIALIZED MATCHED NULLS ORDINALITY OTHERS
  OVER PARTIAL PARTITION PRECEDING RANGE RECURSIVE RESPECT ROWS SET SHARE SKIP LOCKED NOWAIT KEY SETS CUBE ROLLUP TIES UNBOUNDED UNKNOWN VALUE
  WITHIN WITHOUT ZONE ESCAPE VARYING DOUBLE INCLUDE INDEX STATISTICS VACUUM REINDEX JSON SCALAR OBJECT DOCUMENT NOTHING CONFLICT CTE BEGIN EXPLAIN
  BUFFERS WAL`);

/** Words of the grammar that people write in small letters and that hardly name a column. */
export const grammar = words(
  "BY OVER PARTITION INSERT UPDATE DELETE MERGE SET RECURSIVE NULLS PRECEDING FOLLOWING UNBOUNDED MATERIALIZED NOWAIT",
);

/** Types as format_type prints them, word by word. */
export const types = words(`
  bigint bit boolean box bpchar bytea char character cid cidr circle date daterange datemultirange double float float4 float8 inet int int2 int4
  int4range int8 int8range integer interval json jsonb jsonpath line lseg macaddr money name numeric numrange oid path point polygon precision
  real record regclass regproc regtype serial smallint text tid time timestamp timestamptz timetz tsquery tsrange tstzrange tsvector unknown uuid
  varbit varchar varying with without xid xml zone`);

/** Functions that every server has; a function of another name is the user's own. */
export const functions = words(`
  abs age any_value array_agg array_append array_cat array_length array_position array_remove array_to_string ascii avg bit_and bit_or bool_and
  bool_or btrim ceil ceiling char_length character_length clock_timestamp coalesce concat concat_ws corr count cume_dist current_setting date
  date_bin date_part date_trunc dense_rank div encode every exp extract first_value floor format generate_series generate_subscripts greatest
  initcap json_agg json_array_elements json_build_array json_build_object json_each json_object_agg jsonb_agg jsonb_array_elements
  jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
  jsonb_extract_path_text jsonb_object_agg jsonb_path_exists jsonb_path_query jsonb_set jsonb_to_recordset jsonb_typeof lag last_value lead least
  left length ln log lower lpad ltrim make_date make_interval max md5 min mod mode nextval now nth_value ntile nullif num_nulls octet_length
  percent_rank percentile_cont percentile_disc plainto_tsquery position power random rank regexp_match regexp_matches regexp_replace
  regexp_split_to_table repeat replace reverse right round row_number row_to_json rpad rtrim setweight sign split_part sqrt starts_with stddev
  stddev_pop stddev_samp string_agg string_to_array strpos substr substring sum timezone to_char to_date to_json to_jsonb to_number to_timestamp
  to_tsquery to_tsvector transaction_timestamp translate trim trunc ts_headline ts_rank unnest upper var_pop var_samp variance width_bucket`);

/** What EXPLAIN itself says: node types, strategies, methods, units. */
export const explained = words(`
  Aggregate Append BitmapAnd BitmapOr Bitmap Heap Index Scan Only Backward CTE Custom Foreign Function Gather Merge Group Hash Hashed Join Left
  Right Full Semi Anti Inner Outer Incremental Sort Limit LockRows Materialize Memoize MergeAppend ModifyTable Insert Update Delete Named
  Tuplestore Nested Loop ProjectSet Recursive Union Result Sample Seq SetOp HashSetOp Subquery SubPlan InitPlan Subplan Table Tid Range Unique
  Values WindowAgg WorkTable Parallel Async Partial Finalize Simple Mixed Plain Sorted Strategy GroupAggregate HashAggregate MixedAggregate
  Forward NoMovement Except Intersect All Select Member Memory Disk kB MB GB bytes quicksort top-N heapsort external merge sort still in progress
  hashed rescan alternatives using on Workers Worker Number Launched Planned true false yes no off partial bernoulli system single copy binary
  logical Binary never executed ms none text serializable Citus Adaptive ChunkAppend DecompressChunk Average Sort Methods Used Space Count Peak`);

/** Settings whose values EXPLAIN tells under SETTINGS, and which say nothing of anybody. */
export const settings = words(`
  work_mem hash_mem_multiplier maintenance_work_mem shared_buffers effective_cache_size random_page_cost seq_page_cost cpu_tuple_cost
  cpu_index_tuple_cost cpu_operator_cost parallel_setup_cost parallel_tuple_cost min_parallel_table_scan_size min_parallel_index_scan_size
  max_parallel_workers max_parallel_workers_per_gather max_parallel_maintenance_workers effective_io_concurrency maintenance_io_concurrency temp_buffers
  jit jit_above_cost jit_inline_above_cost jit_optimize_above_cost from_collapse_limit join_collapse_limit geqo geqo_threshold
  constraint_exclusion cursor_tuple_fraction default_statistics_target plan_cache_mode recursive_worktable_factor parallel_leader_participation
  debug_parallel_query force_parallel_mode enable_async_append enable_bitmapscan enable_gathermerge enable_group_by_reordering enable_hashagg
  enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin enable_nestloop
  enable_parallel_append enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate enable_partitionwise_join
  enable_presorted_aggregate enable_seqscan enable_self_join_elimination enable_sort enable_tidscan enable_distinct_reordering search_path
  role session_authorization io_combine_limit io_method autovacuum_vacuum_scale_factor autovacuum_vacuum_insert_scale_factor
  statement_timeout`);
