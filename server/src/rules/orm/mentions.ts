import { childrenOf, forEachExpr, type Expr, type FileFacts } from "../../python/index.js";
import type { OrmIndex } from "../../orm/index.js";

/** Whether code spells the name as an attribute of something, as a string, or as a schema's field: then it may mean the relationship. */
export function isMentioned(index: OrmIndex, name: string): boolean {
  for (const [file, facts] of index.files) {
    // A file's words are its names; texts are none.
    if (facts.words.includes(name) && mentionedIn(index, file, facts, name)) return true;
    if (textsOf(facts).has(name)) return true;
  }
  return false;
}

const known = new WeakMap<FileFacts, ReadonlySet<string>>();
/** Longer texts name no attribute. */
const longest = 100;

/** Texts of a file, taken apart at their dots. */
function textsOf(facts: FileFacts): ReadonlySet<string> {
  const before = known.get(facts);
  if (before) return before;
  const texts = new Set<string>();
  for (const fn of facts.functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "string" && expr.value.length <= longest) for (const part of expr.value.split(".")) texts.add(part);
    });
  known.set(facts, texts);
  return texts;
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
