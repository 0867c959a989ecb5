import type { IndexDefinition } from "../../../database/session.js";
import { quoteName } from "../../../plan/index.js";
import { hash64 } from "../../../sql/text/hash.js";

export interface CandidateColumn {
  readonly column: string;
  readonly descending?: boolean;
  readonly nulls?: "first" | "last";
  readonly operatorClass?: string;
}

/** An index that might help: a B-tree, with the words why. */
export interface Candidate {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly CandidateColumn[];
  /** How many of the first columns are compared for equality: their order among each other does not matter. */
  readonly equalities: number;
  readonly include: readonly string[];
  /** SQL over the table's own columns. */
  readonly predicate?: string;
  readonly reason: string;
}

export function keySql({ column, descending, nulls, operatorClass }: CandidateColumn): string {
  const parts = [
    quoteName(column),
    operatorClass,
    descending ? "DESC" : undefined,
    nulls === undefined ? undefined : `NULLS ${nulls.toUpperCase()}`,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

/** The same for candidates that are the same index. */
export function candidateKey(candidate: Candidate): string {
  const { schema, table, columns, include, predicate } = candidate;
  return JSON.stringify([schema, table, columns.map(keySql), [...include].sort(), predicate ?? null]);
}

export function candidateId(candidate: Candidate): string {
  return `index-${hash64(candidateKey(candidate))}`;
}

export function definition(candidate: Candidate): IndexDefinition {
  const { schema, table, columns, include, predicate } = candidate;
  return {
    schema,
    table,
    method: "btree",
    keys: columns.map(keySql),
    ...(include.length > 0 ? { include } : {}),
    ...(predicate === undefined ? {} : { predicate }),
  };
}

/** PostgreSQL cuts names after 63 bytes. */
const longestName = 63;
const utf8 = (text: string): number => [...text].reduce((sum, character) => sum + bytesOf(character.codePointAt(0) ?? 0), 0);
const bytesOf = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/**
 * `ix_orders_customer_id_created_at`, as SQLAlchemy's naming convention has it; with a piece of the id where the name would not tell the index
 * apart (partial, INCLUDE), would be too long or is taken.
 */
export function indexName(candidate: Candidate, taken: ReadonlySet<string> = new Set()): string {
  const plain = ["ix", candidate.table, ...candidate.columns.map(({ column }) => column)].join("_");
  const needsMark = candidate.include.length > 0 || candidate.predicate !== undefined || utf8(plain) > longestName || taken.has(plain);
  if (!needsMark) return plain;
  const mark = `_${hash64(candidateKey(candidate)).slice(0, 6)}`;
  let head = plain;
  while (utf8(head) + mark.length > longestName) head = [...head].slice(0, -1).join("");
  return head + mark;
}

export function createIndexSql(candidate: Candidate, name: string, concurrently = true): string {
  const { schema, table, columns, include, predicate } = candidate;
  const covering = include.length > 0 ? ` INCLUDE (${include.map(quoteName).join(", ")})` : "";
  const partial = predicate === undefined ? "" : ` WHERE ${predicate}`;
  const target = `${quoteName(schema)}.${quoteName(table)}`;
  return `CREATE INDEX ${concurrently ? "CONCURRENTLY " : ""}${quoteName(name)} ON ${target} (${columns.map(keySql).join(", ")})${covering}${partial};`;
}
