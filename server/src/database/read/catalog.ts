import type { ConnectionProfile } from "#protocol/connection";
import type { Catalog, Column, ColumnStatistics, ForeignKey, Index, Table, TableActivity, TableSize } from "../../catalog/catalog.js";
import type { Backend } from "../backend.js";
import type { ServerFacts } from "../prepareSession.js";
import { activityQuery, columnsQuery, constraintsQuery, indexesQuery, sizesQuery, statisticsQuery, tablesQuery } from "./catalogQueries.js";
import { setLocal } from "../transaction.js";
import { optional } from "./optional.js";
import { grouped, numberOf, rowsOf, textOf, timeOf, type RawRow } from "./rows.js";

/** Tables that are being altered are skipped where it matters; this is for those locked in between. */
const lockTimeout = "1s";
/** Above this, statistics are thinned out: whole histograms of thousands of tables are hundreds of megabytes. */
const manyTables = 500;

/** Tables of all schemas but the server's own, in a few queries over everything. What the role may not see is absent, not zero. */
export async function readCatalog(backend: Backend, facts: ServerFacts, profile: ConnectionProfile): Promise<Catalog> {
  await setLocal(backend, [["lock_timeout", lockTimeout]]);
  const tables = await rowsOf(backend, tablesQuery);
  const detail = tables.length > manyTables ? 10 : 100;
  const columns = grouped(await rowsOf(backend, columnsQuery));
  const constraints = grouped(await rowsOf(backend, constraintsQuery));
  const nothing = () => [] as RawRow[];
  const statistics = grouped(await optional(backend, () => rowsOf(backend, statisticsQuery, [detail]), nothing));
  const sizes = grouped(await optional(backend, () => rowsOf(backend, sizesQuery), nothing));
  const indexes = grouped(await rowsOf(backend, indexesQuery));
  const activity = grouped(await optional(backend, () => rowsOf(backend, activityQuery), nothing));
  const extensions = await rowsOf(backend, "SELECT extname AS name, extversion AS version FROM pg_extension ORDER BY 1");
  const [clock] = await rowsOf(backend, "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS now");
  return {
    source: { kind: "server", connection: profile.id, readAt: String(clock?.now) },
    serverVersion: facts.version,
    extensions: extensions.map((row) => ({ name: String(row.name), version: String(row.version) })),
    tables: tables.map((row) => {
      const of = (rows: Map<string, RawRow[]>) => rows.get(String(row.oid)) ?? [];
      return readTable(row, of(columns), of(constraints), of(statistics), of(indexes), of(sizes), of(activity)[0]);
    }),
  };
}

function readTable(
  row: RawRow,
  columns: RawRow[],
  constraints: RawRow[],
  statistics: RawRow[],
  indexes: RawRow[],
  sizes: RawRow[],
  activity: RawRow | undefined,
): Table {
  const statisticsOf = new Map(statistics.map((each) => [String(each.name), each]));
  const named = (type: string) => constraints.filter((each) => each.type === type);
  const primaryKey = named("p")[0]?.columns as string[] | undefined;
  return {
    schema: String(row.schema),
    name: String(row.name),
    kind: kinds[String(row.kind)] ?? "table",
    columns: columns.map((each) => readColumn(each, statisticsOf.get(String(each.name)))),
    ...(primaryKey ? { primaryKey } : {}),
    uniques: named("u").map((each) => each.columns as string[]),
    foreignKeys: named("f").map(readForeignKey),
    indexes: indexes.map((each) => readIndex(each, sizes)),
    ...(hasStorage.has(String(row.kind)) ? { size: readSize(row, sizes) } : {}),
    ...(activity ? { activity: readActivity(activity) } : {}),
  };
}

const kinds: Readonly<Record<string, Table["kind"]>> = { r: "table", p: "partitioned", v: "view", m: "materialized", f: "foreign" };
const hasStorage = new Set(["r", "m", "p"]);

function readColumn(row: RawRow, statistics: RawRow | undefined): Column {
  return {
    name: String(row.name),
    type: String(row.type),
    notNull: row.not_null === true,
    ...(row.default_text === null ? {} : { default: String(row.default_text) }),
    ...(row.identity === true ? { identity: true } : {}),
    ...(statistics ? { statistics: readStatistics(statistics) } : {}),
  };
}

export function readStatistics(row: RawRow): ColumnStatistics {
  const values = (row.common_values as string[] | null) ?? [];
  const frequencies = (row.common_frequencies as number[] | null) ?? [];
  return {
    nullFraction: numberOf(row.null_fraction),
    distinct: numberOf(row.distinct_values),
    averageWidth: numberOf(row.average_width),
    mostCommon: values.map((value, at) => ({ value, frequency: numberOf(frequencies[at]) })),
    histogram: (row.histogram as string[] | null) ?? [],
    ...(row.correlation === null ? {} : { correlation: numberOf(row.correlation) }),
  };
}

function readForeignKey(row: RawRow): ForeignKey {
  return {
    name: String(row.name),
    columns: row.columns as string[],
    referencedSchema: String(row.referenced_schema),
    referencedTable: String(row.referenced_table),
    referencedColumns: row.referenced_columns as string[],
    onDelete: String(row.on_delete),
  };
}

function readIndex(row: RawRow, sizes: RawRow[]): Index {
  const keyCount = numberOf(row.key_count);
  const columns = row.columns as (string | null)[];
  const parts = row.parts as string[];
  const descending = row.descending as boolean[];
  const classes = row.classes as (string | null)[];
  const bytes = sizes.find((each) => each.relation === row.index_oid)?.bytes;
  return {
    schema: String(row.schema),
    name: String(row.name),
    method: String(row.method),
    unique: row.is_unique === true,
    primary: row.is_primary === true,
    valid: row.is_valid === true,
    keys: parts.slice(0, keyCount).map((part, at) => ({
      ...(columns[at] ? { column: columns[at] ?? part } : { expression: part }),
      descending: descending[at] === true,
      ...(classes[at] ? { operatorClass: classes[at] ?? "" } : {}),
    })),
    include: columns.slice(keyCount).flatMap((name) => (name ? [name] : [])),
    ...(row.predicate === null ? {} : { predicate: String(row.predicate) }),
    definition: String(row.definition),
    ...(bytes === undefined ? {} : { bytes: numberOf(bytes) }),
    ...(row.scans === null ? {} : { scans: numberOf(row.scans) }),
  };
}

/** From the files where no lock was in the way, else from the last VACUUM's or ANALYZE's page counts. */
function readSize(row: RawRow, sizes: RawRow[]): TableSize {
  const exact = sizes.find((each) => each.relation === row.oid);
  const pages = numberOf(row.pages);
  const rows = numberOf(row.rows);
  return {
    ...(rows < 0 || (rows === 0 && pages === 0 && row.analyzed !== true) ? {} : { rows }),
    pages,
    bytes: exact ? numberOf(exact.bytes) : pages * numberOf(row.block),
  };
}

function readActivity(row: RawRow): TableActivity {
  return {
    sequentialScans: numberOf(row.seq_scan),
    sequentialRows: numberOf(row.seq_tup_read),
    indexScans: numberOf(row.idx_scan),
    inserted: numberOf(row.n_tup_ins),
    updated: numberOf(row.n_tup_upd),
    deleted: numberOf(row.n_tup_del),
    liveRows: numberOf(row.n_live_tup),
    deadRows: numberOf(row.n_dead_tup),
    modifiedSinceAnalyze: numberOf(row.n_mod_since_analyze),
    ...timeOf("lastAnalyze", textOf(row.last_analyze)),
    ...timeOf("lastVacuum", textOf(row.last_vacuum)),
  };
}
