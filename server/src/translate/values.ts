import type { Expr, LambdaExpr } from "../python/index.js";
import type { ClassRef } from "../orm/entities/classes.js";
import type { Entity } from "../orm/index.js";
import type { EnumMember } from "./mapping/enums.js";
import type { EntityUse, From, LoadOption, RelationshipUse, Site, Sql, Statement } from "./sql/ir.js";
import type { Frame } from "./execute/frame.js";

/** What is known of a Python type from an annotation. */
export interface PythonType {
  /** `int`, `str`, … or a class's name. */
  readonly name: string;
  readonly list?: PythonType;
  readonly class?: ClassRef;
  readonly entity?: Entity;
  /** `type[X]`: the class itself. */
  readonly itself?: boolean;
}

/** What a Python expression is, as the translator sees it. */
export type Value =
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  /** Some Python value that is known when the code runs. */
  | {
      readonly kind: "parameter";
      readonly name: string;
      readonly type?: PythonType;
      readonly optional?: boolean;
      readonly sqlType?: string;
    }
  | ListValue
  | DictValue
  | { readonly kind: "enum"; readonly member: EnumMember }
  | { readonly kind: "entity"; readonly use: EntityUse }
  | { readonly kind: "relationship"; readonly use: RelationshipUse }
  | { readonly kind: "sql"; readonly sql: Sql }
  | { readonly kind: "from"; readonly from: From }
  /** `table.c`, `subquery.c`. */
  | { readonly kind: "columns"; readonly from: From }
  | { readonly kind: "statement"; readonly statement: Statement }
  /** `Model.query`, before anything is asked of it; `select` results that a method gave back. */
  | { readonly kind: "option"; readonly option: LoadOption }
  /** `column("value", JSONB)`, of no table. */
  | { readonly kind: "bareColumn"; readonly name: string; readonly type: string }
  | { readonly kind: "type"; readonly type: string; readonly enumeration?: ClassRef }
  | { readonly kind: "function"; readonly file: string; readonly index: number; readonly self?: Value; readonly closure?: Frame }
  | { readonly kind: "lambda"; readonly expr: LambdaExpr; readonly closure: Frame }
  | { readonly kind: "class"; readonly class: ClassRef }
  | InstanceValue
  | { readonly kind: "symbol"; readonly name: string }
  | { readonly kind: "module"; readonly file: string }
  | { readonly kind: "method"; readonly of: Value; readonly name: string }
  /** `func.lower`, before it is called. */
  | { readonly kind: "sqlFunction"; readonly name: readonly string[] }
  /** `User.tags.op("@>")`, before it gets its right side. */
  | { readonly kind: "operator"; readonly left: Sql; readonly op: string; readonly type: string; readonly text: string }
  | { readonly kind: "case"; readonly whens: readonly (readonly [Sql, Sql])[] }
  | { readonly kind: "unknown"; readonly reason: string; readonly file?: string; readonly start?: number };

export interface ListValue {
  readonly kind: "list";
  readonly of: "list" | "tuple" | "set";
  readonly items: Value[];
  /** Elements that are not known may stand in it as well. */
  open?: string;
}
export interface DictValue {
  readonly kind: "dict";
  readonly entries: Map<string, Value>;
  /** Keys that are no plain strings: columns of `update({User.name: "x"})`. */
  readonly others: (readonly [Value, Value])[];
  open?: string;
}
export interface InstanceValue {
  readonly kind: "instance";
  readonly name: string;
  readonly class?: ClassRef;
  readonly entity?: Entity;
  readonly attributes: Map<string, Value>;
  /** Runs the constructor, once, when an attribute is asked for that only it can tell. */
  construct?: () => void;
}

export interface Args {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly exprs: readonly Expr[];
}

export const none: Value = { kind: "constant", value: null };
export const sqlValue = (sql: Sql): Value => ({ kind: "sql", sql });
export const statementValue = (statement: Statement): Value => ({ kind: "statement", statement });
export const siteOf = (statement: Statement): Site => statement.site;
export const listOf = (items: Value[], of: ListValue["of"] = "list"): ListValue => ({ kind: "list", of, items });

/** Values that SQL is built from: a branch that changes one of them changes the statement. */
export function buildsSql(value: Value | undefined): boolean {
  switch (value?.kind) {
    case undefined:
    case "constant":
    case "parameter":
    case "enum":
    case "unknown":
    case "symbol":
    case "module":
    case "instance":
      return false;
    case "list":
      return value.items.some(buildsSql);
    default:
      return true;
  }
}
