import { check as contract } from "#protocol/operations";
import type { Finding } from "#protocol/finding";
import { readBaseline } from "./baseline.js";
import { ChangedLines } from "./changedLines.js";
import { operation } from "./operation.js";
import { absoluteIn } from "./paths.js";

/** Findings of the project's text. Files are absolute on both sides; a relative one is taken from the workspace's first folder. */
export const check = operation(contract, async (input, context) => {
  const started = context.now().getTime();
  const { workspace, signal } = context;
  const absolute = absoluteIn(workspace);
  // Both can fail for reasons that the user mends at once: before the work, not after it.
  const known = input.baseline === undefined ? undefined : await readBaseline(absolute(input.baseline));
  const changed = input.since === undefined ? undefined : await ChangedLines.since(workspace.folders, input.since, signal);
  const result = await workspace.check({
    paths: input.paths.map(absolute),
    includeTests: input.includeTests,
    includePossible: input.includePossible,
    ...(input.rules ? { rules: input.rules } : {}),
    signal,
    progress: context.progress,
  });
  const touched = changed ? result.findings.filter((finding) => changed.touches(finding.file, finding)) : result.findings;
  const findings = known ? touched.filter((finding) => !known.has(finding.id)) : touched;
  return {
    findings: [...findings].sort(byPlace),
    files: result.files,
    elapsedMs: context.now().getTime() - started,
    warnings: result.warnings.map(({ file, message }) => ({ file, message })),
    baselined: touched.length - findings.length,
  };
});

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : 1);
}
