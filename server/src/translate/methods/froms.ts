import type { Expr } from "../../python/index.js";
import { condition, fromItem } from "../execute/coerce.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { truth } from "../execute/decide.js";
import { joinCondition } from "../mapping/keys.js";
import { selectableOf } from "../compile/plan.js";
import { refuse, refuseValue, type From } from "../sql/ir.js";
import { anonymous } from "../sql/make.js";
import type { Args, Value } from "../values.js";
import { emptyDelete, emptyInsert, emptyUpdate } from "./changes.js";
import { isForOthers } from "./dialects.js";
import { emptySelect, siteAt } from "./query.js";
import { tableFunctionMethod } from "./tableFunctions.js";
import { setOperation } from "./statements.js";

/** Methods of tables, functions, subqueries and CTEs. */
export function fromMethod(m: Machine, from: From, name: string, args: Args, expr: Expr & { kind: "call" }, frame: Frame): Value {
  const site = siteAt(expr, frame);
  const [first] = args.positional;
  const again = from.kind === "function" ? tableFunctionMethod(from, name, args) : undefined;
  if (again) return again;
  if (name === "alias") {
    const given = first ?? args.keywords.get("name");
    const text = given?.kind === "constant" && typeof given.value === "string" ? given.value : undefined;
    if (given && text === undefined) return refuseValue("alias() with a name that is not a constant");
    if (from.kind !== "table" && from.kind !== "cte") return refuse(`alias() of a ${from.kind}`);
    return { kind: "from", from: { kind: "alias", of: from, name: text ?? anonymous(from.kind === "table" ? from.name : "anon") } };
  }
  if (name === "select") return m.made(emptySelect(site, [{ kind: "from", from }], false));
  if (from.kind === "table") {
    if (name === "insert") return m.made(emptyInsert(site, from));
    if (name === "update") return m.made(emptyUpdate(site, from));
    if (name === "delete") return m.made(emptyDelete(site, from));
  }
  if (name === "join" || name === "outerjoin") {
    const right = selectableOf(fromItem(first ?? refuse("join() without a target"), "join()"));
    const on = args.positional[1] ?? args.keywords.get("onclause");
    const outer =
      name === "outerjoin" ||
      (truth(args.keywords.get("isouter") ?? { kind: "constant", value: false }) ?? refuseValue("isouter is not a constant"));
    const full = truth(args.keywords.get("full") ?? { kind: "constant", value: false }) ?? refuseValue("full is not a constant");
    return {
      kind: "from",
      from: {
        kind: "join",
        left: from,
        right,
        on: on ? condition(on, "the ON clause of a join") : joinCondition(m.mapping, from, right),
        outer,
        full,
      },
    };
  }
  if (name === "suffix_with" && from.kind === "cte") return suffixed(from, args);
  if (name === "prefix_with" && from.kind === "cte") return materialized(from, args);
  const op = setOperation(name);
  if (op && from.kind === "cte") return recursive(from, name, first);
  return refuse(`.${name}() of a ${from.kind}`);
}

/** `MATERIALIZED` stands before the brackets of a CTE. */
function materialized(cte: From & { kind: "cte" }, args: Args): Value {
  if (isForOthers("prefix_with", args)) return { kind: "from", from: cte };
  const [only, second] = args.positional;
  const text = only?.kind === "constant" && !second ? only.value : undefined;
  if (text !== "MATERIALIZED" && text !== "NOT MATERIALIZED") return refuse("prefix_with() of a CTE with something else than MATERIALIZED");
  return { kind: "from", from: { ...cte, materialized: text === "MATERIALIZED" } };
}

/** What stands behind the brackets of a CTE: `CYCLE`, `SEARCH`. */
function suffixed(cte: From & { kind: "cte" }, args: Args): Value {
  if (isForOthers("suffix_with", args)) return { kind: "from", from: cte };
  const texts = args.positional.map((value) =>
    value.kind === "constant" && typeof value.value === "string"
      ? value.value
      : refuseValue("suffix_with() with a text that is not a constant"),
  );
  return { kind: "from", from: { ...cte, suffix: [cte.suffix, ...texts].filter(Boolean).join(" ") } };
}

/** `cte.union_all(select that names the cte)`: the whole takes the place of the beginning. */
function recursive(cte: From & { kind: "cte" }, name: string, other: Value | undefined): Value {
  if (other?.kind !== "statement" || (other.statement.kind !== "select" && other.statement.kind !== "compound"))
    return refuse(`${name}() of something that is no SELECT`);
  const before = cte.statement;
  if (before.kind !== "select" && before.kind !== "compound") return refuse("a recursive CTE that does not begin with a SELECT");
  const [op, all] = setOperation(name)!;
  cte.statement = { kind: "compound", site: before.site, op, all, parts: [before, other.statement], order: [] };
  return { kind: "from", from: cte };
}
