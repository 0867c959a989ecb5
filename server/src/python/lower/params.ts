import type { ParamFact } from "../ir.js";
import type { Lowering } from "./context.js";
import { lowerExpr, lowerType } from "./expressions.js";

const splats: Readonly<Record<string, 1 | 2>> = { list_splat_pattern: 1, dictionary_splat_pattern: 2 };

function named(l: Lowering, node: number): { name: string; splat?: 1 | 2 } {
  const splat = splats[l.type(node)];
  if (splat === undefined) return { name: l.name(node) };
  const [inner] = l.children(node);
  return { name: inner === undefined ? "" : l.name(inner), splat };
}

/** `parameters` and `lambda_parameters` alike. */
export function lowerParams(l: Lowering, node: number): ParamFact[] {
  const result: ParamFact[] = [];
  let keywordOnly = false;
  for (const child of l.children(node)) {
    const type = l.type(child);
    if (type === "keyword_separator") {
      keywordOnly = true;
      continue;
    }
    if (type === "positional_separator") continue;
    const nameNode = l.child(child, "name") ?? (type === "typed_parameter" ? l.children(child)[0] : child);
    if (nameNode === undefined) continue;
    const annotation = l.child(child, "type");
    const value = l.child(child, "value");
    const base = named(l, nameNode);
    result.push({
      ...base,
      ...(keywordOnly && !base.splat ? { keywordOnly: true as const } : {}),
      ...(annotation === undefined ? {} : { annotation: lowerType(l, annotation) }),
      ...(value === undefined ? {} : { default: lowerExpr(l, value) }),
    });
    if (base.splat === 1) keywordOnly = true;
  }
  return result;
}
