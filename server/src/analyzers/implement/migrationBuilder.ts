import type { Analyzer, AnalyzerContext, AnalyzerResult, NewIndex } from "../analyzer.js";
import { candidateKey, type Candidate } from "../optimize/indexes/candidate.js";
import { plural, recommend } from "../support.js";
import { alembicMigration, sqlMigration } from "./alembic.js";

/** The indexes of this report as a migration: for Alembic where the revision is known, else in SQL. */
export const migrationBuilder: Analyzer = {
  name: "migrationBuilder",
  phase: "implement",
  needs: [],
  run: (context) => Promise.resolve(build(context)),
};

function build(context: AnalyzerContext): AnalyzerResult {
  const { proved, unproved } = proposed(context);
  if (proved.length === 0) {
    const left = unproved.length === 0 ? "" : `; ${plural(unproved.length, "index", "indexes")} without proof left out`;
    return { summary: `No index was proved, so there is nothing to migrate${left}.` };
  }
  const facts = proved.map(({ name, candidate }) => `${name}: ${candidate.reason}, proved.`);
  const draft = { kind: "migration", severity: "info", evidence: { level: "planner", facts } } as const;
  const what = plural(proved.length, "proved index", "proved indexes");
  const rest =
    unproved.length === 0
      ? ""
      : ` ${plural(unproved.length, "other")} without the planner's proof ${unproved.length === 1 ? "stands" : "stand"} in comments.`;
  const why = `Built without locking out writers. Each index is explained in its own recommendation; take out what you do not want.${rest}`;
  const more = { ...draft, evidence: { ...draft.evidence, facts: [...facts] }, why };
  const { migration } = context;
  if (!migration) {
    const sql = recommend({ ...more, title: `SQL script: ${what}`, action: sqlMigration(proved, unproved) });
    const notes = ["No Alembic environment is known, so there is no Alembic revision."];
    return { summary: `A SQL script for ${what}.`, recommendations: [sql], notes };
  }
  const title = `Alembic revision ${migration.revision}: ${what}`;
  const action = alembicMigration(proved, migration, unproved);
  return {
    summary: `An Alembic revision for ${what}.`,
    recommendations: [recommend({ ...more, id: `alembic-${migration.revision}`, title, action })],
  };
}

function proposed(context: AnalyzerContext): { readonly proved: readonly NewIndex[]; readonly unproved: readonly NewIndex[] } {
  const known = context.earlier.get("indexAdvisor")?.indexes ?? [];
  const merged = mergeIndexes([...known, ...(context.earlier.get("schemaAnalyzer")?.indexes ?? [])]);
  return { proved: merged.filter((index) => known.includes(index)), unproved: merged.filter((index) => !known.includes(index)) };
}

/** Without those that another one of the list already serves: an index on (a) beside one on (a, b). */
export function mergeIndexes(indexes: readonly NewIndex[]): readonly NewIndex[] {
  const unique = indexes.filter((index, position) => indexes.findIndex((other) => sameIndex(index, other)) === position);
  return unique.filter((index) => !unique.some((other) => other !== index && isPrefix(index.candidate, other.candidate)));
}

const sameIndex = (a: NewIndex, b: NewIndex): boolean => candidateKey(a.candidate) === candidateKey(b.candidate);

function isPrefix(short: Candidate, long: Candidate): boolean {
  const sameTable = short.schema === long.schema && short.table === long.table;
  if (!sameTable || short.predicate !== long.predicate || short.include.length > 0 || short.columns.length >= long.columns.length)
    return false;
  return short.columns.every((key, position) => JSON.stringify(key) === JSON.stringify(long.columns[position]));
}
