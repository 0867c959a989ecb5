import type { Catalog, ForeignKey, Table } from "../../../catalog/catalog.js";
import { format } from "../../../plan/index.js";
import { candidateId, createIndexSql, type Candidate } from "../../optimize/indexes/candidate.js";
import { isTiny } from "../../optimize/indexes/existing.js";
import { nameOf, unprovedSuggestion } from "../../optimize/indexes/suggestion.js";
import { recommend } from "../../support.js";
import { displayTable, type SchemaCheck } from "./check.js";

export const noPrimaryKey: SchemaCheck = (table) => {
  if (table.primaryKey && table.primaryKey.length > 0) return [];
  const title = `Table ${displayTable(table)} has no primary key`;
  const why =
    "Rows cannot be told apart: logical replication refuses updates, ORMs cannot map it, and duplicates go unnoticed. Add one (an identity column where no column is a key).";
  return [{ recommendation: recommend({ kind: "schema", title, why, severity: "warning", evidence: { level: "schema", facts: [] } }) }];
};

/** A foreign key whose columns no index begins with: each change of the other table scans this one, and lazy loads do too. */
export const foreignKeyWithoutIndex: SchemaCheck = (table, catalog) => {
  if (isTiny(table)) return [];
  return table.foreignKeys.filter((key) => !hasIndex(table, key)).map((key) => missingIndex(table, key, catalog));
};

/** Only a full index serves every lookup: a partial one does not cover the foreign key. */
function hasIndex(table: Table, key: ForeignKey): boolean {
  const starts = (columns: readonly (string | undefined)[]): boolean => {
    const first = new Set(columns.slice(0, key.columns.length));
    return key.columns.every((column) => first.has(column));
  };
  const indexes = table.indexes.filter((index) => index.valid && index.predicate === undefined && index.method === "btree");
  return [...indexes.map((index) => index.keys.map(({ column }) => column)), table.primaryKey ?? [], ...table.uniques].some(starts);
}

function missingIndex(table: Table, key: ForeignKey, catalog: Catalog) {
  const columns = key.columns.map((column) => ({ column }));
  const reason = `The foreign key ${key.name} has no index`;
  const candidate: Candidate = { schema: table.schema, table: table.name, columns, equalities: columns.length, include: [], reason };
  const name = nameOf(candidate, catalog);
  const rows = table.size?.rows;
  const size = rows === undefined ? "" : ` (${format.count(rows)} rows)`;
  const cascade = key.onDelete === "NO ACTION" || key.onDelete === "" ? "" : ` ON DELETE ${key.onDelete} makes it worse.`;
  const recommendation = recommend({
    id: candidateId(candidate),
    kind: "index",
    title: `Foreign key ${displayTable(table)} (${key.columns.join(", ")}) → ${key.referencedTable} has no index`,
    why:
      `Each delete or key change in ${key.referencedTable}, and each lookup of its ${table.name}, reads all of ${displayTable(table)}${size}.${cascade} ` +
      "It is worth its upkeep unless the other table never changes and nobody looks that way.",
    severity: rows !== undefined && rows >= 10_000 ? "warning" : "info",
    evidence: { level: "schema", facts: [`Foreign key ${key.name}; no full B-tree index starts with ${key.columns.join(", ")}.`] },
    action: createIndexSql(candidate, name),
    index: unprovedSuggestion(candidate, "No statement was planned with it.", catalog, undefined),
  });
  return { recommendation, index: { name, candidate } };
}

/** A comparison across types cannot use the index of one side, or converts each value. */
export const foreignKeyTypeMismatch: SchemaCheck = (table, catalog) =>
  table.foreignKeys.flatMap((key) => {
    const other = catalog.tables.find((candidate) => candidate.schema === key.referencedSchema && candidate.name === key.referencedTable);
    return key.columns.flatMap((column, position) => {
      const own = table.columns.find((candidate) => candidate.name === column)?.type;
      const referenced = other?.columns.find((candidate) => candidate.name === key.referencedColumns[position])?.type;
      if (own === undefined || referenced === undefined || own === referenced) return [];
      const title = `${displayTable(table)}.${column} is ${own}, but refers to ${key.referencedTable}.${key.referencedColumns[position]}, which is ${referenced}`;
      const why = "Joins convert one side, the narrower type overflows first, and estimates suffer. Give both columns the same type.";
      return [
        {
          recommendation: recommend({ kind: "schema", title, why, severity: "warning", evidence: { level: "schema", facts: [key.name] } }),
        },
      ];
    });
  });
