import { resolve } from "node:path";
import { OptimizerError } from "#protocol/failure";
import type { AnalyzerName, Machine } from "#protocol/report";
import { fullReportText, plain, reportMarkdown, reportText } from "../../report/index.js";
import { writeAtomically } from "../../operations/index.js";
import { chooseConnection } from "../connection.js";
import type { ConnectionOptions } from "../connectionOptions.js";
import type { Environment } from "../environment.js";
import { exitOfFindings, type FailOn } from "../exit.js";
import { relativeTo, targetOf } from "../paths.js";
import { relativiseReport } from "../relativise.js";
import { withSession } from "../session.js";
import type { z } from "zod";

export interface OptimizeFlags extends ConnectionOptions {
  readonly profile?: boolean;
  readonly fixN1?: boolean;
  readonly indexes?: boolean;
  readonly full?: boolean;
  readonly depth?: number;
  readonly apply: boolean;
  readonly analyzer?: z.infer<typeof AnalyzerName>[];
  readonly format: "text" | "markdown" | "json";
  readonly output?: string;
  readonly failOn?: FailOn;
  readonly verbose: boolean;
  /** Bytes. */
  readonly ram?: number;
  readonly cpus?: number;
  readonly storage?: Machine["storage"];
}

export async function optimize(environment: Environment, paths: string[], flags: OptimizeFlags, help: string): Promise<number> {
  const focus = focusOf(flags);
  if (!focus) {
    if (paths.length === 0) throw new OptimizerError({ kind: "usage", message: "Say what to do.", advice: `\n${help}` });
    throw new OptimizerError({
      kind: "usage",
      message: `"${paths[0]}" is no command.`,
      advice:
        "Commands: check, sql, explain, plan, slow, rules, sample. To analyse a folder name one of --profile, --fix-n1, --indexes, --full.",
    });
  }
  const target = targetOf(paths, environment.cwd);
  const connection = await chooseConnection(flags, environment, { optional: true });
  return withSession(environment, { folders: target.folders, connection }, async (session) => {
    const id = connection ? await session.connect() : undefined;
    const report = await session.run("optimize", {
      focus,
      paths: [...target.paths],
      apply: flags.apply,
      ...(flags.depth === undefined ? {} : { depth: flags.depth }),
      ...(id === undefined ? {} : { connection: id }),
      ...machineOf(flags),
      ...(flags.analyzer ? { analyzers: flags.analyzer } : {}),
    });
    const relative = relativeTo(target.base);
    const shown = relativiseReport(report, relative);
    const source = (file: string): string | undefined => session.workspace.textOf(resolve(target.base, file));
    const style = flags.output === undefined ? session.style : plain;
    const text = {
      text: () => (flags.verbose ? fullReportText : reportText)(shown, source, environment.stdout.columns ?? 120, style),
      markdown: () => reportMarkdown(shown).trimEnd(),
      json: () => JSON.stringify(shown, null, 2),
    }[flags.format]();
    if (flags.output === undefined) await session.print(text);
    else {
      await writeAtomically(resolve(environment.cwd, flags.output), `${text}\n`);
      await session.note(`Wrote ${flags.output}.`);
    }
    return exitOfFindings(report.findings, flags.failOn ?? "never");
  });
}

function machineOf({ ram, cpus, storage }: OptimizeFlags): { machine?: Machine } {
  if (ram === undefined && cpus === undefined && storage === undefined) return {};
  return { machine: { memoryBytes: ram, cpus, storage } };
}

function focusOf(flags: OptimizeFlags): "profile" | "fix-n1" | "indexes" | "full" | undefined {
  if (flags.profile) return "profile";
  if (flags.fixN1) return "fix-n1";
  if (flags.indexes) return "indexes";
  return flags.full ? "full" : undefined;
}
