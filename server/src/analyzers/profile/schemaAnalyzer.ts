import type { Analyzer } from "../analyzer.js";
import { plural } from "../support.js";
import type { SchemaCheck } from "./schema/check.js";
import { deadRows, neverAnalyzed } from "./schema/health.js";
import { foreignKeyTypeMismatch, foreignKeyWithoutIndex, noPrimaryKey } from "./schema/keys.js";
import { keyNearOverflow, textInsteadOfType } from "./schema/types.js";

const checks: readonly SchemaCheck[] = [
  noPrimaryKey,
  foreignKeyWithoutIndex,
  foreignKeyTypeMismatch,
  keyNearOverflow,
  textInsteadOfType,
  neverAnalyzed,
  deadRows,
];

/** What is wrong with the tables themselves, from the server's catalog or, without a connection, from the project's entities. */
export const schemaAnalyzer: Analyzer = {
  name: "schemaAnalyzer",
  phase: "profile",
  needs: [],
  run: async (context) => {
    const catalog = await context.catalog();
    const tables = catalog.tables.filter((table) => table.kind === "table" || table.kind === "partitioned");
    const problems = tables.flatMap((table) => checks.flatMap((check) => check(table, catalog)));
    const source = catalog.source.kind === "server" ? "the server's catalog" : "the project's models";
    return {
      summary: `${plural(tables.length, "table")} of ${source} checked, ${plural(problems.length, "problem")}.`,
      recommendations: problems.map(({ recommendation }) => recommendation),
      indexes: problems.flatMap(({ index }) => index ?? []),
    };
  },
};
