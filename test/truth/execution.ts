import type { Program } from "./programs.js";
import type { ProgramAnswer, ProgramRunner } from "./runner.js";
import { judgeTruth } from "./truth.js";

/** By SQLAlchemy version. */
export type Runners = ReadonlyMap<string, ProgramRunner>;

/** What is wrong with the program itself, by SQLAlchemy version. The checker is not asked. */
export async function judgeProgram(program: Program, runners: Runners): Promise<{ truth: string[]; before: Map<string, ProgramAnswer> }> {
  const before = await onEach(runners, (runner) => runner.run(program.id, program.files, program.seed));
  const { fixed } = program;
  const repaired = fixed ? await onEach(runners, (runner) => runner.run(program.id, fixed, program.seed)) : undefined;
  const truth = [...before].flatMap(([version, answer]) =>
    judgeTruth(program, answer, repaired?.get(version)).map((text) => `${version}: ${text}`),
  );
  return { truth, before };
}

export async function onEach<T>(runners: Runners, run: (runner: ProgramRunner) => Promise<T>): Promise<Map<string, T>> {
  const answers = await Promise.all([...runners].map(async ([version, runner]) => [version, await run(runner)] as const));
  return new Map(answers);
}
