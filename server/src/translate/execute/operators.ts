import type { Expr } from "../../python/index.js";
import { refuse, refuseValue, type Sql } from "../sql/ir.js";
import { equal, junction, negated, operator, sqlFalse, sqlNull, sqlTrue } from "../sql/make.js";
import { elementOf, isArray, isInteger, isJson, isNumber, isText, isTime } from "../sql/types.js";
import { buildsSql, listOf, sqlValue, type Value } from "../values.js";
import { against, asSql, bound, expression, unknown, type Against } from "./coerce.js";
import { decide, isNoneValue, truth } from "./decide.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";
import { compareRelationship } from "./relationshipComparison.js";
import { unparse } from "./unparse.js";

const comparisons: Readonly<Record<string, string>> = { "==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=" };
const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" };

export function operate(m: Machine, expr: Expr & { kind: "operator" }, frame: Frame): Value {
  const { op } = expr;
  if (op === "and" || op === "or") return either(m, expr, frame);
  const items = expr.items.map((item) => m.eval(item, frame));
  if (op === "not") {
    const known = truth(items[0]!);
    return known === undefined ? { kind: "parameter", name: unparse(expr), type: { name: "bool" } } : { kind: "constant", value: !known };
  }
  if (!items.some(isOperand)) return plainOperation(expr, items);
  if (items.length === 1) return unary(m, op, items[0]!);
  if (items.length > 2) return refuse(`${unparse(expr)} compares more than two things at once`, { file: frame.file, start: expr.start });
  return binary(m, op, items[0]!, items[1]!, () => unparse(expr));
}

/** What has operators of its own. */
const isOperand = (value: Value) =>
  value.kind === "sql" ||
  value.kind === "relationship" ||
  (value.kind === "statement" && value.statement.kind === "select") ||
  value.kind === "sqlFunction" ||
  (value.kind === "symbol" && value.name.startsWith("sqlalchemy"));

/** `a or b`: the first that is true. */
function either(m: Machine, expr: Expr & { kind: "operator" }, frame: Frame): Value {
  let last: Value | undefined;
  const seen: Value[] = [];
  for (const item of expr.items) {
    last = m.eval(item, frame);
    seen.push(last);
    const known = truth(last);
    if (known === (expr.op === "or")) break;
    if (known === undefined && !seen.some(buildsSql)) continue;
    if (known === undefined)
      return {
        kind: "unknown",
        reason: `${unparse(expr)} has a truth that only the running program knows`,
        file: frame.file,
        start: expr.start,
      };
  }
  const open = seen.some((value) => truth(value) === undefined);
  return open && seen.length > 1 ? { kind: "parameter", name: unparse(expr) } : last!;
}

function plainOperation(expr: Expr & { kind: "operator" }, items: readonly Value[]): Value {
  const [left, right] = items;
  if (left?.kind === "list" && right?.kind === "list" && expr.op === "+") {
    const open = left.open ?? right.open;
    return { ...listOf([...left.items, ...right.items], left.of), ...(open === undefined ? {} : { open }) };
  }
  const unknownItem = items.find((item) => item.kind === "unknown");
  if (unknownItem && items.some(buildsSql)) return unknownItem;
  if (left?.kind === "constant" && right?.kind === "constant") {
    const folded = fold(expr.op, left.value, right.value);
    if (folded !== undefined) return { kind: "constant", value: folded };
  }
  if (left?.kind === "constant" && !right && expr.op === "-" && typeof left.value === "number")
    return { kind: "constant", value: -left.value };
  const type = items.find((item) => item.kind === "parameter" && item.type);
  const boolean = expr.op in comparisons || ["in", "not in", "is", "is not"].includes(expr.op);
  const name = unparse(expr);
  return {
    kind: "parameter",
    name,
    ...(boolean ? { type: { name: "bool" } } : type?.kind === "parameter" && type.type ? { type: type.type } : {}),
  };
}

function fold(op: string, a: string | number | boolean | null, b: string | number | boolean | null): string | number | boolean | undefined {
  if (op === "==") return a === b;
  if (op === "!=") return a !== b;
  if (typeof a === "string" && typeof b === "string" && op === "+") return a + b;
  if (typeof a !== "number" || typeof b !== "number" || !Number.isSafeInteger(a) || !Number.isSafeInteger(b)) return undefined;
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  return undefined;
}

function unary(_m: Machine, op: string, value: Value): Value {
  const sql = asSql(value) ?? unknown(value, op);
  if (op === "~") return sqlValue(negated(sql));
  if (op === "-") return sqlValue({ kind: "operator", op: "-", items: [sql], type: sql.type });
  return refuse(`the operator ${op} of an expression`);
}

export function binary(m: Machine, op: string, left: Value, right: Value, text: () => string): Value {
  if (left.kind === "relationship" || right.kind === "relationship") {
    const [use, other] = left.kind === "relationship" ? [left.use, right] : [(right as Value & { kind: "relationship" }).use, left];
    return sqlValue(compareRelationship(m, op, use, other));
  }
  // Python's own question: an expression is not None.
  if ((op === "is" || op === "is not") && [left, right].some((side) => side.kind === "constant" && side.value === null))
    return { kind: "constant", value: op === "is not" };
  const word = comparisons[op];
  const l = asSql(left);
  const r = asSql(right);
  // A value on the left: SQLAlchemy turns comparisons round.
  if (word !== undefined) return sqlValue(l ? compare(m, word, l, right) : compare(m, mirrored[word]!, r ?? unknown(right, text()), left));
  if (op === "&" || op === "|") {
    if (l && r) return sqlValue(junction(op === "&" ? "AND" : "OR", [l, r]));
    const other = l ? right : left;
    if (other.kind === "constant" && typeof other.value === "boolean")
      return sqlValue(junction(op === "&" ? "AND" : "OR", [l ?? boolean(left), r ?? boolean(right)]));
    return unknown(other, text());
  }
  return sqlValue(arithmetic(m, op, left, right, l, r, text));
}
const boolean = (value: Value): Sql => ({
  kind: "constant",
  value: value.kind === "constant" && value.value ? "true" : "false",
  type: "boolean",
});

/** `=`, `<` …; None makes IS NULL, True and False are written out. */
export function compare(m: Machine, op: string, left: Sql, right: Value): Sql {
  if (op === "=" || op === "<>") {
    const none = isNoneOnPath(m, right);
    const rightSql = asSql(right);
    if (none || (rightSql?.kind === "constant" && rightSql.value === "null"))
      return operator(op === "=" ? "IS" : "IS NOT", [left, sqlNull], "boolean");
    const flag = flagOnPath(m, left, right);
    if (flag !== undefined) return operator(op, [left, flag ? sqlTrue : sqlFalse], "boolean");
    if (right.kind === "constant" && typeof right.value === "boolean") return operator(op, [left, boolean(right)], "boolean");
  }
  if (right.kind === "list" && left.kind === "tuple")
    return operator(
      op,
      [
        left,
        { kind: "tuple", items: right.items.map((item, at) => expression(m, item, against(left.items[at] ?? left), "a tuple")), type: "" },
      ],
      "boolean",
    );
  if (
    right.kind === "sql" &&
    right.sql.kind === "call" &&
    (right.sql.name[0] === "any" || right.sql.name[0] === "all") &&
    right.sql.args.length === 1
  )
    return { kind: "operator", op, items: [left, right.sql.args[0]!], type: "boolean", form: right.sql.name[0] };
  return operator(op, [left, expression(m, right, against(left), "a comparison")], "boolean");
}

/** A value that may be None makes two statements: IS NULL, and a comparison. */
export function isNoneOnPath(m: Machine, value: Value): boolean {
  const known = isNoneValue(m, value);
  if (known !== undefined) return known;
  if (value.kind !== "parameter" || !value.optional) return false;
  return m.oracle.choose(2, m.question("none", value), (at) => (at === 0 ? `${value.name} is None` : `${value.name} is not None`)) === 0;
}

/** True and False are written out, so that a flag makes two statements. */
export function flagOnPath(m: Machine, left: Sql, right: Value): boolean | undefined {
  if (right.kind !== "parameter" || !(right.type?.name === "bool" || (left.type === "boolean" && !right.type))) return undefined;
  return m.oracle.choose(2, m.question("true", right), (at) => (at === 0 ? right.name : `not ${right.name}`)) === 0;
}

const jsonOperand = (sql: Sql) => isJson(sql.type);

function arithmetic(_m: Machine, op: string, left: Value, right: Value, l: Sql | undefined, r: Sql | undefined, text: () => string): Sql {
  const type = l?.type || r?.type || "";
  const to = (side: Sql | undefined): Against => (side ? against(side) : { type: "", base: "param" });
  const lhs = l ?? bound(left, to(r)) ?? unknown(left, text());
  const rhs = r ?? bound(right, rightType(op, to(l))) ?? unknown(right, text());
  if (op === "+") {
    if (isText(type) || isText(rhs.type)) return operator("||", [lhs, rhs], type || "text");
    if (isArray(type) || jsonOperand(lhs)) return operator("||", [lhs, rhs], type);
    if (type === "") return refuseValue(`the type of ${text()} is not known: + may add or concatenate`);
    return operator("+", [lhs, rhs], sumType(lhs, rhs));
  }
  if (op === "-") {
    if (isTime(type) || isNumber(type) || type === "") return operator("-", [lhs, rhs], differenceType(lhs, rhs));
    return operator("-", [lhs, rhs], type);
  }
  if (op === "*") return operator("*", [lhs, rhs], sumType(lhs, rhs));
  if (op === "/") return division(lhs, rhs, text);
  if (op === "//") return refuse(`${text()}: // is not translated`);
  if (op === "%") return operator("%", [lhs, rhs], type);
  if (op === "<<" || op === ">>" || op === "^") return refuse(`the operator ${op} of an expression`);
  return refuseValue(`the operator ${op} is not known`);
}
const rightType = (op: string, to: Against): Against => (op === "-" && isTime(to.type) ? { ...to, type: "" } : to);

function sumType(left: Sql, right: Sql): string {
  if (isTime(left.type)) return left.type;
  if (isTime(right.type)) return right.type;
  return left.type.startsWith("numeric") || right.type.startsWith("numeric") ? "numeric" : left.type || right.type;
}
function differenceType(left: Sql, right: Sql): string {
  if (isTime(left.type))
    return right.type === "interval" || (right.kind === "bind" && right.bound.pythonType === "timedelta") ? left.type : "interval";
  return left.type || right.type;
}

/** 2.0: whole numbers are divided as numerics. */
function division(left: Sql, right: Sql, text: () => string): Sql {
  if (left.type === "" || right.type === "") return refuseValue(`the type of ${text()} is not known: / of whole numbers casts`);
  if (!isInteger(right.type)) return operator("/", [left, right], left.type);
  return operator("/", [left, { kind: "template", sql: "CAST($1 AS NUMERIC)", items: [right], type: "numeric" }], "numeric");
}

export { decide, elementOf, equal };
