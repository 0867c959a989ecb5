import type { From } from "../sql/ir.js";

/** A FROM item and all that it is made of. */
export function partsOf(from: From): readonly From[] {
  return from.kind === "join" ? [from, ...partsOf(from.left), ...partsOf(from.right)] : [from];
}

/** Each item once, without those that stand in a join of the list. */
export function normalised(froms: readonly From[]): From[] {
  const hidden = new Set(froms.flatMap((from) => (from.kind === "join" ? partsOf(from).slice(1) : [])));
  return [...new Set(froms)].filter((from) => !hidden.has(from));
}
