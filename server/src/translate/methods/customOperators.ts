import { against, expression } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import { truth } from "../execute/decide.js";
import { refuse, refuseValue, type Sql } from "../sql/ir.js";
import type { Args, Value } from "../values.js";
import { typeOfValue } from "./typeValues.js";

/** `.op("->>")` and `.bool_op("@@")`: an operator that waits for its right side. */
export function operatorNamed(sql: Sql, name: string, args: Args, text: string): Value & { kind: "operator" } {
  const written = args.positional[0] ?? args.keywords.get("opstring");
  if (written?.kind !== "constant" || typeof written.value !== "string") return refuseValue(`${text}: an operator that is not a constant`);
  if (!/^[-+*/<>=~!@#%^&|`?]+$/.test(written.value)) return refuse(`${text}: an operator that is a word`);
  for (const key of args.keywords.keys())
    if (!["opstring", "is_comparison", "return_type"].includes(key)) return refuse(`${text}: the argument ${key} of an operator`);
  if (args.positional.length > 1) return refuse(`${text}: the precedence of an operator`);
  const returned = args.keywords.get("return_type");
  const comparison = name === "bool_op" || truth(args.keywords.get("is_comparison") ?? { kind: "constant", value: false }) === true;
  const type = returned ? (typeOfValue(returned)?.type ?? "") : comparison ? "boolean" : sql.type;
  return { kind: "operator", left: sql, op: written.value, type, text };
}

export function customOperation(m: Machine, { left, op, type, text }: Value & { kind: "operator" }, args: Args): Sql {
  const [value] = args.positional;
  if (!value || args.positional.length > 1) return refuse(`${text} needs one value`);
  return { kind: "operator", op, items: [left, expression(m, value, against(left), text)], type, form: "custom" };
}
