import type { Finding } from "#protocol/finding";
import { checkFolder, compare, isFixable, mend } from "./checker.js";
import type { Program } from "./programs.js";
import { judgeProgram, onEach, type Runners } from "./execution.js";
import type { ProgramAnswer } from "./runner.js";
import { judgeRepair } from "./truth.js";

/** How a program fares: what is wrong with it itself, and what the checker gets wrong about it. */
export interface Verdict {
  /** By SQLAlchemy version; the program or its expectations are to blame. */
  readonly truth: readonly string[];
  readonly found: readonly string[];
  readonly missed: readonly string[];
  readonly extra: readonly string[];
  /** How many findings offered a fix, and what is wrong after it. */
  readonly fixes: number;
  readonly fix: readonly string[];
}

/** The kinds in which the checker fails, as programs/open.json lists them. */
export function failures({ missed, extra, fix }: Verdict): string[] {
  return [...(missed.length > 0 ? ["missed"] : []), ...(extra.length > 0 ? ["extra"] : []), ...(fix.length > 0 ? ["fix"] : [])];
}

export async function judge(program: Program, runners: Runners): Promise<Verdict> {
  const { truth, before } = await judgeProgram(program, runners);
  const { findings, warnings } = await checkFolder(program.files);
  const compared = compare(program.expected, findings);
  const fixable = compared.found.filter(isFixable);
  return {
    truth,
    found: compared.found.map(described),
    missed: compared.missed.map(
      ({ rules, places }) => `${places.map(({ file, line }) => `${file}:${line}`).join(" or ")} ${rules.join("|")}`,
    ),
    // What runs needs no warning.
    extra: [...warnings, ...compared.extra.map(described)],
    fixes: fixable.length,
    fix: fixable.length > 0 && truth.length === 0 ? await judgeFix(program, fixable, compared.found.length, before, runners) : [],
  };
}

const described = ({ file, line, rule, certainty, message }: Finding): string => `${file}:${line} ${rule} (${certainty}) ${message}`;

async function judgeFix(
  program: Program,
  fixable: readonly Finding[],
  all: number,
  before: ReadonlyMap<string, ProgramAnswer>,
  runners: Runners,
): Promise<string[]> {
  const files = mend(program.files, fixable);
  const checked = await checkFolder(files);
  const complaints = checked.warnings.map((text) => `after the fix: ${text}`);
  const ids = new Set(fixable.map(({ id }) => id));
  for (const left of checked.findings) if (ids.has(left.id)) complaints.push(`still reported: ${described(left)}`);
  if (checked.findings.length > all - fixable.length) complaints.push(`${checked.findings.length} findings after the fix`);
  // What has no fix goes on; and what was not found cannot have been mended.
  const whole = fixable.length === program.expected.length;
  const after = await onEach(runners, (runner) => runner.run(program.id, files, program.seed));
  for (const [version, answer] of after) {
    const allowed = whole ? (program.settings.batched ? 3 : 0) : Number.POSITIVE_INFINITY;
    const wrong = judgeRepair(before.get(version)!, answer, program.settings.resultDiffers === true, allowed);
    complaints.push(...wrong.map((text) => `${version}: ${text}`));
  }
  if (complaints.length > 0) complaints.push(...changes(program.files, files));
  return complaints;
}

/** The lines that a fix wrote. */
function changes(before: Program["files"], after: Program["files"]): string[] {
  return Object.entries(after).flatMap(([path, text]) => {
    const old = new Set(before[path]?.split("\n"));
    return text.split("\n").flatMap((line, index) => (old.has(line) ? [] : [`${path}:${index + 1} | ${line}`]));
  });
}
