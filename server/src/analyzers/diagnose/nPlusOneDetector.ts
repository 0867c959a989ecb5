import type { Finding } from "#protocol/finding";
import type { Metric } from "#protocol/report";
import { format } from "../../plan/index.js";
import type { Analyzer } from "../analyzer.js";
import { currentFindings, loadOf, plural } from "../support.js";
import { lookupsOf, sentBy, type Lookup } from "./sentStatements.js";

/** Rules whose problem is one statement per row. */
export const nPlusOneRules: ReadonlySet<string> = new Set([
  "lazy-load-per-row",
  "lazy-load-in-template",
  "lazy-load-in-serializer",
  "query-in-loop",
  "async-lazy-load",
  "commit-in-loop",
  "count-by-loading",
  "deferred-column-per-row",
  "missing-eager-load-raise",
  "row-by-row-write",
]);

/** Fewer calls than this may be anything. */
const leastCalls = 100;

/** The project's N+1 findings, each raised to `workload` where the statement that it sends is seen being sent. */
export const nPlusOneDetector: Analyzer = {
  name: "nPlusOneDetector",
  phase: "diagnose",
  needs: ["project"],
  run: async (context) => {
    const family = (await currentFindings(context)).filter(({ rule }) => nPlusOneRules.has(rule));
    const workload = await context.workload?.();
    const lookups = workload?.available ? lookupsOf(workload.statements) : [];
    const raised = family.map((finding) => raise(finding, lookups));
    const seen = raised.flatMap(({ finding, lookup }) => (lookup ? [{ finding, lookup }] : []));
    const findings = seen.map(({ finding }) => finding);
    const all = workload?.statements ?? [];
    return {
      summary: summary(family.length, findings.length, workload?.available ?? false),
      findings,
      loads: new Map(seen.map(({ finding, lookup }) => [finding.id, loadOf([lookup.statement], all)])),
      metrics: [perRequest(family.length)],
    };
  },
};

function raise(finding: Finding, lookups: readonly Lookup[]): { finding: Finding; lookup?: Lookup } {
  const lookup = sentBy(finding.sends ?? [], lookups);
  if (!lookup || lookup.statement.calls < leastCalls) return { finding };
  const { calls, totalTimeMs } = lookup.statement;
  const seen = `pg_stat_statements: its statement was called ${plural(calls, "time")}, ${format.milliseconds(totalTimeMs)} in total, from wherever it is sent.`;
  const level = finding.evidence.level === "measured" ? "measured" : "workload";
  return { lookup, finding: { ...finding, evidence: { level, facts: [...finding.evidence.facts, seen] } } };
}

function summary(all: number, seen: number, available: boolean): string {
  const found = `${plural(all, "place")} where a statement is sent per row`;
  if (!available || all === 0) return `${found}.`;
  return `${found}; ${seen === 0 ? "none" : seen} seen in pg_stat_statements.`;
}

function perRequest(findings: number): Metric {
  return {
    name: "n1_queries_per_request",
    label: "N+1 queries per request",
    unit: "queries",
    target: "0",
    note: `Requests are not seen from the database; the code has ${plural(findings, "such place")}.`,
  };
}
