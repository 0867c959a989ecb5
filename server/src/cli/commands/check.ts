import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { OperationOutput } from "#protocol/operations";
import { checkJson, count, findingsText, sarif, summaryText } from "../../report/index.js";
import { combineSafeFixes, writeBaseline, writeEdits } from "../../operations/index.js";
import { readProjectSettings, type ProjectSettings } from "../../workspace/index.js";
import type { Environment } from "../environment.js";
import { exit, exitOfFindings, type FailOn } from "../exit.js";
import { relativeTo, targetOf } from "../paths.js";
import { relativiseFinding } from "../relativise.js";
import { withSession, type Session } from "../session.js";

export interface CheckFlags {
  readonly format: "text" | "json" | "sarif";
  readonly failOn?: FailOn;
  readonly rule?: string[];
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly since?: string;
  readonly includeTests?: boolean;
  readonly includePossible?: boolean;
  readonly fix: boolean;
  readonly cache: boolean;
}

type Result = OperationOutput<"check">;

/** Edits can make room for others that clashed with them; real files settle in two rounds. */
const mostRounds = 10;

export async function check(environment: Environment, paths: string[], flags: CheckFlags): Promise<number> {
  const target = targetOf(paths, environment.cwd);
  // Bad settings are named by the check itself, with all other warnings.
  const project = readProjectSettings(target.folders[0]!, [], () => undefined);
  return withSession(environment, { folders: target.folders, cache: flags.cache }, async (session) => {
    const relative = relativeTo(target.base);
    const run = (): Promise<Result> => session.run("check", inputOf(flags, project, target.paths, environment.cwd));
    let result = await run();
    if (flags.fix) result = await fix(session, result, run, relative);
    for (const { file, message } of result.warnings) {
      await session.note(`${session.style.yellow("warning")}: ${file === undefined ? "" : `${relative(file)}: `}${message}`);
    }
    if (flags.writeBaseline !== undefined) {
      const top = relativeTo(target.folders[0]!);
      await writeBaseline(resolve(environment.cwd, flags.writeBaseline), result.findings, top);
      await session.note(`Wrote ${count(result.findings.length, "finding")} to ${flags.writeBaseline}.`);
    }
    await print(session, result, flags, relative, target.base, environment.version);
    if (flags.writeBaseline !== undefined) return exit.clean;
    return exitOfFindings(result.findings, flags.failOn ?? project.failOn ?? "warning");
  });
}

function inputOf(flags: CheckFlags, project: ProjectSettings, paths: readonly string[], cwd: string) {
  // A new baseline holds all there is, also what the old one held.
  const known = flags.writeBaseline === undefined ? project.baseline : undefined;
  const baseline = flags.baseline === undefined ? known : resolve(cwd, flags.baseline);
  return {
    paths: [...paths],
    ...(flags.includeTests ? { includeTests: true } : {}),
    ...(flags.includePossible ? { includePossible: true } : {}),
    ...(flags.rule ? { rules: flags.rule } : {}),
    ...(baseline === undefined ? {} : { baseline }),
    ...(flags.since === undefined ? {} : { since: flags.since }),
  };
}

async function fix(session: Session, first: Result, run: () => Promise<Result>, relative: (file: string) => string): Promise<Result> {
  const { workspace, context } = session;
  const files = new Set<string>();
  let result = first;
  for (let round = 0; round < mostRounds; round++) {
    const edits = combineSafeFixes(result.findings);
    if (edits.length === 0) break;
    const applied = await writeEdits(edits, (file) => workspace.textOf(file), context.signal);
    for (const { file, message } of applied.skipped)
      await session.note(`${session.style.yellow("warning")}: ${relative(file)}: ${message}`);
    if (applied.files.length === 0) break;
    for (const file of applied.files) files.add(file);
    workspace.invalidate(applied.files);
    result = await run();
  }
  const fixed = first.findings.filter((finding) => !result.findings.some((left) => left.id === finding.id)).length;
  await session.note(`Fixed ${count(fixed, "finding")} in ${count(files.size, "file")}.`);
  return result;
}

async function print(
  session: Session,
  result: Result,
  flags: CheckFlags,
  relative: (file: string) => string,
  base: string,
  version: string,
): Promise<void> {
  const findings = result.findings.map((finding) => relativiseFinding(finding, relative));
  if (flags.format === "json") return session.print(checkJson(findings, result.files, result.elapsedMs));
  if (flags.format === "sarif") {
    const { rules } = await session.run("listRules", {});
    return session.print(sarif(findings, rules, version, `${pathToFileURL(base).href}/`));
  }
  const absolute = new Map(result.findings.map((finding) => [relative(finding.file), finding.file]));
  const source = (file: string): string | undefined => session.workspace.textOf(absolute.get(file) ?? file);
  if (findings.length > 0) await session.print(findingsText(findings, source, session.style));
  const known = result.baselined > 0 ? ` ${count(result.baselined, "finding")} in the baseline.` : "";
  await session.print(summaryText(findings, result.files, result.elapsedMs, session.style) + known);
}
