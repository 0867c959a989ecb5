import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { OperationOutput } from "#protocol/operations";
import { checkJson, count, findingsText, sarif, summaryText } from "../../report/index.js";
import { applySafeFixes, writeBaseline } from "../../operations/index.js";
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

export async function check(environment: Environment, paths: string[], flags: CheckFlags): Promise<number> {
  const target = targetOf(paths, environment.cwd);
  // Bad settings are named by the check itself, with all other warnings.
  const project = readProjectSettings(target.folders[0]!, [], () => undefined);
  return withSession(environment, { folders: target.folders, cache: flags.cache }, async (session) => {
    const relative = relativeTo(target.base);
    const run = (): Promise<Result> => session.run("check", inputOf(flags, project, target.paths, environment.cwd));
    let result = await run();
    if (flags.fix) result = await fix(session, result, run, relative);
    if (result.files === 0)
      await session.note(
        `${session.style.yellow("warning")}: No Python or SQL file stands there, so nothing was checked. Name a folder or files with code.`,
      );
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
  let result = first;
  const { files, skipped } = await applySafeFixes({
    findings: first.findings,
    check: async () => (result = await run()).findings,
    textOf: (file) => workspace.textOf(file),
    invalidate: (changed) => workspace.invalidate(changed),
    signal: context.signal,
  });
  for (const { file, message } of skipped) await session.note(`${session.style.yellow("warning")}: ${relative(file)}: ${message}`);
  const fixed = first.findings.filter((finding) => !result.findings.some((left) => left.id === finding.id)).length;
  await session.note(`Fixed ${count(fixed, "finding")} in ${count(files.length, "file")}.`);
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
