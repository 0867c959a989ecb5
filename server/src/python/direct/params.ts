import { exact } from "../lower/exact.js";
import type { Expr, ParamFact } from "../ir.js";
import { readExpr, readType } from "./expressions.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";

/** Parameters up to `close`, which stays: `)` of a function, whose parameters may have types, or `:` of a lambda. */
export function readParams(r: Reader, close: ")" | ":"): ParamFact[] {
  const result: ParamFact[] = [];
  let keywordOnly = false;
  while (r.token !== close) {
    const splat = r.skip("*") ? 1 : r.skip("**") ? 2 : undefined;
    if (splat === 1 && r.token === ",") keywordOnly = true;
    else if (splat || !r.skip("/")) {
      const name = r.name();
      const annotation = close === ")" && r.skip(":") ? readType(r) : undefined;
      const value = r.skip("=") ? readExpr(r) : undefined;
      result.push(param(name, splat, keywordOnly && !splat, annotation, value));
      if (splat === 1) keywordOnly = true;
    }
    if (r.token !== close && !r.skip(",")) giveUp();
  }
  return exact(result);
}

function param(name: string, splat: 1 | 2 | undefined, keywordOnly: boolean, annotation?: Expr, value?: Expr): ParamFact {
  return {
    name,
    ...(splat ? { splat } : {}),
    ...(keywordOnly ? { keywordOnly: true as const } : {}),
    ...(annotation ? { annotation } : {}),
    ...(value ? { default: value } : {}),
  };
}
