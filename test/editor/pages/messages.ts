import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ToPage } from "#protocol/pages";
import type { PlanNode } from "#protocol/plan";
import type { IndexSuggestion } from "#protocol/advice";
import { partitionedPlan } from "../../../webview/dev/bigPlan.mjs";
import { planFromJson } from "../../../server/src/plan/index.js";

const plans = join(import.meta.dirname, "../../fixtures/plans");

export type ExplainMessage = Extract<ToPage, { type: "explain" }>;

const suggestions: IndexSuggestion[] = [
  {
    id: "proved",
    table: "orders",
    columns: ["customer_id", "created_at"],
    method: "btree",
    ddl: "CREATE INDEX CONCURRENTLY orders_customer_id_created_at_idx ON orders (customer_id, created_at)",
    reason: "The scan reads 250,000 rows to keep 1,204.",
    proof: {
      method: "hypopg",
      costBefore: 48211.33,
      costAfter: 1204.5,
      planBefore: "Seq Scan on orders",
      planAfter: "Index Scan on orders",
    },
    statements: [],
    sizeBytes: 7_340_032,
    evidence: { level: "planner", facts: [] },
  },
  {
    id: "unproved",
    table: "customers",
    columns: ["name"],
    method: "btree",
    ddl: "CREATE INDEX CONCURRENTLY customers_name_idx ON customers (name)",
    reason: "The sort could be read from an index.",
    proof: { method: "none", note: "HypoPG is not installed on this server." },
    statements: [],
    evidence: { level: "schema", facts: [] },
  },
];

/** What the host would send for one of the recorded plans. */
export async function explained(name: string): Promise<ExplainMessage> {
  return messageOf(await readFile(join(plans, `${name}.json`), "utf8"));
}

/** And for a plan of about this many nodes over partitions of one table. */
export function partitioned(nodes: number): ExplainMessage {
  return messageOf(partitionedPlan(nodes));
}

function messageOf(source: string): ExplainMessage {
  const { plan, problem } = planFromJson(source);
  if (!plan) throw new Error(problem);
  return {
    type: "explain",
    source: { file: "/shop/reports.py", line: 42 },
    result: {
      sql: "SELECT count(*)\nFROM orders\nWHERE status = 'shipped' -- all of them",
      connection: {
        id: "c",
        name: "shop",
        class: "sample",
        target: "shop@127.0.0.1:5432/shop",
        state: "connected",
        serverVersion: "17.10",
      },
      plan,
      suggestions,
      notes: ["The statement ran in a transaction that was rolled back."],
    },
  };
}

/** The same with `text` in every string that a database or a user can choose. */
export async function poisoned(name: string, text: string): Promise<ExplainMessage> {
  const message = await explained(name);
  const { result } = message;
  const nodes = result.plan.nodes.map((node): PlanNode => ({
    ...node,
    type: text,
    title: text,
    relation: text,
    schema: text,
    alias: text,
    index: text,
    subplanName: text,
    details: [{ key: text, value: text }],
  }));
  return {
    ...message,
    source: { file: text, line: 1 },
    result: {
      ...result,
      sql: text,
      connection: { ...result.connection!, name: text, target: text, serverVersion: text },
      plan: {
        ...result.plan,
        nodes,
        insights: [{ rule: text, node: "0", severity: "warning", message: text, advice: text }],
        source: text,
      },
      suggestions: suggestions.map((one) => ({
        ...one,
        table: text,
        columns: [text],
        ddl: text,
        reason: text,
        proof: { ...one.proof, note: text, planBefore: text },
      })),
      notes: [text],
    },
  };
}

/** A plan that was not run: what plain EXPLAIN gives. */
export async function planned(name: string): Promise<ExplainMessage> {
  const message = await explained(name);
  const document = JSON.parse(message.result.plan.source) as [{ Plan: object }];
  const source = JSON.stringify([{ Plan: withoutActuals(document[0].Plan) }]);
  const { plan } = planFromJson(source);
  if (!plan) throw new Error("The plan without its measurements cannot be read.");
  return { ...message, result: { ...message.result, plan, notes: [] } };
}

function withoutActuals(node: object): object {
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !key.startsWith("Actual") && !key.endsWith("Blocks") && !key.startsWith("Rows Removed"))
      .map(([key, value]) => [key, key === "Plans" ? (value as object[]).map(withoutActuals) : value]),
  );
}
