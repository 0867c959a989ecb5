import type { Argument, CallExpr, Expr, NameExpr, OtherExpr } from "../python/ir.js";
import type { Token } from "./tokens.js";

/** Deeper expressions are cut off: everything that reads the lowered form walks it recursively. */
const maxHeight = 150;

/** Makes expressions of bounded height, also where the grammar nests to the left without recursion (`a.b.b.b…`, `1 + 1 + 1 …`). */
export class Nodes {
  private readonly heights = new Map<Expr, number>();

  constructor(private readonly tooDeep: (start: number) => void) {}

  /** `node` with what it is made of; where that is too deep, something unknown in its place. */
  make<E extends Expr>(node: E, parts: Iterable<Expr>): E | OtherExpr {
    let height = 1;
    for (const part of parts) height = Math.max(height, 1 + (this.heights.get(part) ?? 1));
    if (height > maxHeight) {
      this.tooDeep(node.start);
      return nothing(node.start, node.end);
    }
    this.heights.set(node, height);
    return node;
  }

  call(callee: Expr, args: readonly Argument[], start: number, end: number): Expr {
    return this.make<CallExpr>({ kind: "call", start, end, callee, args }, [callee, ...args.map((arg) => arg.value)]);
  }

  /** `space.word(…)` for a filter or a test. */
  member(space: string, word: string, at: { start: number; end: number }, args: readonly Argument[], start: number, end: number): Expr {
    const of: NameExpr = { kind: "name", start: at.start, end: at.start, id: space };
    return this.call({ kind: "attribute", start: at.start, end: at.end, of, name: word }, args, start, end);
  }
}

export const nothing = (start: number, end: number): OtherExpr => ({ kind: "other", start, end, items: [] });
export const nameOf = ({ text, start, end }: Token): NameExpr => ({ kind: "name", start, end, id: text });
