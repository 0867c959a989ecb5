import type { Expr } from "../../python/index.js";
import { refuse, refuseValue, type Sql } from "../sql/ir.js";
import { elementOf, isArray, isJson } from "../sql/types.js";
import { buildsSql, sqlValue, type DictValue, type Value } from "../values.js";
import type { EnumMember } from "../mapping/enums.js";
import { bound, expression, unknown } from "./coerce.js";
import { columnOfFrom } from "./columns.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";
import { sliceStatement } from "../methods/slices.js";
import { unparse } from "./unparse.js";

export function subscript(m: Machine, of: Value, expr: Expr & { kind: "subscript" }, frame: Frame): Value {
  if (of.kind === "statement") return sliceStatement(m, of.statement, expr, frame);
  const index = expr.index.kind === "slice" ? undefined : m.eval(expr.index, frame);
  if (of.kind === "columns" && index?.kind === "constant" && typeof index.value === "string")
    return sqlValue(columnOfFrom(m, of.from, index.value));
  if (of.kind === "sql" && index) return sqlValue(element(m, of.sql, index, () => unparse(expr)));
  if (of.kind === "list" && index?.kind === "constant" && typeof index.value === "number" && of.open === undefined) {
    const item = of.items.at(index.value);
    if (item) return item;
  }
  if (of.kind === "dict" && index?.kind === "constant") {
    const item = typeof index.value === "string" ? of.entries.get(index.value) : undefined;
    if (item) return item;
  }
  const chosen = of.kind === "dict" && index ? chosenEntry(m, of, index, () => unparse(expr.index)) : undefined;
  if (chosen) return chosen;
  if (of.kind === "class" || of.kind === "symbol" || of.kind === "entity") return of;
  if (of.kind === "unknown") return of;
  if (of.kind === "dict" || of.kind === "list")
    return of.kind === "list" && of.items.length > 0 && of.items.every((item) => item.kind !== "parameter" && item.kind !== "constant")
      ? { kind: "unknown", reason: `which element ${unparse(expr)} is is not known`, file: frame.file, start: expr.start }
      : of.kind === "dict"
        ? { kind: "unknown", reason: `which element ${unparse(expr)} is is not known`, file: frame.file, start: expr.start }
        : { kind: "parameter", name: unparse(expr) };
  return { kind: "parameter", name: unparse(expr), ...(of.kind === "parameter" && of.type?.list ? { type: of.type.list } : {}) };
}

/** `MODELS[kind]` of a dictionary that is known: one of its values, the same one for the same key. */
export function chosenEntry(m: Machine, of: DictValue, key: Value, text: () => string, otherwise?: Value): Value | undefined {
  if (of.open !== undefined || (key.kind !== "parameter" && key.kind !== "enum")) return undefined;
  const entries: (readonly [string, Value])[] = [
    ...[...of.entries].map(([name, value]) => [JSON.stringify(name), value] as const),
    ...of.others.map(([name, value]) => [wordFor(name), value] as const),
  ];
  if (key.kind === "enum")
    return of.others.find(([name]) => name.kind === "enum" && isSameMember(name.member, key.member))?.[1] ?? otherwise;
  const all = otherwise ? [...entries, ["another", otherwise] as const] : entries;
  if (all.length === 0 || all.length > mostEntries || !all.some(([, value]) => buildsSql(value))) return undefined;
  const at = m.oracle.choose(all.length, `entry ${m.idOf(of)} ${m.idOf(key)}`, (choice) =>
    all.length > 1 ? `${text()} is ${all[choice]![0]}` : "",
  );
  return all[at]![1];
}
const mostEntries = 16;
const isSameMember = (a: EnumMember, b: EnumMember) => a.class.fact === b.class.fact && a.member === b.member;
function wordFor(value: Value): string {
  if (value.kind === "enum") return `${value.member.class.fact.name}.${value.member.member}`;
  return value.kind === "constant" ? String(value.value) : value.kind === "entity" ? value.use.entity.name : "another";
}

/** `data["key"]`, `data[("a", "b")]`, `tags[1]`. */
function element(m: Machine, sql: Sql, index: Value, text: () => string): Sql {
  if (isJson(sql.type)) {
    if (index.kind === "list") return refuse(`${text()}: a path into JSON`);
    const key =
      bound(index, { type: index.kind === "constant" && typeof index.value === "number" ? "integer" : "text", base: baseName(sql) }) ??
      unknown(index, text());
    // PostgreSQL 14 and newer subscript jsonb, and SQLAlchemy 2.0.42 and newer make use of it.
    if (sql.type === "jsonb" && m.version !== "1.4") return { kind: "template", sql: "($1)[$2]", items: [sql, key], type: "jsonb" };
    return { kind: "operator", op: "->", items: [sql, key], type: sql.type };
  }
  if (isArray(sql.type))
    return {
      kind: "template",
      sql: "($1)[$2]",
      items: [sql, expression(m, index, { type: "integer", base: baseName(sql) }, text())],
      type: elementOf(sql.type),
    };
  return refuseValue(`${text()}: the type of what is looked into is not known`);
}
const baseName = (sql: Sql) => (sql.kind === "column" ? (sql.key ?? String(sql.name)) : "param");
