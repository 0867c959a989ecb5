import { forEachExpr, partsOf, type FileFacts, type FunctionFact, type Stmt } from "../python/index.js";

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

const outerNames = new WeakMap<FunctionFact, ReadonlySet<string>>();

/** Names that a nested function assigns to for the function around it (`nonlocal`): their first assignment reads them. */
export function namesOfOuter(fn: FunctionFact): ReadonlySet<string> {
  const known = outerNames.get(fn);
  if (known) return known;
  const seen = new Set(fn.params.map(({ name }) => name));
  const outer = new Set<string>();
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      const targets = statement.kind === "assign" ? statement.targets : statement.kind === "augment" ? [statement.target] : [];
      const reads = new Set<string>();
      if ((statement.kind === "assign" || statement.kind === "augment") && statement.value)
        forEachExpr([{ ...statement, kind: "expression", value: statement.value }], (expr) => expr.kind === "name" && reads.add(expr.id));
      for (const target of targets)
        if (target.kind === "name" && !seen.has(target.id)) {
          seen.add(target.id);
          if (statement.kind === "augment" || reads.has(target.id)) outer.add(target.id);
        }
      partsOf(statement).blocks.forEach(visit);
    }
  };
  if (fn.parent > 0) visit(fn.body);
  outerNames.set(fn, outer);
  return outer;
}
