import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "../database/support/server.js";
import { readPrograms, type Program } from "./programs.js";
import { versions } from "./python.js";
import { readReportOptions } from "./reportOptions.js";
import { ProgramRunner } from "./runner.js";
import { judgeProgram } from "./execution.js";
import type { Verdict } from "./verdict.js";

type Checker = typeof import("./verdict.js");
const nothing: Verdict = { truth: [], found: [], missed: [], extra: [], fixes: 0, fix: [] };

/** Judges programs and prints a line for each; the exit code says whether every program does what its marks say. */
export async function report(args: string[], loadChecker: () => Promise<Checker>): Promise<number> {
  const options = readReportOptions(args, "open");
  // Loaded only when it is asked: programs can be written while the checker does not compile.
  const checker = options.truth ? undefined : await loadChecker();
  const programs = readPrograms(options.prefix);
  const all = programs.length === readPrograms().length;
  const verdicts = await judgeAll(programs, options.version, checker, (program, verdict) => {
    console.log(line(program, verdict, checker));
    if (options.details || verdict.truth.length > 0) for (const text of details(verdict)) console.log(`      ${text}`);
  });
  console.log(`\n${summary(programs, verdicts, checker)}`);
  if (options.write && all && checker) writeOpen(verdicts, checker);
  return [...verdicts.values()].every(({ truth }) => truth.length === 0) ? 0 : 1;
}

async function judgeAll(
  programs: readonly Program[],
  only: string | undefined,
  checker: Checker | undefined,
  tell: (program: Program, verdict: Verdict) => void,
) {
  const server = await startServer(15);
  const runners = new Map(
    versions.filter((version) => !only || version === only).map((version) => [version, new ProgramRunner(version, server.port)]),
  );
  const verdicts = new Map<string, Verdict>();
  try {
    for (const program of programs) {
      const verdict = checker ? await checker.judge(program, runners) : { ...nothing, truth: (await judgeProgram(program, runners)).truth };
      verdicts.set(program.id, verdict);
      tell(program, verdict);
    }
  } finally {
    for (const runner of runners.values()) await runner.stop();
    await server.stop();
  }
  return verdicts;
}

function line({ id, expected }: Program, verdict: Verdict, checker: Checker | undefined): string {
  const { truth, found, missed, extra, fixes, fix } = verdict;
  if (!checker) return `${id.padEnd(48)} ${truth.length === 0 ? "true" : "FALSE"}`;
  const said = expected.length === 0 && extra.length === 0 ? "silent" : `found ${found.length}/${expected.length}`;
  const words = [
    truth.length === 0 ? "true " : "FALSE",
    checker.failures(verdict).length === 0 ? "pass" : "open",
    said.padEnd(10),
    missed.length > 0 ? `missed ${missed.length}` : "",
    extra.length > 0 ? `extra ${extra.length}` : "",
    fixes > 0 ? `fix ${fix.length === 0 ? "ok" : "WRONG"}` : "",
  ];
  return `${id.padEnd(48)} ${words.join("  ").trimEnd()}`;
}

function details({ truth, missed, extra, fix }: Verdict): string[] {
  const named = (name: string, texts: readonly string[]) => texts.map((text) => `${name}: ${text.replaceAll("\n", "\n        ")}`);
  return [...named("truth", truth), ...named("missed", missed), ...named("extra", extra), ...named("fix", fix)];
}

function summary(programs: readonly Program[], verdicts: ReadonlyMap<string, Verdict>, checker: Checker | undefined): string {
  const positives = programs.filter(({ expected }) => expected.length > 0);
  const list = [...verdicts.values()];
  const sum = (of: (verdict: Verdict) => number) => list.reduce((total, verdict) => total + of(verdict), 0);
  const counts = [
    `${programs.length} programs: ${positives.length} positive, ${programs.length - positives.length} negative;`,
    `${list.filter(({ truth }) => truth.length === 0).length} true;`,
  ];
  if (checker) {
    const passing = list.filter((verdict) => verdict.truth.length === 0 && checker.failures(verdict).length === 0).length;
    counts.push(
      `${passing} pass, ${programs.length - passing} open;`,
      `findings: ${sum(({ found }) => found.length)} found, ${sum(({ missed }) => missed.length)} missed, ${sum(({ extra }) => extra.length)} extra;`,
      `fixes: ${sum(({ fixes }) => fixes)} offered, ${list.filter(({ fix }) => fix.length > 0).length} programs wrong after them`,
    );
  }
  return counts.join(" ");
}

function writeOpen(verdicts: ReadonlyMap<string, Verdict>, { failures }: Checker): void {
  const open = [...verdicts].filter(([, verdict]) => failures(verdict).length > 0).map(([id, verdict]) => [id, failures(verdict)]);
  writeFileSync(join(import.meta.dirname, "programs/open.json"), `${JSON.stringify(Object.fromEntries(open), null, 2)}\n`);
}
