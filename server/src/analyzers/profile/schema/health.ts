import { format } from "../../../plan/index.js";
import { quoteName } from "../../../plan/index.js";
import { recommend } from "../../support.js";
import { displayTable, type SchemaCheck } from "./check.js";

/** Without statistics the planner guesses. */
export const neverAnalyzed: SchemaCheck = (table) => {
  if (!table.activity || table.activity.lastAnalyze !== undefined || table.activity.liveRows < 1000) return [];
  if (table.columns.some((column) => column.statistics)) return [];
  const title = `Table ${displayTable(table)} has never been analysed`;
  const why = `The planner guesses the number and the distribution of its ${format.count(table.activity.liveRows)} rows. Run ANALYZE, and find out why autovacuum did not.`;
  const action = `ANALYZE ${quoteName(table.schema)}.${quoteName(table.name)};`;
  return [
    { recommendation: recommend({ kind: "schema", title, why, severity: "warning", evidence: { level: "schema", facts: [] }, action }) },
  ];
};

/** Dead rows are read by every scan until vacuum removes them. */
export const deadRows: SchemaCheck = (table) => {
  const { liveRows = 0, deadRows: dead = 0, lastVacuum } = table.activity ?? {};
  if (dead < 10_000 || dead < liveRows * 0.2) return [];
  const share = format.percent(dead / (dead + liveRows));
  const title = `${share} of the rows of ${displayTable(table)} are dead`;
  const why = `Every scan reads ${format.count(dead)} rows for nothing. Run VACUUM, look for transactions that stay open, and lower the table's autovacuum_vacuum_scale_factor.`;
  const facts = [`${format.count(liveRows)} live, ${format.count(dead)} dead rows; last vacuum: ${lastVacuum ?? "never"}.`];
  const action = `VACUUM (ANALYZE) ${quoteName(table.schema)}.${quoteName(table.name)};`;
  return [{ recommendation: recommend({ kind: "schema", title, why, severity: "warning", evidence: { level: "schema", facts }, action }) }];
};
