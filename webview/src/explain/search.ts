import type { PlanNode } from "#protocol/plan";
import type { PlanIndex } from "./planIndex.js";

const texts = new WeakMap<PlanNode, string>();

/** Everything of a node that a reader may look for: type, relation, alias, index, conditions and every other key with its value. */
function textOf(node: PlanNode): string {
  const known = texts.get(node);
  if (known !== undefined) return known;
  const parts = [node.title, node.type, node.schema, node.relation, node.alias, node.index, node.subplanName, node.relationship];
  const details = node.details.map(({ key, value }) => `${key}: ${value}`);
  const text = [...parts.filter((part) => part !== undefined), ...details].join("\n").toLowerCase();
  texts.set(node, text);
  return text;
}

/** The words of a search, as they are looked for: every word must be in a node's text, upper and lower case alike. */
export function searchWords(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** @returns ids of the nodes that hold all words, in the plan's order; none for an empty search */
export function searchPlan(index: PlanIndex, search: string): string[] {
  const words = searchWords(search);
  if (words.length === 0) return [];
  return index.plan.nodes
    .filter((node) => {
      const text = textOf(node);
      return words.every((word) => text.includes(word));
    })
    .map(({ id }) => id);
}

/** A text cut at what the search found, to be lit: pieces in order. */
export function highlightPieces(text: string, search: string): { readonly text: string; readonly hit: boolean }[] {
  const lower = text.toLowerCase();
  // Lower case can be longer than the text ("İ"): places would not agree, so such a text is left whole.
  const words = lower.length === text.length ? searchWords(search) : [];
  const hits = new Uint8Array(text.length);
  for (const word of words)
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) hits.fill(1, at, at + word.length);
  const pieces: { text: string; hit: boolean }[] = [];
  for (let start = 0, end = 1; end <= text.length; end++) {
    if (end < text.length && hits[end] === hits[start]) continue;
    pieces.push({ text: text.slice(start, end), hit: hits[start] === 1 });
    start = end;
  }
  return pieces;
}
