import { startServer } from "../../database/support/server.js";
import { versions } from "../python.js";
import { readReportOptions } from "../reportOptions.js";
import type { CauseVerdict, JudgedCauses } from "./causes.js";
import type { Verdict } from "./judge.js";
import { outcomes, refusedOf, writeLists, type Outcome } from "./outcome.js";
import { difference } from "./difference.js";

/** Prints a line for each file of the corpus and version; the exit code says whether nothing is wrong. */
export async function report(args: string[], loadTranslator: () => Promise<typeof import("./translator.js")>): Promise<number> {
  const options = readReportOptions(args, "refused");
  const { prefix = "" } = options;
  const asked = versions.filter((version) => options.version === undefined || version === options.version);
  // Loaded only when it is asked: the corpus can grow while the translator does not compile.
  const translator = options.truth ? undefined : await loadTranslator();
  const server = await startServer(15);
  let found: Outcome[];
  try {
    found = await outcomes(server, translator?.translateCorpus, { prefix, versions: asked });
  } finally {
    await server.stop();
  }
  for (const outcome of found) print(outcome, options.details);
  printRefused(found);
  if (options.write && prefix === "" && asked.length === versions.length && !options.truth) await writeLists(found);
  const failing = found.flatMap(({ recordings, verdicts }) => [
    ...recordings.filter(({ error }) => error !== undefined),
    ...verdicts.filter(({ outcome }) => outcome === "wrong"),
  ]);
  const falseCauses = found.flatMap(({ causes }) => causes.verdicts.filter(({ outcome }) => outcome === "wrong"));
  return failing.length + falseCauses.length === 0 ? 0 : 1;
}

function print(outcome: Outcome, withDetails: boolean): void {
  const { version, recordings, verdicts, unproven, causes } = outcome;
  console.log(`SQLAlchemy ${version}`);
  const totals: Counts[] = [];
  for (const file of [...new Set(recordings.map(({ file }) => file))].sort()) {
    const counts = countsOf(file, outcome);
    totals.push(counts);
    console.log(lineOf(file, counts, verdicts.length > 0));
    for (const { function: name, error } of recordings.filter((one) => one.file === file && one.error !== undefined))
      console.log(`      ${name} ends with ${error?.trim().replaceAll("\n", "\n        ")}`);
    for (const verdict of verdicts.filter(({ recording }) => recording.file === file))
      if (verdict.outcome === "wrong" || (withDetails && verdict.outcome === "refused")) console.log(detailsOf(verdict));
    if (withDetails)
      for (const { query, sql, when } of unproven.filter((one) => one.query.file === file))
        console.log(`    unproven ${query.file}:${query.line}${when === "" ? "" : ` (${when})`}\n      ${sql.replaceAll(/\s+/g, " ")}`);
  }
  const sum = Object.fromEntries(keys.map((key) => [key, totals.reduce((total, counts) => total + counts[key], 0)])) as unknown as Counts;
  console.log(lineOf("all", sum, verdicts.length > 0));
  printCauses(causes, withDetails);
}

function printCauses({ verdicts, unproven }: JudgedCauses, withDetails: boolean): void {
  const count = (outcome: CauseVerdict["outcome"], kind?: string) =>
    verdicts.filter((one) => one.outcome === outcome && (kind === undefined || one.real.kind === kind)).length;
  for (const kind of [undefined, ...new Set(verdicts.map(({ real }) => real.kind))])
    console.log(
      `  ${(kind ?? "caused by loading").padEnd(20)} ${count("right", kind)} right ${count("wrong", kind)} wrong ${count("absent", kind)} absent ${count("untold", kind)} of queries that are refused`,
    );
  console.log(`  ${unproven.length} causes that no row caused\n`);
  for (const { outcome, id, real, sql } of verdicts) {
    if (outcome === "right" || outcome === "untold" || (outcome === "absent" && !withDetails)) continue;
    const lines = sql === undefined ? [`sent: ${real.bare}`] : difference(sql, real.bare);
    console.log([`    ${outcome} ${id}`, ...lines.map((line) => `      ${line.replaceAll(/\s*\n\s*/g, " ")}`)].join("\n"));
  }
  if (withDetails)
    for (const { id, cause } of unproven) console.log(`    unproven ${id} ${cause.kind} ${cause.relationship ?? ""}: ${cause.sql}`);
}

const keys = ["functions", "own", "caused", "right", "refused", "wrong", "unproven", "named"] as const;
type Counts = Readonly<Record<(typeof keys)[number], number>>;

/** Statements of several calls of one function are several: each is a variant. */
function countsOf(file: string, { recordings, verdicts, unproven }: Outcome): Counts {
  const calls = recordings.filter((one) => one.file === file);
  const mine = verdicts.filter(({ recording }) => recording.file === file);
  const statements = calls.flatMap((call) => call.statements);
  const own = statements.filter(({ kind }) => kind === "own" || kind === "get").length;
  return {
    functions: new Set(calls.map((call) => call.function)).size,
    own,
    caused: statements.length - own,
    right: mine.filter(({ outcome }) => outcome === "right").length,
    refused: mine.filter(({ outcome }) => outcome === "refused").length,
    wrong: mine.filter(({ outcome }) => outcome === "wrong").length,
    unproven: unproven.filter(({ query }) => query.file === file).length,
    named: mine.filter(({ outcome, sameNames }) => outcome === "right" && sameNames).length,
  };
}

function lineOf(name: string, counts: Counts, judged: boolean): string {
  const { functions, own, caused, right, refused, wrong, unproven, named } = counts;
  const sent = `${String(functions).padStart(4)} functions ${String(own).padStart(4)} own ${String(caused).padStart(3)} caused`;
  const verdict = `${String(right).padStart(4)} right ${String(refused).padStart(3)} refused ${String(wrong).padStart(3)} wrong`;
  return `  ${name.padEnd(26)} ${sent}${judged ? `  ${verdict} ${String(unproven).padStart(3)} unproven, ${named} with its names` : ""}`;
}

function detailsOf({ id, outcome, reasons, statement, sql, recording }: Verdict): string {
  const lines = [`    ${outcome} ${id} (call ${recording.call + 1}): ${reasons.join("; ")}`];
  if (sql === undefined) lines.push(`sent: ${statement.bare}`);
  else lines.push(...difference(sql, statement.bare));
  return lines.map((line, index) => (index === 0 ? line : `      ${line.replaceAll(/\s*\n\s*/g, " ")}`)).join("\n");
}

function printRefused(found: readonly Outcome[]): void {
  const refused = Object.entries(refusedOf(found)).sort(([, a], [, b]) => b.length - a.length);
  if (refused.length === 0) return;
  console.log("Refused, by reason:");
  for (const [reason, ids] of refused) console.log(`  ${String(ids.length).padStart(4)}  ${reason}`);
}
