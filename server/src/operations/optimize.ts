import { join } from "node:path";
import { optimize as contract } from "#protocol/operations";
import type { Recommendation, Report } from "#protocol/report";
import { OptimizerError } from "#protocol/failure";
import type { Finding } from "#protocol/finding";
import { codeChangeId, orchestrate, type AnalyzerContext } from "../analyzers/index.js";
import { writeNew } from "./files.js";
import { applySafeFixes } from "./fixes.js";
import { operation, type OperationContext } from "./operation.js";
import { absoluteIn } from "./paths.js";
import { statementFinder } from "./statementOf.js";
import type { Alembic } from "../workspace/alembic.js";

/** Runs the analyzers side by side and, when asked, writes what is safe: fixes into files, new indexes into a new migration. */
export const optimize = operation(contract, async (input, context) => {
  const paths = input.paths.map(absoluteIn(context.workspace));
  const alembic = await context.workspace.alembic(context.signal);
  const now = context.now();
  const migration = alembic && { downRevision: alembic.head, revision: revisionId(now), createdAt: now.toISOString() };
  const report = await orchestrate({
    focus: input.focus,
    ...(input.depth === undefined ? {} : { depth: input.depth }),
    ...(input.analyzers ? { names: input.analyzers } : {}),
    context: {
      ...analyzerContext(input.connection, paths, context),
      ...(migration ? { migration } : {}),
      ...(input.machine ? { machine: input.machine } : {}),
    },
    progress: context.progress,
    now: context.now,
    ...(input.connection === undefined ? {} : { database: targetOf(input.connection, context) }),
  });
  return input.apply ? apply(report, paths, alembic, context) : report;
});

function targetOf(id: string, { connections }: OperationContext): string {
  return connections.list().find((connection) => connection.id === id)?.target ?? id;
}

type Shared = Omit<AnalyzerContext, "earlier" | "progress">;

/** Each of these is asked by several analyzers at once, and answered once. */
function analyzerContext(connection: string | undefined, paths: readonly string[], context: OperationContext): Shared {
  const { workspace, connections, signal, consent } = context;
  const check = once(() => workspace.check({ paths, includeTests: false, includePossible: false, signal }));
  const project = workspace.folders.length > 0 ? { project: check, statementOf: statementFinder(workspace) } : {};
  const projectCatalog = async (): Promise<Awaited<ReturnType<typeof check>>["catalog"]> =>
    workspace.folders.length > 0 ? (await check()).catalog : { source: { kind: "entities" }, tables: [], extensions: [] };
  if (connection === undefined) return { ...project, catalog: projectCatalog, consent, signal };
  const withSession: Shared["withSession"] = (use) => connections.lease(connection, signal, use);
  return {
    ...project,
    withSession,
    catalog: once(() => withSession((session) => session.catalog())),
    workload: once(() => withSession((session) => session.workload())),
    consent,
    signal,
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Alembic's own ids are twelve hexadecimal digits; the time makes this one unique in its project. */
function revisionId(now: Date): string {
  return now.getTime().toString(16).padStart(12, "0");
}

async function apply(report: Report, paths: readonly string[], alembic: Alembic | undefined, context: OperationContext): Promise<Report> {
  const { workspace, signal, now } = context;
  // Only what the report recommends: a rewrite that the planner does not confirm stays out.
  const recommended = new Set(
    report.recommendations.flatMap(({ id, kind, applicability }) => (kind === "code" && applicability === "safe" ? id : [])),
  );
  const wanted = (findings: readonly Finding[]): Finding[] => findings.filter((finding) => recommended.has(codeChangeId(finding)));
  const { files, skipped } = await applySafeFixes({
    findings: wanted(report.findings),
    check: async () => wanted((await workspace.check({ paths, includeTests: false, includePossible: false, signal })).findings),
    textOf: (file) => workspace.textOf(file),
    invalidate: (changed) => workspace.invalidate(changed),
    signal,
  });
  const migration = await writeMigration(report.recommendations, alembic, context, now());
  const notes = {
    codeGenerator: skipped.map(({ file, message }) => `${file}: ${message}`),
    migrationBuilder: migration.problem === undefined ? [] : [migration.problem],
  };
  const analyzers = report.analyzers.map((outcome) => {
    const own = outcome.analyzer === "codeGenerator" || outcome.analyzer === "migrationBuilder" ? notes[outcome.analyzer] : [];
    return own.length > 0 ? { ...outcome, reason: [outcome.reason, ...own].filter(Boolean).join(" ") } : outcome;
  });
  return { ...report, analyzers, applied: [...files, ...(migration.file === undefined ? [] : [migration.file])] };
}

/** The Alembic revision where there is an Alembic environment, else a script for psql. Never over an existing file. */
async function writeMigration(
  recommendations: readonly Recommendation[],
  alembic: Alembic | undefined,
  { workspace }: OperationContext,
  now: Date,
): Promise<{ readonly file?: string; readonly problem?: string }> {
  const migrations = recommendations.filter(({ kind, action }) => kind === "migration" && action !== undefined);
  const revision = migrations.find(({ id }) => id.startsWith("alembic-"));
  const chosen = revision ?? migrations[0];
  if (!chosen?.action) return {};
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  const file =
    revision && alembic
      ? join(alembic.versions, `${revision.id.slice("alembic-".length)}_indexes.py`)
      : join(workspace.folders[0] ?? ".", `db-optimize-indexes-${stamp}.sql`);
  try {
    await writeNew(file, chosen.action);
    return { file };
  } catch (error) {
    // The report with what it found is worth more than its last line.
    if (error instanceof OptimizerError) return { problem: `The migration was not written. ${error.message}` };
    throw error;
  }
}
