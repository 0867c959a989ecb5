import type { Machine } from "../execute/machine.js";
import { refuse, refuseValue, type From, type FunctionFrom, type Sql, type SqlKind } from "../sql/ir.js";
import { anonymous } from "../sql/make.js";
import { sqlValue, type Args, type Value } from "../values.js";

const textOf = (value: Value | undefined) => (value?.kind === "constant" && typeof value.value === "string" ? value.value : undefined);

/** `func.unnest(x).column_valued("y")`, `.table_valued("a", "b")`, `.alias("y")`: a function in FROM. Undefined for other methods. */
export function tableFunction(_m: Machine, call: SqlKind<"call">, name: string, args: Args, text: () => string): Value | undefined {
  if (name !== "column_valued" && name !== "table_valued" && name !== "alias") return undefined;
  if (call.more) return refuse(`${text()}: ${name}() of an aggregate`);
  for (const keyword of args.keywords.keys())
    if (keyword !== "name" && keyword !== "joins_implicitly") return refuse(`${text()}: ${name}(${keyword}=…)`);
  const given = args.keywords.get("name") ?? (name === "table_valued" ? undefined : args.positional[0]);
  const alias = textOf(given);
  if (given && alias === undefined) return refuseValue(`${text()}: a name that is not a constant`);
  const from: FunctionFrom = {
    kind: "function",
    call,
    name: alias ?? anonymous("anon"),
    ...(name === "table_valued" ? { columns: args.positional.map((value) => columnOf(value, text)) } : {}),
  };
  return name === "column_valued" ? sqlValue(valueOf(from)) : { kind: "from", from };
}

function columnOf(value: Value, text: () => string): { name: string; type: string } {
  if (value.kind === "bareColumn") return { name: value.name, type: value.type };
  const name = textOf(value);
  return name === undefined ? refuseValue(`${text()}: a column whose name is not a constant`) : { name, type: "" };
}

/** What the function gives, by the name that it has in FROM. */
const valueOf = (from: FunctionFrom): Sql => ({ kind: "row", from, type: from.call.type });

/** `.column` of a function in FROM. */
export const functionColumn = (from: From): Value | undefined =>
  from.kind === "function" && !from.columns ? sqlValue(valueOf(from)) : undefined;

/** Methods of a function in FROM that give it again: `.alias("y")`, `.render_derived()`. */
export function tableFunctionMethod(from: FunctionFrom, name: string, args: Args): Value | undefined {
  if (name !== "alias" && name !== "render_derived") return undefined;
  const given = args.keywords.get("name") ?? args.positional[0];
  const alias = textOf(given);
  if (given && alias === undefined) return refuseValue(`${name}() with a name that is not a constant`);
  for (const keyword of args.keywords.keys()) if (keyword !== "name") return refuse(`${name}(${keyword}=…) of a function`);
  if (name === "render_derived" && !from.columns) return refuse("render_derived() of a function without columns");
  return {
    kind: "from",
    from: {
      ...from,
      name: alias ?? anonymous("anon"),
      ...(name === "render_derived" ? { derived: true as const } : {}),
    },
  };
}
