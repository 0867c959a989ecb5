import { forEachExpr, type FileFacts } from "../python/index.js";

/** The functions around one, the module's body first, itself last. */
export function enclosing(facts: FileFacts, index: number): number[] {
  const chain: number[] = [];
  for (let at = index; at >= 0; at = facts.functions[at]!.parent) chain.unshift(at);
  return chain;
}

/** Names that a function's body mentions. */
export function namesRead(facts: FileFacts, index: number): Set<string> {
  const names = new Set<string>();
  forEachExpr(facts.functions[index]!.body, (expr) => expr.kind === "name" && names.add(expr.id));
  return names;
}
