import { readFile } from "node:fs/promises";
import { z } from "zod";
import { OptimizerError } from "#protocol/failure";
import type { Finding } from "#protocol/finding";
import { ioReason } from "../workspace/warning.js";
import { writeAtomically } from "./files.js";

/** What is known already. Only `id` decides; the rest is for the reader of a diff. */
const Baseline = z.object({
  version: z.literal(1),
  findings: z.array(z.object({ id: z.string(), rule: z.string(), file: z.string(), message: z.string() })),
});

/** The ids in a baseline file. */
export async function readBaseline(file: string): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw usage(`The baseline ${file} cannot be read: ${ioReason(error)}.`, "Write one with `db-optimize check --write-baseline FILE`.");
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw usage(`The baseline ${file} is no JSON.`, "Write it again with `db-optimize check --write-baseline FILE`.");
  }
  const parsed = Baseline.safeParse(json);
  if (!parsed.success) {
    throw usage(`${file} is no baseline of this version.`, "Write it again with `db-optimize check --write-baseline FILE`.");
  }
  return new Set(parsed.data.findings.map((finding) => finding.id));
}

/** `relative` makes paths that are the same on every machine. Sorted, so that a diff shows what came and went. */
export async function writeBaseline(file: string, findings: readonly Finding[], relative: (path: string) => string): Promise<void> {
  const entries = findings
    .map((finding) => ({ id: finding.id, rule: finding.rule, file: relative(finding.file), message: finding.message }))
    .sort((a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(a.id, b.id));
  const baseline: z.input<typeof Baseline> = { version: 1, findings: entries };
  await writeAtomically(file, `${JSON.stringify(baseline, null, 2)}\n`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
