import { partsOf, type Expr, type Stmt } from "../../python/index.js";

/** Whether a block surely ends by leaving the innermost loop (`break`) or all of them (`return`, `raise`). */
export function leavesFor(statements: readonly Stmt[]): "loop" | "function" | undefined {
  const last = statements.at(-1);
  return last && leaves(last);
}

function leaves(statement: Stmt): "loop" | "function" | undefined {
  switch (statement.kind) {
    case "return":
    case "raise":
      return "function";
    case "break":
      return "loop";
    case "with":
      return leavesFor(statement.body);
    case "if": {
      if (!statement.else) return undefined;
      return weakest([...statement.branches.map((branch) => branch.body), statement.else]);
    }
    case "try":
      if (statement.finally && leavesFor(statement.finally)) return leavesFor(statement.finally);
      return weakest([statement.else ?? statement.body, ...statement.handlers.map((handler) => handler.body)]);
    default:
      return undefined;
  }
}

function weakest(blocks: readonly (readonly Stmt[])[]): "loop" | "function" | undefined {
  const all = blocks.map(leavesFor);
  if (all.includes(undefined)) return undefined;
  return all.includes("loop") ? "loop" : "function";
}

/** Whether some path through a statement ends the function with a value that is more than a constant, and another goes on behind it. */
export function mayReturn(statement: Stmt): boolean {
  if (statement.kind === "function" || statement.kind === "class" || statement.kind === "return") return false;
  return partsOf(statement).blocks.some((block) =>
    block.some((inner) => (inner.kind === "return" ? !isEmpty(inner.value) : mayReturn(inner))),
  );
}

/** `return`, `return None`, `return []`. */
function isEmpty(value: Expr | undefined): boolean {
  if (!value || value.kind === "constant") return true;
  return value.kind === "list" || value.kind === "tuple" ? value.items.length === 0 : value.kind === "dict" && value.entries.length === 0;
}
