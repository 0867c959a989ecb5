import type { Expr } from "../../python/index.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Lock, type Select, type Statement } from "../sql/ir.js";
import { unknown } from "../execute/coerce.js";
import { truth } from "../execute/decide.js";
import { optionsOf } from "./options.js";
import { lockOf } from "./select.js";
import { withRows } from "./changes.js";
import type { Args, Value } from "../values.js";
import { getByKey, queryOf } from "./query.js";

const senders = new Set([
  "execute",
  "scalars",
  "scalar",
  "exec",
  "stream",
  "stream_scalars",
  "fetch_all",
  "fetch_one",
  "fetch_val",
  "iterate",
]);

/** Methods of whatever a session is: it is known by what it is given. Undefined where the call is something else. */
export function sessionMethod(m: Machine, name: string, args: Args, expr: Expr & { kind: "call" }, frame: Frame): Value | undefined {
  const [first, second] = args.positional;
  if (senders.has(name)) {
    const statement = first?.kind === "statement" ? first.statement : undefined;
    if (!statement) return undefined;
    const values = second ?? args.keywords.get("params");
    if (values && values.kind !== "constant" && statement.kind === "update" && !namesBinds(statement, values))
      return refuse("an UPDATE that is sent with values", { file: frame.file, start: expr.start });
    if (values && statement.kind === "insert" && values.kind !== "constant") {
      m.send(withRows(m, statement, values), "", expr.start);
      return resultOf(statement, name);
    }
    m.send(statement, "", expr.start);
    return resultOf(statement, name);
  }
  if (name === "query" && args.positional.length > 0) return queryOf(m, args, expr, frame);
  const key = second ?? args.keywords.get("ident");
  if ((name === "get" || name === "get_one") && first?.kind === "entity" && key) {
    const site = { file: frame.file, span: { start: expr.start, end: expr.end } };
    return getByKey(m, first.use, key, site, { labelled: true, start: expr.start, ...loadingOf(m, args) });
  }
  return undefined;
}

/** `get(…, options=[…], with_for_update=True)`. */
function loadingOf(m: Machine, args: Args): Pick<Select, "options"> & { lock?: Lock } {
  if (args.keywords.has("**")) return unknown(args.keywords.get("**")!, "get()");
  const options = args.keywords.get("options");
  const lock = args.keywords.get("with_for_update");
  const given = (value: Value | undefined) => (value && truth(value) !== false ? value : undefined);
  const locking = given(lock);
  const none: Args = { positional: [], keywords: new Map(), exprs: [] };
  const locked =
    locking && (locking.kind === "dict" || truth(locking) === true)
      ? lockOf(m, locking.kind === "dict" && locking.open === undefined ? { ...none, keywords: locking.entries } : none)
      : locking && unknown(locking, "get(with_for_update=…)");
  return { options: given(options) ? optionsOf(options!) : [], ...(locked ? { lock: locked } : {}) };
}

/** Rows as far as it matters: whose attributes are read later. */
function resultOf(statement: Statement, name: string): Value {
  void name;
  const entity =
    statement.kind === "select" && statement.columns.length === 1 && statement.columns[0]?.kind === "entity"
      ? statement.columns[0].use.entity
      : undefined;
  return { kind: "parameter", name: "result", ...(entity ? { type: { name: "rows", list: { name: entity.name, entity } } } : {}) };
}

/** Values of `bindparam()`s, not of columns. */
function namesBinds(statement: Statement, values: Value): boolean {
  const names = new Set<string>();
  JSON.stringify(statement, (key, value: unknown) => {
    if (key === "use" || key === "entity") return undefined;
    const { kind, base, bound } = (value ?? {}) as { kind?: string; base?: string; bound?: { name?: string } };
    if (kind === "bind" && base !== undefined && bound?.name === base) names.add(base);
    return value;
  });
  return (
    values.kind === "dict" &&
    values.open === undefined &&
    values.others.length === 0 &&
    [...values.entries.keys()].every((name) => names.has(name))
  );
}
