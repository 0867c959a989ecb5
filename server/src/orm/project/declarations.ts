import type { FileFacts } from "../../python/index.js";

/** Where things stand, what was remarked about them, and the bodies of functions: none of it says what a file declares. */
const noDeclaration = new Set(["start", "end", "nameStart", "parenthesized", "map", "length", "comments", "problems", "words"]);
const known = new WeakMap<FileFacts, string>();

/**
 * What other files can see of a file: imports, classes, signatures and module-level code, without positions. Two versions of a file with
 * equal declarations mean the same to all others, and number their classes and functions alike.
 */
export function declarationsOf(facts: FileFacts): string {
  let declared = known.get(facts);
  if (declared === undefined) {
    const functions = facts.functions.map((fn, index) => (index === 0 ? fn : { ...fn, body: [] }));
    declared = JSON.stringify({ ...facts, functions }, (key, value: unknown) => (noDeclaration.has(key) ? undefined : value));
    known.set(facts, declared);
  }
  return declared;
}
