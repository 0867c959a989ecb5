import type { Finding } from "#protocol/finding";
import type { Recommendation } from "#protocol/report";
import type { AnalyzerContext } from "./analyzer.js";
import { format } from "../plan/index.js";
import { hash64 } from "../sql/text/hash.js";

export function recommendationId(...parts: readonly string[]): string {
  return hash64(JSON.stringify(parts));
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

export function isCancelled(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof Error && error.name === "AbortError");
}

/** One line of a long statement. */
export function shortened(sql: string, length = 100): string {
  const line = sql.split(/\s+/).join(" ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
