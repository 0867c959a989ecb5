import { childrenOf, forEachExpr, type Expr, type FileFacts } from "../../python/index.js";
import type { OrmIndex } from "../../orm/index.js";

/** Whether code spells the name as an attribute of something, as a string, or as a schema's field: then it may mean the relationship. */
export function isMentioned(index: OrmIndex, name: string): boolean {
  for (const [file, facts] of index.files) if (facts.words.includes(name) && mentionedIn(index, file, facts, name)) return true;
  return false;
}

function mentionedIn(index: OrmIndex, file: string, facts: FileFacts, name: string): boolean {
  let found = false;
  const visit = (expr: Expr) => {
    if (expr.kind === "string") found ||= expr.value.split(".").includes(name);
    else if (expr.kind === "attribute" && expr.name === name) found ||= !index.entity(index.symbols.resolve(file, expr.of));
  };
  const inside = (expr: Expr) => {
    visit(expr);
    childrenOf(expr).forEach(inside);
  };
  for (const fn of facts.functions) forEachExpr(fn.body, visit);
  facts.classes.forEach((cls, at) => {
    const entity = index.entity({ kind: "class", file, index: at });
    for (const field of cls.fields) {
      // The mapping itself names it: as the relationship, and as the other side of one.
      if (!entity) found ||= field.name === name;
      if (!entity && field.value) inside(field.value);
    }
  });
  return found;
}
