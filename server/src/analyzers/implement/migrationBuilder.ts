import type { Analyzer, AnalyzerContext, NewIndex } from "../analyzer.js";
import { candidateKey, type Candidate } from "../optimize/indexes/candidate.js";
import { plural, recommend } from "../support.js";
import { alembicMigration, sqlMigration } from "./alembic.js";

/** The indexes of this report as a migration, in SQL and, where the revision is known, for Alembic. */
export const migrationBuilder: Analyzer = {
  name: "migrationBuilder",
  phase: "implement",
  needs: [],
  run: (context) => {
    const indexes = mergeIndexes(proposed(context));
    if (indexes.length === 0) return Promise.resolve({ summary: "No index was proposed, so there is nothing to migrate." });
    const proved = new Set(context.earlier.get("indexAdvisor")?.indexes?.map(({ name }) => name));
    const level = indexes.every(({ name }) => proved.has(name)) ? ("planner" as const) : ("schema" as const);
    const evidence = {
      level,
      facts: indexes.map(({ name, candidate }) => `${name}: ${candidate.reason}${proved.has(name) ? ", proved" : ""}.`),
    };
    const draft = { kind: "migration" as const, severity: "info" as const, evidence };
    const why = "Built without locking out writers. Each index is explained in its own recommendation; take out what you do not want.";
    const sql = recommend({
      ...draft,
      title: `SQL script: ${plural(indexes.length, "index", "indexes")}`,
      why,
      action: sqlMigration(indexes),
    });
    const { migration } = context;
    if (!migration) {
      return Promise.resolve({
        summary: `A SQL script for ${plural(indexes.length, "index", "indexes")}.`,
        recommendations: [sql],
        notes: ["No Alembic environment is known, so there is no Alembic revision."],
      });
    }
    const title = `Alembic revision ${migration.revision}: ${plural(indexes.length, "index", "indexes")}`;
    const alembic = recommend({ ...draft, id: `alembic-${migration.revision}`, title, why, action: alembicMigration(indexes, migration) });
    return Promise.resolve({
      summary: `An Alembic revision for ${plural(indexes.length, "index", "indexes")}.`,
      recommendations: [alembic, sql],
    });
  },
};

function proposed(context: AnalyzerContext): readonly NewIndex[] {
  // Proved ones first: where two serve the same, the proved one stays.
  const order = ["indexAdvisor", "schemaAnalyzer"] as const;
  return order.flatMap((name) => context.earlier.get(name)?.indexes ?? []);
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
