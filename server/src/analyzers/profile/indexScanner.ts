import type { Recommendation } from "#protocol/report";
import type { Catalog, Index, Table } from "../../catalog/catalog.js";
import { format, quoteName } from "../../plan/index.js";
import type { Analyzer } from "../analyzer.js";
import { plural, recommend } from "../support.js";
import { displayTable } from "./schema/check.js";

/** Indexes that cost more than they give: duplicates, prefixes of others, broken and unused ones. */
export const indexScanner: Analyzer = {
  name: "indexScanner",
  phase: "profile",
  needs: ["database"],
  run: async (context) => {
    const catalog = await context.catalog();
    const recommendations = scanIndexes(catalog);
    const total = catalog.tables.reduce((sum, table) => sum + table.indexes.length, 0);
    return {
      summary: `${plural(total, "index", "indexes")} looked at, ${recommendations.length} to be dropped or rebuilt.`,
      recommendations,
    };
  },
};

export function scanIndexes(catalog: Catalog): readonly Recommendation[] {
  return catalog.tables.flatMap((table) => {
    const pairs = table.indexes.flatMap((index) => redundantPair(index, table) ?? []);
    const redundant = new Set(pairs.map(({ index }) => index));
    // What makes another index superfluous must not be dropped together with it.
    const needed = new Set(pairs.map(({ other }) => other));
    const rest = table.indexes.filter((index) => !redundant.has(index) && !needed.has(index));
    return [...pairs.map((pair) => redundantIndex(pair, table)), ...rest.flatMap((index) => brokenOrUnused(index, table))];
  });
}

interface Pair {
  readonly index: Index;
  /** Serves everything that `index` does, and is not itself served by another. */
  readonly other: Index;
}

function redundantPair(index: Index, table: Table): Pair | undefined {
  // What enforces a constraint stays, whatever else is there.
  if (index.unique || index.primary || !index.valid) return undefined;
  const makers = table.indexes.filter((candidate) => candidate !== index && makesRedundant(candidate, index));
  const widest = makers.filter((maker) => !makers.some((candidate) => candidate !== maker && makesRedundant(candidate, maker)));
  const other = widest[0] ?? makers[0];
  return other && { index, other };
}

function redundantIndex({ index, other }: Pair, table: Table): Recommendation {
  const same = other.keys.length === index.keys.length;
  return dropIndex(index, table, {
    title: `Index ${index.name} ${same ? "duplicates" : "is the beginning of"} ${other.name}`,
    why: `${other.name} serves everything that ${index.name} does; each write to ${displayTable(table)} maintains both. Drop ${index.name} after a look at the statements that use it.`,
    severity: "warning",
    facts: [index.definition, other.definition],
  });
}

/** A prefix with the same method, expressions, order and predicate. Of two equal ones the later by name goes. */
function makesRedundant(other: Index, index: Index): boolean {
  if (!other.valid || other.method !== index.method || other.predicate !== index.predicate) return false;
  if (index.method !== "btree" && other.keys.length !== index.keys.length) return false;
  if (other.keys.length < index.keys.length || !index.include.every((column) => covers(other, column))) return false;
  const prefix = index.keys.every((key, position) => JSON.stringify(normal(key)) === JSON.stringify(normal(other.keys[position])));
  const equal = prefix && other.keys.length === index.keys.length && other.include.length === index.include.length;
  return equal && !other.unique ? other.name < index.name : prefix;
}

const covers = (index: Index, column: string): boolean => index.include.includes(column) || index.keys.some((key) => key.column === column);
const normal = (key: Index["keys"][number] | undefined): unknown => [
  key?.column ?? null,
  key?.expression ?? null,
  key?.descending,
  key?.operatorClass ?? null,
];

const leastUnusedBytes = 1024 * 1024;

function brokenOrUnused(index: Index, table: Table): readonly Recommendation[] {
  if (!index.valid) {
    return [
      dropIndex(index, table, {
        title: `Index ${index.name} is invalid`,
        why: `A CREATE INDEX CONCURRENTLY did not end: no query uses it, but every write maintains it. Drop it and build it again, unless it is being built right now.`,
        severity: "error",
        facts: [index.definition],
      }),
    ];
  }
  if (index.scans !== 0 || index.unique || index.primary || (index.bytes ?? 0) < leastUnusedBytes) return [];
  // A table that nobody reads says nothing about its indexes.
  if ((table.activity?.sequentialScans ?? 0) + (table.activity?.indexScans ?? 0) < 100) return [];
  return [
    dropIndex(index, table, {
      title: `Index ${index.name} (${format.bytes(index.bytes ?? 0)}) has not been used since the statistics were reset`,
      why: `Every write to ${displayTable(table)} maintains it. Before it goes: the statistics must cover at least a week with its rare jobs, and no replica may use it, because each server counts only its own scans.`,
      severity: "info",
      facts: [index.definition, "This server's statistics only; replicas have not been asked."],
    }),
  ];
}

interface DropDraft {
  readonly title: string;
  readonly why: string;
  readonly severity: Recommendation["severity"];
  readonly facts: readonly string[];
}

function dropIndex(index: Index, table: Table, { title, why, severity, facts }: DropDraft): Recommendation {
  return recommend({
    id: `drop-${table.schema}.${index.name}`,
    kind: "drop-index",
    title,
    why,
    severity,
    evidence: { level: "schema", facts: [...facts] },
    action: `DROP INDEX CONCURRENTLY ${quoteName(index.schema)}.${quoteName(index.name)};`,
    applicability: "displayOnly",
  });
}
