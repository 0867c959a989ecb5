export { initEngine as initSql, SyntaxProblem } from "./engine/engine.js";
export { statementKey } from "./key.js";
export { parseSql, parseStatements, type ParsedSql, type ParseOutcome, type SqlProblem } from "./parse.js";
export type { RowsRead, SqlOrigin, SqlSource } from "./source.js";
export { SqlStatement, type StatementKind, type Token } from "./statement.js";
export { hash64 } from "./text/hash.js";
export { layoutSql } from "./text/layout.js";
export { ChangedText, type TextChange } from "./text/edits.js";
export { rewritePlaceholders, type Placeholder, type Rewritten } from "./text/placeholders.js";
export { splitStatements } from "./text/split.js";
export { ancestors, as, names, tagOf, walk, type NodeOf, type NodeTag, type Visit } from "./tree.js";
export type { Node, ParseResult } from "libpg-query";
export { columnUses, operatorOf, sideKind, type ColumnRole, type ColumnUse } from "./analysis/columns.js";
export { parametersOf, typeName } from "./analysis/parameters.js";
export { valuesIn } from "./analysis/valuesIn.js";
export {
  columnFields,
  fromItems,
  resolveColumn,
  Scopes,
  type ColumnsOf,
  type Relation,
  type Scope,
  type TableName,
} from "./analysis/scopes.js";
export { tablesOf, type TableUse } from "./analysis/tables.js";
export { locateStatements, type SpannedStatement } from "./locate.js";
export { expressionShape, expressionShapeOf, isConstant } from "./analysis/shape.js";
export { quoteIdentifier } from "./identifier.js";
export { catalogFromDdl } from "./ddl/catalogFromDdl.js";
