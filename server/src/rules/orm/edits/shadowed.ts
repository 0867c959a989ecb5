import { partsOf, type Expr, type FileFacts, type Stmt } from "../../../python/index.js";

/** Whether a function around a place binds the name itself, as a parameter or by an assignment: there it means something else. */
export function isShadowed(facts: FileFacts, at: number, name: string): boolean {
  return facts.functions.some(
    (fn, index) =>
      index > 0 &&
      fn.start <= at &&
      at < fn.end &&
      (fn.params.some((param) => param.name === name) || fn.body.some((one) => binds(one, name))),
  );
}

function binds(statement: Stmt, name: string): boolean {
  if (statement.kind === "assign" && statement.targets.some((target) => isOrHolds(target, name))) return true;
  if (statement.kind === "for" && isOrHolds(statement.target, name)) return true;
  return partsOf(statement).blocks.some((block) => block.some((one) => binds(one, name)));
}

function isOrHolds(target: Expr, name: string): boolean {
  if (target.kind === "name") return target.id === name;
  return (target.kind === "tuple" || target.kind === "list") && target.items.some((item) => isOrHolds(item, name));
}
