import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { TranslatedQuery } from "#protocol/translation";
import type { TestServer } from "../../database/support/server.js";
import { initSql } from "../../../server/src/sql/index.js";
import { versions, type SqlAlchemyVersion } from "../python.js";
import { judgeCauses, type JudgedCauses } from "./causes.js";
import { judgeAll, type Unproven, type Verdict } from "./judge.js";
import { record, type Recording } from "./recording.js";
import { compareRows } from "./rows.js";

/** What one version of SQLAlchemy sends, and what the translator says about it. */
export interface Outcome {
  readonly version: SqlAlchemyVersion;
  readonly recordings: readonly Recording[];
  readonly verdicts: readonly Verdict[];
  readonly unproven: readonly Unproven[];
  /** What is said about the statements that loading causes. */
  readonly causes: JudgedCauses;
}

export interface OutcomeOptions {
  /** Only files whose path begins so. */
  readonly prefix?: string;
  readonly versions?: readonly SqlAlchemyVersion[];
}

type Translate = (version: SqlAlchemyVersion, prefix?: string) => Promise<TranslatedQuery[]>;

/** Without `translate` only real SQLAlchemy is asked. */
export async function outcomes(server: TestServer, translate: Translate | undefined, options: OutcomeOptions = {}): Promise<Outcome[]> {
  await initSql();
  const asked = options.versions ?? versions;
  const recorded = await Promise.all(
    asked.map(async (version) => ({ version, recordings: await record(server, version, options.prefix) })),
  );
  const found: Outcome[] = [];
  for (const { version, recordings } of recorded)
    found.push(await judged(server, version, recordings, await translate?.(version, options.prefix)));
  return found;
}

export async function judged(
  server: TestServer,
  version: SqlAlchemyVersion,
  recordings: readonly Recording[],
  queries: readonly TranslatedQuery[] | undefined,
): Promise<Outcome> {
  if (!queries) return { version, recordings, verdicts: [], unproven: [], causes: { verdicts: [], unproven: [] } };
  const { verdicts, unproven } = judgeAll(recordings, queries);
  const rows = await compareRows(server, version, recordings, verdicts);
  const withRows = verdicts.map((verdict) => {
    const reasons = verdict.outcome === "right" ? rows.get(verdict.id) : undefined;
    return reasons ? { ...verdict, outcome: "wrong" as const, reasons } : verdict;
  });
  return { version, recordings, verdicts: withRows, unproven, causes: judgeCauses(verdicts) };
}

/** By reason, the statements that the translator refuses to translate. */
export type Refused = Readonly<Record<string, readonly string[]>>;

const refusedFile = join(import.meta.dirname, "refused.json");

export const listedRefused = (): Refused => JSON.parse(readFileSync(refusedFile, "utf8")) as Refused;

/** What is refused in one version only says so. */
export function refusedOf(found: readonly Outcome[]): Refused {
  const reasons = new Map<string, Map<string, Set<string>>>();
  for (const { version, verdicts } of found)
    for (const {
      outcome,
      id,
      reasons: [reason = ""],
    } of verdicts) {
      if (outcome !== "refused") continue;
      const ids = reasons.get(reason) ?? new Map<string, Set<string>>();
      reasons.set(reason, ids.set(id, (ids.get(id) ?? new Set<string>()).add(version)));
    }
  const named = [...reasons].map(([reason, ids]) => {
    const list = [...ids].map(([id, seen]) => (seen.size === found.length ? id : `${id} [${[...seen].join(", ")}]`));
    return [reason, list.sort()] as const;
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function writeRefused(found: readonly Outcome[]): Promise<void> {
  const options = await resolveConfig(refusedFile);
  writeFileSync(refusedFile, await format(JSON.stringify(refusedOf(found)), { ...options, parser: "json" }));
}
