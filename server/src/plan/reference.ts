import { isInitPlan, type RawNode } from "./rawTree.js";

/**
 * How an expression names the value of an InitPlan: `(InitPlan 1).col1` from 17 on, `$0` before, where the subplan's own name tells the
 * numbers: `InitPlan 1 (returns $0,$1)`.
 */
export function initPlanMarks(node: RawNode): readonly string[] {
  if (!isInitPlan(node) || !node.subplanName) return [];
  const [name, returns] = node.subplanName.split(" (returns ");
  const parameters = returns === undefined ? [] : returns.replace(")", "").split(",");
  return [...parameters.map((parameter) => parameter.trim()), name ?? ""].filter((mark) => mark !== "");
}

/** `$1` is not in `$12`, `InitPlan 1` not in `InitPlan 10`. Text inside quotes does not count. */
export function mentions(expression: string, mark: string): boolean {
  for (let at = expression.indexOf(mark); at >= 0; at = expression.indexOf(mark, at + 1)) {
    if (!continues(expression[at + mark.length]) && !continues(expression[at - 1]) && !quoted(expression, at)) return true;
  }
  return false;
}

function continues(character: string | undefined): boolean {
  if (character === undefined) return false;
  return (
    (character >= "0" && character <= "9") || character === "_" || character === "$" || character.toLowerCase() !== character.toUpperCase()
  );
}

function quoted(expression: string, at: number): boolean {
  let open: string | undefined;
  for (let index = 0; index < at; index++) {
    const character = expression[index];
    if (open === undefined && (character === "'" || character === '"')) open = character;
    else if (character === open) open = undefined;
  }
  return open !== undefined;
}
