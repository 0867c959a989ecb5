/** Run with nothing but pg_catalog on the search path. `t` is the tables that this tool looks at. */
const userSchemas = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";
const tables = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${userSchemas} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

/** Functions that print expressions or measure files open their table, and would wait behind whoever alters it. */
const altered = "c.oid = ANY (ARRAY(SELECT relation FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL))";

export const tablesQuery = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, c.reltuples AS rows, c.relpages AS pages,
         current_setting('block_size') AS block,
         coalesce(greatest(s.last_analyze, s.last_autoanalyze, s.last_vacuum, s.last_autovacuum) IS NOT NULL, false) AS analyzed
  FROM ${tables} LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
  ORDER BY n.nspname, c.relname`;

export const columnsQuery = `
  SELECT a.attrelid AS oid, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, a.attidentity <> '' AS identity,
         CASE WHEN d.oid IS NOT NULL AND NOT ${altered} THEN pg_get_expr(d.adbin, d.adrelid) END AS default_text
  FROM ${tables} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  ORDER BY a.attrelid, a.attnum`;

const namesOf = (numbers: string, relation: string) =>
  `ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY AS u(num, i) JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.num ORDER BY u.i)`;

export const constraintsQuery = `
  SELECT k.conrelid AS oid, k.conname AS name, k.contype::text AS type, ${namesOf("k.conkey", "k.conrelid")} AS columns,
         fn.nspname AS referenced_schema, f.relname AS referenced_table, ${namesOf("k.confkey", "k.confrelid")} AS referenced_columns,
         CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END AS on_delete
  FROM ${tables} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('p', 'u', 'f')
  LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
  ORDER BY k.conrelid, k.conname`;

/** A partitioned table has statistics of the whole tree only, other tables with children both kinds: those of the table itself win. */
const statisticsColumns = (limit: string) => `
  s.null_frac AS null_fraction, s.n_distinct AS distinct_values, s.avg_width AS average_width, s.correlation,
  x.common[1:${limit}] AS common_values, s.most_common_freqs[1:${limit}] AS common_frequencies,
  CASE WHEN cardinality(x.bounds) > ${limit} + 1 THEN
    (SELECT array_agg(x.bounds[1 + g * (cardinality(x.bounds) - 1) / ${limit}] ORDER BY g) FROM generate_series(0, ${limit}) g)
    ELSE x.bounds END AS histogram`;

/** OFFSET 0: the values are turned into text once, not once for each use. */
const asText = "LATERAL (SELECT s.most_common_vals::text::text[] AS common, s.histogram_bounds::text::text[] AS bounds OFFSET 0) x";

/** $1: how many most common values and histogram buckets at most. */
export const statisticsQuery = `
  SELECT DISTINCT ON (c.oid, s.attname) c.oid, s.attname AS name, ${statisticsColumns("$1::int4")}
  FROM ${tables} JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname CROSS JOIN ${asText}
  ORDER BY c.oid, s.attname, s.inherited`;

/** $1 schema or null, $2 table, $3 column, $4 schemas of the search path. */
export const oneColumnQuery = `
  SELECT c.oid, format_type(a.atttypid, a.atttypmod) AS type, c.reltuples AS rows, s.attname AS name, ${statisticsColumns("100")}
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $3::name AND a.attnum > 0
  LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
  LEFT JOIN ${asText} ON true
  WHERE c.relname = $2::name AND CASE WHEN $1::text IS NULL THEN n.nspname::text = ANY ($4::text[]) ELSE n.nspname = $1::name END
  ORDER BY array_position($4::text[], n.nspname::text), s.inherited LIMIT 1`;

/** `oid` is the table, \`relation\` it or its index. */
export const sizesQuery = `
  SELECT c.oid, c.oid AS relation, pg_table_size(c.oid) AS bytes FROM ${tables} WHERE c.relkind IN ('r', 'm') AND NOT ${altered}
  UNION ALL
  SELECT c.oid, i.indexrelid, pg_relation_size(i.indexrelid) FROM ${tables} JOIN pg_index i ON i.indrelid = c.oid WHERE NOT ${altered}`;

export const indexesQuery = `
  SELECT c.oid, i.indexrelid AS index_oid, xn.nspname AS schema, x.relname AS name, m.amname AS method, i.indisunique AS is_unique, i.indisprimary AS is_primary,
         i.indisvalid AND i.indisready AS is_valid, i.indnkeyatts AS key_count, CASE WHEN NOT ${altered} THEN pg_get_indexdef(i.indexrelid) ELSE '' END AS definition,
         CASE WHEN NOT ${altered} THEN pg_get_expr(i.indpred, i.indrelid, true) WHEN i.indpred IS NOT NULL THEN '?' END AS predicate, s.idx_scan AS scans,
         ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY u(num, j)
               LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.num AND u.num <> 0 ORDER BY u.j) AS columns,
         ARRAY(SELECT CASE WHEN NOT ${altered} THEN pg_get_indexdef(i.indexrelid, j, true) ELSE '?' END FROM generate_series(1, i.indnatts::int4) j ORDER BY j) AS parts,
         ARRAY(SELECT (o & 1) = 1 FROM unnest(i.indoption) WITH ORDINALITY u(o, j) ORDER BY j) AS descending,
         ARRAY(SELECT CASE WHEN oc.opcdefault THEN NULL ELSE oc.opcname::text END FROM unnest(i.indclass) WITH ORDINALITY u(o, j)
               JOIN pg_opclass oc ON oc.oid = u.o ORDER BY j) AS classes
  FROM ${tables} JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace xn ON xn.oid = x.relnamespace
  JOIN pg_am m ON m.oid = x.relam LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
  ORDER BY c.oid, x.relname`;

export const activityQuery = `
  SELECT s.relid AS oid, s.seq_scan, s.seq_tup_read, s.idx_scan, s.n_tup_ins, s.n_tup_upd, s.n_tup_del, s.n_live_tup, s.n_dead_tup, s.n_mod_since_analyze,
         greatest(s.last_analyze, s.last_autoanalyze) AS last_analyze, greatest(s.last_vacuum, s.last_autovacuum) AS last_vacuum
  FROM pg_stat_user_tables s`;
