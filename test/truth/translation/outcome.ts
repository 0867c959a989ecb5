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

const fileOf = (name: string) => join(import.meta.dirname, `${name}.json`);
const listed = (name: string) => JSON.parse(readFileSync(fileOf(name), "utf8")) as Refused;
export const listedRefused = (): Refused => listed("refused");
export const listedAbsent = (): Refused => listed("absent");

/** By their heading, sorted; what is so in one version only says so. */
function byHeading(found: readonly Outcome[], entries: (outcome: Outcome) => readonly (readonly [heading: string, id: string])[]): Refused {
  const headings = new Map<string, Map<string, Set<string>>>();
  for (const outcome of found)
    for (const [heading, id] of entries(outcome)) {
      const ids = headings.get(heading) ?? new Map<string, Set<string>>();
      headings.set(heading, ids.set(id, (ids.get(id) ?? new Set<string>()).add(outcome.version)));
    }
  const named = [...headings].map(([heading, ids]) => {
    const list = [...ids].map(([id, seen]) => (seen.size === found.length ? id : `${id} [${[...seen].join(", ")}]`));
    return [heading, list.sort()] as const;
  });
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is refused, by reason. */
export const refusedOf = (found: readonly Outcome[]): Refused =>
  byHeading(found, ({ verdicts }) =>
    verdicts.flatMap(({ outcome, id, reasons: [reason = ""] }) => (outcome === "refused" ? [[reason, id] as const] : [])),
  );

/** What loading causes without our saying so, though the query itself is translated, by what is loaded. */
export const absentOf = (found: readonly Outcome[]): Refused =>
  byHeading(found, ({ causes }) =>
    causes.verdicts.flatMap(({ outcome, id, real }) => {
      const [query = id] = id.split(" → ");
      return outcome === "absent" ? [[`${real.kind} ${real.loads ?? ""}`.trim(), query] as const] : [];
    }),
  );

export async function writeLists(found: readonly Outcome[]): Promise<void> {
  for (const [name, list] of [
    ["refused", refusedOf(found)],
    ["absent", absentOf(found)],
  ] as const) {
    const options = await resolveConfig(fileOf(name));
    writeFileSync(fileOf(name), await format(JSON.stringify(list), { ...options, parser: "json" }));
  }
}
