import type { Expr } from "../../python/index.js";
import type { Entity, Relationship } from "../../orm/index.js";
import { declarationOf, type Declaration } from "../mapping/declaration.js";
import { baseTable } from "../mapping/keys.js";
import type { Mapping } from "../mapping/mapping.js";
import type { OnClause } from "../mapping/relationships.js";
import { tableKey } from "../mapping/columns.js";
import { relationshipOf, targetOf } from "../mapping/relationships.js";
import { anonymous } from "../sql/make.js";
import { adapted } from "../sql/adapt.js";
import { refuse, type EntityUse, type From, type Sql, type TableFrom } from "../sql/ir.js";
import { asSql, bound, unknown } from "./coerce.js";
import type { ColumnDefault } from "../mapping/defaults.js";
import type { Value } from "../values.js";
import { unparse } from "./unparse.js";
import { evaluateMapping } from "./evaluation.js";

/** Gives a mapping what only running code can tell: expressions of attributes, joins that are written out, orders of relationships. */
export function withEvaluation(mapping: Mapping): Mapping {
  mapping.computed = (use, { attribute, declared }) => {
    const value = declared?.field.value;
    if (value?.kind !== "call" || !declared) return refuse(`the expression of ${use.entity.name}.${attribute} is not known`);
    const inner = value.args.find((arg) => arg.name === undefined || arg.name === "expression")?.value;
    if (!inner) return refuse(`the expression of ${use.entity.name}.${attribute} is not known`);
    const sql = expressionOf(mapping, declared.file, inner, use);
    // It is a label, though without a name of its own.
    return sql.kind === "label" || sql.kind === "column"
      ? sql
      : { kind: "label", name: anonymous(sql.kind === "call" ? sql.name.at(-1)! : "anon"), item: sql, type: sql.type };
  };
  mapping.defaultValue = (value, column) => defaultValue(mapping, value, column);
  mapping.secondaryTable = (declaration) => secondaryTable(mapping, declaration);
  mapping.writtenJoin = (owner, relationship, declaration, target, plain) =>
    writtenJoin(mapping, owner, relationship, declaration, target, plain);
  mapping.orderOf = (owner, name, target) => orderOf(mapping, owner, name, target);
  return mapping;
}

function expressionOf(mapping: Mapping, file: string, expr: Expr, use: EntityUse): Sql {
  const value = evaluateMapping(mapping, file, expr, use.entity);
  const sql = asSql(value) ?? unknown(value, "an attribute's expression");
  return movedTo(mapping, sql, use);
}

/** An expression about the class, made one about its alias. */
function movedTo<T>(mapping: Mapping, sql: T, use: EntityUse): T {
  const plain = mapping.use(use.entity);
  return plain === use
    ? sql
    : adapted(
        sql,
        new Map<object, object>([
          [plain.selectable, use.selectable],
          [plain, use],
        ]),
      );
}

/** A constant, what a callable gives, or an expression of SQL. */
function defaultValue(mapping: Mapping, { expr, file, entity, column: name }: ColumnDefault, column: Sql): Sql {
  const type = column.type;
  const base = { type, base: name, column };
  if (expr.kind === "lambda" || expr.kind === "string" || !entity) {
    const word = expr.kind === "lambda" ? "default" : unparse(expr);
    const value: Value = expr.kind === "string" ? { kind: "constant", value: expr.value } : { kind: "parameter", name: word };
    const sql = expr.kind === "call" && entity === undefined ? refuse(`the default of ${name} is not known`) : bound(value, base);
    return sql ?? refuse(`the default of ${name} is not known`);
  }
  const value = evaluateMapping(mapping, file, { ...expr }, entity);
  const sql = asSql(value);
  if (sql) return sql;
  if (value.kind === "sqlFunction" || value.kind === "unknown") return unknown(value, `the default of ${name}`);
  const plain: Value = value.kind === "constant" || value.kind === "enum" ? value : { kind: "parameter", name: unparse(expr) };
  return bound(plain, base) ?? unknown(value, `the default of ${name}`);
}

function secondaryTable(mapping: Mapping, declaration: Declaration): TableFrom | undefined {
  const written = declaration.argument("secondary");
  if (!written) return undefined;
  const expr = written.kind === "lambda" ? written.body : written;
  if (expr.kind === "string") return mapping.table(expr.value)?.from ?? mapping.tableOfVariable(expr.value);
  const symbol = mapping.index.symbols.resolve(declaration.file, expr.kind === "attribute" && expr.name === "__table__" ? expr.of : expr);
  const entity = mapping.index.entity(symbol);
  if (entity) return mapping.table(tableKey(entity))?.from;
  const table =
    symbol?.kind === "variable" ? mapping.index.tables.find((one) => one.file === symbol.file && one.variable === symbol.name) : undefined;
  return table && mapping.table(tableKey({ schema: table.schema, table: table.name }))?.from;
}

function writtenJoin(
  mapping: Mapping,
  owner: EntityUse,
  relationship: Relationship,
  declaration: Declaration,
  target: EntityUse,
  plainSecondary: boolean,
): OnClause {
  if (declaration.argument("secondary")) return writtenSecondary(mapping, owner, relationship, declaration, target, plainSecondary);
  const written = declaration.argument("primaryjoin")!;
  const from: Entity = declaration.reversed ? target.entity : owner.entity;
  const plainOwner = mapping.use(owner.entity);
  const plainTarget = mapping.use(target.entity);
  if (baseTable(plainOwner.selectable) === baseTable(plainTarget.selectable))
    return refuse(`${relationship.name} has a join condition of its own back to its own table`);
  const value = evaluateMapping(mapping, declaration.file, written, from);
  const sql = asSql(value) ?? unknown(value, `the primaryjoin of ${relationship.name}`);
  const replace = new Map<object, object>();
  if (plainOwner !== owner) replace.set(plainOwner.selectable, owner.selectable);
  if (plainTarget !== target) replace.set(plainTarget.selectable, target.selectable);
  return { on: adapted(sql, replace) };
}

/** Both joins are written, as they have to be where a class is joined with itself. */
function writtenSecondary(
  mapping: Mapping,
  owner: EntityUse,
  relationship: Relationship,
  declaration: Declaration,
  target: EntityUse,
  plainSecondary: boolean,
): OnClause {
  const table = mapping.secondaryTable(declaration) ?? refuse(`the secondary table of ${relationship.name} is not known`);
  const secondary: From = plainSecondary ? table : { kind: "alias", of: table, name: anonymous(table.name) };
  const [near, far] = declaration.reversed ? ["secondaryjoin", "primaryjoin"] : ["primaryjoin", "secondaryjoin"];
  const side = (name: string, use: EntityUse): Sql => {
    const written = declaration.argument(name) ?? refuse(`${relationship.name} leads through a secondary table with one join of its own`);
    const declaring = declaration.reversed ? target.entity : owner.entity;
    const value = evaluateMapping(mapping, declaration.file, written, declaring);
    const sql = asSql(value) ?? unknown(value, `the ${name} of ${relationship.name}`);
    const plain = mapping.use(use.entity);
    return adapted(
      sql,
      new Map<object, object>([
        [table, secondary],
        [plain.selectable, use.selectable],
        [plain, use],
      ]),
    );
  };
  return { secondary, secondaryOn: side(near!, owner), on: side(far!, target) };
}

function orderOf(mapping: Mapping, owner: EntityUse, name: string, target: EntityUse): readonly Sql[] {
  const declaration = declarationOf(mapping, owner, relationshipOf(owner, name));
  const written = declaration.argument("order_by");
  if (!written || (written.kind === "constant" && written.value === false)) return [];
  const items = written.kind === "list" || written.kind === "tuple" ? written.items : [written];
  return items.flatMap((item) => {
    const value = evaluateMapping(mapping, declaration.file, item, targetOf(mapping, relationshipOf(owner, name)));
    // A text may hold a list.
    const values = value.kind === "list" && value.open === undefined ? value.items : [value];
    return values.map((one) => movedTo(mapping, asSql(one) ?? unknown(one, `the order of ${name}`), target));
  });
}
export type { From };
