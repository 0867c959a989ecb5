import type { Finding } from "#protocol/finding";
import type { Load, Recommendation } from "#protocol/report";
import type { AnalyzerContext } from "./analyzer.js";
import { format } from "../plan/index.js";
import { hash64, parseStatements } from "../sql/index.js";
import type { WorkloadStatement } from "../workload/workload.js";

export function recommendationId(...parts: readonly string[]): string {
  return hash64(JSON.stringify(parts));
}

/** Of the recommendation to make a finding's own fix. */
export function codeChangeId(finding: Pick<Finding, "id">): string {
  return recommendationId("code", finding.id);
}

/** Of what is said about one slow statement. */
export function slowStatementId(query: string): string {
  return recommendationId("slow", query);
}

/** A recommendation without the parts that most lack. */
export function recommend(
  draft: Pick<Recommendation, "kind" | "title" | "why" | "severity" | "evidence"> & Partial<Recommendation>,
): Recommendation {
  return { id: recommendationId(draft.kind, draft.title), applicability: "displayOnly", edits: [], ...draft };
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${format.count(count)} ${count === 1 ? one : many}`;
}

/** Findings as the latest analyzer left them: one that raised a finding's evidence has replaced it. */
export async function currentFindings(context: AnalyzerContext): Promise<readonly Finding[]> {
  const original = context.project ? (await context.project()).findings : [];
  const changed = new Map([...context.earlier.values()].flatMap((result) => result.findings ?? []).map((finding) => [finding.id, finding]));
  return original.map((finding) => changed.get(finding.id) ?? finding);
}

/** What some statements of a workload have cost, as a part of all. */
export function loadOf(statements: readonly WorkloadStatement[], workload: readonly WorkloadStatement[]): Load {
  const time = (list: readonly WorkloadStatement[]): number => list.reduce((sum, { totalTimeMs }) => sum + totalTimeMs, 0);
  const totalTimeMs = time(statements);
  const all = time(workload);
  const calls = statements.reduce((sum, statement) => sum + statement.calls, 0);
  return { statements: statements.length, calls, totalTimeMs, share: all > 0 ? totalTimeMs / all : 0 };
}

export function isCancelled(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof Error && error.name === "AbortError");
}

/** One line of a long statement: what it reads from tells more than its list of columns. */
export function shortened(sql: string, length = 100): string {
  const line = sql.split(/\s+/).join(" ").trim();
  if (line.length <= length) return line;
  const from = fromClause(sql);
  const told = from === undefined ? line : `SELECT … ${sql.slice(from).split(/\s+/).join(" ").trim()}`;
  return told.length <= length ? told : `${told.slice(0, length - 1)}…`;
}

/** Offset of a SELECT's own FROM. */
function fromClause(sql: string): number | undefined {
  const source = {
    file: "",
    text: sql,
    origin: "user",
    placeholders: ["dollar"],
    toSource: (offset: number) => offset,
    scope: "",
  } as const;
  const [statement] = parseStatements(source).statements;
  const [first, ...tokens] = statement?.tokens ?? [];
  if (!statement || first?.text.toLowerCase() !== "select") return undefined;
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth++;
    else if (token.text === ")") depth--;
    else if (depth === 0 && token.keyword && token.text.toLowerCase() === "from") return statement.toFile(token.start);
  }
  return undefined;
}
