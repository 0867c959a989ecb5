/**
 * Libraries of extensions whose C functions only compute or read, by what pg_proc.probin says after `$libdir/`. A function is judged by
 * library and symbol, so neither a name nor the membership in an extension, both of which can be forged, makes it harmless.
 */
const libraries: Readonly<Record<string, { readonly only?: string; readonly but?: string }>> = {
  _int: {},
  bloom: {},
  btree_gin: {},
  btree_gist: {},
  citext: {},
  cube: {},
  dict_int: {},
  dict_xsyn: {},
  earthdistance: {},
  fuzzystrmatch: {},
  hstore: {},
  isn: { but: "weak_input accept_weak_input" },
  ltree: {},
  pg_trgm: { but: "set_limit" },
  pgcrypto: {},
  pgstattuple: {},
  seg: {},
  sslinfo: {},
  tablefunc: { only: "normal_rand" },
  tsm_system_rows: {},
  tsm_system_time: {},
  unaccent: {},
  "uuid-ossp": {},
  hypopg: { only: "hypopg hypopg_relation_size hypopg_get_indexdef" },
  pg_stat_statements: {
    only: `pg_stat_statements pg_stat_statements_1_2 pg_stat_statements_1_3 pg_stat_statements_1_8 pg_stat_statements_1_9 pg_stat_statements_1_10
           pg_stat_statements_1_11 pg_stat_statements_1_12 pg_stat_statements_1_13 pg_stat_statements_info`,
  },
  pg_buffercache: { only: "pg_buffercache_pages pg_buffercache_summary pg_buffercache_usage_counts" },
  vector: {},
  "postgis-3": { but: "check_authorization pgis_tablefromflatgeobuf" },
};

const words = (text: string | undefined) => new Set((text ?? "").split(/\s+/).filter(Boolean));
const known = new Map(
  Object.entries(libraries).map(([name, { only, but }]) => [name, { only: only === undefined ? undefined : words(only), but: words(but) }]),
);

/** `probin` as the catalog holds it. */
export function isHarmlessC(probin: string, symbol: string): boolean {
  const library = known.get(/^\$libdir\/([A-Za-z0-9_.-]+)$/.exec(probin)?.[1] ?? "");
  if (!library || library.but.has(symbol)) return false;
  return library.only?.has(symbol) ?? true;
}
