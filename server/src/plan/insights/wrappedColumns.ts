import type { PlanNode } from "#protocol/plan";
import { wrappedColumns, type WrappedColumn } from "../conditions/wrapped.js";
import { count, percent } from "../format.js";
import { evidence, selfTime, tookSelf } from "./costs.js";
import { detail, discardedByFilter, rowsRemoved } from "./details.js";
import { negligibleMs, type InsightDraft, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

const leastRows = 1000;
const leastDiscarded = 0.9;
const scans: ReadonlySet<string> = new Set(["Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"]);
const silentWhen =
  "The column is compared as it is; the cast changes nothing (`varchar` to `text` is served by the index); fewer than 1,000 rows or nine in ten were dropped; or the scan took less than 1 ms.";
const references = ["https://www.postgresql.org/docs/current/indexes-expressional.html"];
const replaces = { here: ["sequential-scan-discards-rows", "index-scan-discards-rows", "cold-cache"], above: ["parallel-not-used"] };

/** `(id)::numeric = 5.0`: the value's type made the planner convert the column. */
export const implicitCast: InsightRule = {
  id: "implicit-cast",
  docs: {
    summary: "A column is converted to the type of the value it is compared with.",
    whatItMeans:
      "The condition has the column under a cast, as `(id)::numeric = 5.0`. Mostly nobody wrote it: the driver sent a value of another type, and the planner converted the column to fit.",
    whyItCosts: "An index on the column cannot serve the converted column, so every row is converted and compared.",
    whatToDo:
      "Send the value in the column's type, or cast the value. A comparison of a timestamp's date becomes a range of the timestamp.",
    silentWhen,
    references: ["https://www.postgresql.org/docs/current/typeconv-oper.html", ...references],
  },
  replaces,
  inspect: (node, subject) => inspect(node, subject, "cast"),
};

/** `lower(email) = 'x'`, `id + 1 = 5`: the column's own index cannot serve it. */
export const functionHidesIndex: InsightRule = {
  id: "function-hides-index",
  docs: {
    summary: "A function or arithmetic around a column keeps its index from being used.",
    whatItMeans:
      "The condition compares a function of the column (`lower(email) = …`, `date_trunc('day', placed_at) = …`) or a sum with it.",
    whyItCosts: "The index holds the column, not the function's results: every row is read, computed and compared.",
    whatToDo:
      "Compare the bare column (a range in the place of `date_trunc`), or create an index on the expression. The function must be IMMUTABLE for that.",
    silentWhen,
    references,
  },
  replaces,
  inspect: (node, subject) => inspect(node, subject, "function") ?? inspect(node, subject, "arithmetic"),
};

function inspect(node: PlanNode, subject: InsightSubject, kind: WrappedColumn["kind"]): InsightDraft | undefined {
  const filter = scans.has(node.type) ? detail(node, "Filter") : undefined;
  if (filter === undefined) return undefined;
  const removed = rowsRemoved(node, "Filter");
  const read = removed + (node.rows ?? 0);
  const all = discardedByFilter(node, subject);
  if (all.removed < leastRows || all.removed / all.read < leastDiscarded || (all.ms ?? negligibleMs) < negligibleMs || removed === 0)
    return undefined;
  const wrapped = wrappedColumns(filter).find((each) => each.kind === kind && !isHarmless(each, node, subject));
  if (!wrapped) return undefined;
  return {
    message: `${node.title} ${what(wrapped)}: no index on ${wrapped.column.column} can serve that, so ${count(read)} rows were read and ${percent(removed / read)} dropped; it ${tookSelf(node, subject)}.`,
    advice: advice(wrapped, node, subject),
    share: subject.share(node),
    evidence: evidence(
      ["Condition", filter],
      ["Column", wrapped.column.column],
      ["Type of the column", typeOf(wrapped, node, subject)],
      ["Rows read", count(read)],
      ["Rows kept", count(node.rows ?? 0)],
      selfTime(node, subject),
    ),
  };
}

function typeOf({ column }: WrappedColumn, node: PlanNode, subject: InsightSubject): string | undefined {
  return subject.table(node)?.columns.find(({ name }) => name === column.column)?.type;
}

/** Types between which PostgreSQL only changes the label: the index serves the cast as well. */
const texts: ReadonlySet<string> = new Set(["text", "varchar", "character varying"]);

function isHarmless(wrapped: WrappedColumn, node: PlanNode, subject: InsightSubject): boolean {
  if (wrapped.kind !== "cast" || !texts.has(wrapped.by)) return false;
  const type = typeOf(wrapped, node, subject);
  // Unknown without the catalog: `(name)::text = 'x'` of a varchar column is what PostgreSQL writes for every comparison.
  return type === undefined || texts.has(type.split("(")[0] ?? "");
}

function what({ kind, column, by, expression }: WrappedColumn): string {
  if (kind === "cast") return `converts the column ${column.column} to ${typeName(by)} before comparing it`;
  if (kind === "function") return `compares ${expression ?? `${by}() of the column ${column.column}`}`;
  return `compares the column ${column.column} with arithmetic (${by}) around it`;
}

/** The parser's names of types, as SQL has them. */
const spelled: Readonly<Record<string, string>> = {
  float8: "double precision",
  float4: "real",
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  timestamptz: "timestamp with time zone",
  bpchar: "character",
};

const typeName = (name: string): string => spelled[name] ?? name;

function advice(wrapped: WrappedColumn, node: PlanNode, subject: InsightSubject): string {
  const { kind, column, by, expression } = wrapped;
  const table = node.relation ?? "the table";
  if (kind === "cast" && by === "date")
    return `Compare ${column.column} with a range instead: from the day's begin to before the next day's.`;
  if (kind === "cast") {
    const type = typeOf(wrapped, node, subject);
    return `Send the value as ${type ?? "the column's own type"} (in Python: the matching type; in SQL: cast the value, not the column).`;
  }
  if (kind === "arithmetic") return `Move the arithmetic to the other side, so that ${column.column} stands alone.`;
  const index = expression === undefined ? "an index on that very expression" : `an index on ${table} (${expression})`;
  return `Create ${index} (the function must be IMMUTABLE), or compare ${column.column} itself, for instance with a range.`;
}
