import { Edit, type Parser, type Point, type Tree } from "web-tree-sitter";

/** How a text came from another: `[start, oldEnd)` of the old one was replaced by `[start, newEnd)` of the new one. */
export interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** Shorter texts are parsed anew as quickly. */
const worthKeeping = 8_000;
/** A larger change is another text rather than a later state of this one. */
const largestChange = 20_000;

/** The smallest single replacement that makes `newText` of `oldText`. */
export function changeBetween(oldText: string, newText: string): Change {
  const shorter = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start < shorter && oldText.charCodeAt(start) === newText.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && oldText.charCodeAt(oldText.length - 1 - same) === newText.charCodeAt(newText.length - 1 - same)) same++;
  return { start, oldEnd: oldText.length - same, newEnd: newText.length - same };
}

/** A parsed text; `change` says how it came from the one parsed before it, where the tree was made from that one's. */
export interface Parsed {
  readonly tree: Tree;
  readonly change?: Change;
}

/**
 * Parses the later states of one text quickly: only what changed is read again. A tree with errors depends on the way to it, so neither is one
 * built on nor is one built by changing another: the same text always gives the same tree.
 */
export class IncrementalParser {
  private last: { readonly text: string; readonly tree: Tree } | undefined;

  constructor(private readonly parser: Parser) {}

  /** The tree is good until the next call; nobody else deletes it. */
  parse(text: string): Parsed | undefined {
    const parsed = this.fromLast(text) ?? this.anew(text);
    this.last?.tree.delete();
    this.last = parsed && { text, tree: parsed.tree };
    return parsed;
  }

  private anew(text: string): Parsed | undefined {
    const tree = this.parser.parse(text);
    return tree ? { tree } : undefined;
  }

  private fromLast(text: string): Parsed | undefined {
    if (!this.last || text.length < worthKeeping || this.last.tree.rootNode.hasError) return undefined;
    const old = this.last.text;
    const change = changeBetween(old, text);
    if (change.oldEnd - change.start > largestChange || change.newEnd - change.start > largestChange) return undefined;
    this.last.tree.edit(editOf(change, old, text));
    const tree = this.parser.parse(text, this.last.tree);
    if (!tree) return undefined;
    if (!tree.rootNode.hasError) return { tree, change };
    tree.delete();
    return undefined;
  }
}

function editOf({ start, oldEnd, newEnd }: Change, oldText: string, newText: string): Edit {
  return new Edit({
    startIndex: start,
    oldEndIndex: oldEnd,
    newEndIndex: newEnd,
    startPosition: pointAt(newText, start),
    oldEndPosition: pointAt(oldText, oldEnd),
    newEndPosition: pointAt(newText, newEnd),
  });
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
