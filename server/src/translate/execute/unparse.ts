import type { Argument, Expr } from "../../python/index.js";

const list = (items: readonly Expr[]) => items.map(unparse).join(", ");
const argument = ({ name, splat, value }: Argument) => `${name === undefined ? "*".repeat(splat ?? 0) : `${name}=`}${unparse(value)}`;

/** An expression in words of the code: for messages and for telling questions apart, not for running. */
export function unparse(expr: Expr): string {
  switch (expr.kind) {
    case "name":
      return expr.id;
    case "attribute":
      return `${unparse(expr.of)}.${expr.name}`;
    case "call":
      return `${unparse(expr.callee)}(${expr.args.map(argument).join(", ")})`;
    case "subscript":
      return `${unparse(expr.of)}[${unparse(expr.index)}]`;
    case "slice":
      return list(expr.parts);
    case "string":
      return JSON.stringify(expr.value);
    case "number":
      return expr.text;
    case "constant":
      return expr.value === null ? "None" : expr.value === "..." ? "..." : expr.value ? "True" : "False";
    case "list":
      return `[${list(expr.items)}]`;
    case "tuple":
      return `(${list(expr.items)})`;
    case "operator":
      return expr.items.length === 1 ? `${expr.op} ${unparse(expr.items[0]!)}` : expr.items.map(unparse).join(` ${expr.op} `);
    case "await":
      return `await ${unparse(expr.value)}`;
    case "conditional":
      return `${unparse(expr.then)} if ${unparse(expr.test)} else ${unparse(expr.else)}`;
    case "walrus":
      return `${expr.target} := ${unparse(expr.value)}`;
    case "lambda":
      return `lambda: ${unparse(expr.body)}`;
    default:
      return "…";
  }
}

const opposites: Readonly<Record<string, string>> = { is: "is not", "is not": "is", "==": "!=", "!=": "==", in: "not in", "not in": "in" };

/** The opposite of a test, as one would write it: `name is None` for `name is not None`, `not flag`. */
export function unparseNegated(test: Expr): string {
  const opposite = test.kind === "operator" && test.items.length === 2 ? opposites[test.op] : undefined;
  if (test.kind === "operator" && opposite !== undefined) return unparse({ ...test, op: opposite });
  const plain = test.kind === "name" || test.kind === "attribute" || test.kind === "call";
  return plain ? `not ${unparse(test)}` : `not (${unparse(test)})`;
}
