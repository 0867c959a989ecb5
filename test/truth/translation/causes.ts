import type { CausedStatement } from "#protocol/translation";
import { compareStatements } from "./compare.js";
import type { Verdict } from "./judge.js";
import type { CausedByLoading } from "./recording.js";

/** What is said about a statement that loading the rows of another one causes. */
export interface CauseVerdict {
  /** Of the statement whose rows are loaded, with what is loaded. */
  readonly id: string;
  readonly file: string;
  /** `untold`: the query's own statement is not translated, so nothing is said about what it causes. */
  readonly outcome: "right" | "wrong" | "absent" | "untold";
  readonly real: CausedByLoading;
  /** Our SQL, where it is wrong. */
  readonly sql?: string;
}

export interface JudgedCauses {
  readonly verdicts: readonly CauseVerdict[];
  /** Causes of query expressions whose rows were loaded, that no row caused: a table too empty, or a statement that is never sent. */
  readonly unproven: readonly { readonly id: string; readonly file: string; readonly cause: CausedStatement }[];
}

export function judgeCauses(verdicts: readonly Verdict[]): JudgedCauses {
  const proven = new Set<CausedStatement>();
  const found = verdicts.flatMap((verdict) => (verdict.statement.causes ?? []).flatMap((real) => judged(verdict, real, proven)));
  const loaded = verdicts.filter(({ statement, query }) => query && (statement.causes ?? []).length > 0);
  const seen = new Map(
    loaded.flatMap(({ query, id, recording }) => query!.causes.map((cause) => [cause, { id, file: recording.file, cause }])),
  );
  return { verdicts: found, unproven: [...seen.values()].filter(({ cause }) => !proven.has(cause)) };
}

function judged(verdict: Verdict, real: CausedByLoading, proven: Set<CausedStatement>): CauseVerdict[] {
  if (real.beyond) return [];
  const base = { id: `${verdict.id} → ${real.kind} ${real.loads ?? ""}`, file: verdict.recording.file, real };
  if (verdict.outcome !== "right" || !verdict.query) return [{ ...base, outcome: "untold" }];
  const fitting = verdict.query.causes.filter((cause) => cause.kind === real.kind && cause.relationship === real.loads);
  const same = fitting.filter(({ sql }) => compareStatements(sql, undefined, real, {}).complaints.length === 0);
  for (const cause of same) proven.add(cause);
  if (same.length > 0) return [{ ...base, outcome: "right" }];
  const [wrong] = fitting;
  return [wrong ? { ...base, outcome: "wrong", sql: wrong.sql } : { ...base, outcome: "absent" }];
}
