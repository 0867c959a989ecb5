import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Finding } from "#protocol/finding";
import { createWorkspace } from "../../server/src/workspace/index.js";
import { applyFixes } from "../unit/rules/support/project.js";
import type { Expectation, ProgramFiles } from "./programs.js";
import { family } from "./truth.js";

/** What the checker says about a program's folder. */
export interface Checked {
  /** Certain and likely ones of the N+1 family, with paths relative to the folder. */
  readonly findings: readonly Finding[];
  /** Files that were left out, or do not parse. */
  readonly warnings: readonly string[];
}

export async function checkFolder(files: ProgramFiles): Promise<Checked> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "db-optimize-truth-")));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const workspace = await createWorkspace({ folders: [folder], workers: 0, log: () => undefined });
    try {
      const { signal } = new AbortController();
      const { findings, warnings } = await workspace.check({ paths: [], includeTests: false, includePossible: false, signal });
      const own = findings.filter(({ rule, certainty }) => family.has(rule) && certainty !== "possible");
      return {
        findings: own.map((finding) => relativeTo(folder, finding)),
        warnings: warnings.map(({ file, message }) => `${file === undefined ? "" : `${relative(folder, file)}: `}${message}`),
      };
    } finally {
      await workspace.dispose();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function relativeTo(folder: string, finding: Finding): Finding {
  const edits = (list: Finding["fixes"][number]["edits"]) => list.map((edit) => ({ ...edit, file: relative(folder, edit.file) }));
  return {
    ...finding,
    file: relative(folder, finding.file),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: edits(fix.edits) })),
  };
}

export interface Compared {
  readonly found: readonly Finding[];
  readonly missed: readonly Expectation[];
  readonly extra: readonly Finding[];
}

/** Each expectation takes one finding; what is left on either side is wrong. */
export function compare(expected: readonly Expectation[], findings: readonly Finding[]): Compared {
  const left = [...findings];
  const found: Finding[] = [];
  const missed: Expectation[] = [];
  for (const one of expected) {
    const fitting = left.filter(
      ({ rule, file, line }) => one.rules.includes(rule) && one.places.some((place) => place.file === file && place.line === line),
    );
    // Two on one line are told apart by the attribute that they name.
    const best = fitting.find(({ message }) => one.label !== undefined && message.includes(one.label)) ?? fitting[0];
    if (!best) missed.push(one);
    else {
      found.push(best);
      left.splice(left.indexOf(best), 1);
    }
  }
  return { found, missed, extra: left };
}

export const isFixable = (finding: Finding): boolean => finding.fixes.some(({ applicability }) => applicability !== "displayOnly");

/** The program after the fixes of these findings, safe or not. */
export function mend(files: ProgramFiles, findings: readonly Finding[]): ProgramFiles {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }));
  return Object.fromEntries(applyFixes(list, findings).map(({ path, text }) => [path, text]));
}
