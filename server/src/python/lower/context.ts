import type { Expr, OtherExpr } from "../ir.js";
import type { FlatTree } from "../tree.js";
import { FactsBuilder } from "./builder.js";
import { indentBetween } from "./layout.js";

/** Nesting beyond this is not followed: the lowered form is walked recursively by everything that reads it. */
const maxDepth = 250;
const maxProblems = 50;

/** One file while it is lowered: the flat tree, the text, and the tables that grow. */
export class Lowering extends FactsBuilder {
  /** String annotations are code: set while a type is lowered. */
  inType = false;
  readonly words = new Set<string>();
  private depth = 0;
  private tooDeep = false;
  private readonly names = new Map<string, string>();

  constructor(
    readonly text: string,
    public tree: FlatTree,
    readonly typeNames: readonly string[],
    readonly fieldNames: readonly (string | null)[],
    /** Parses a string annotation's content, which starts at `offset` of the file. */
    readonly parseAnnotation: (lowering: Lowering, content: string, offset: number) => Expr | undefined,
    /** Added to every offset: not 0 only inside a string annotation. */
    public shift = 0,
  ) {
    super();
  }

  type(node: number): string {
    return this.typeNames[this.tree.type[node]!] ?? "ERROR";
  }
  field(node: number): string | null {
    return this.fieldNames[this.tree.field[node]!] ?? null;
  }
  start(node: number): number {
    return this.tree.start[node]! + this.shift;
  }
  end(node: number): number {
    return this.tree.end[node]! + this.shift;
  }
  raw(node: number): string {
    return this.text.slice(this.start(node), this.end(node));
  }
  /** Text of an identifier, one string object per spelling. */
  name(node: number): string {
    const text = this.raw(node);
    const known = this.names.get(text);
    if (known !== undefined) return known;
    this.names.set(text, text);
    return text;
  }
  /** Named children without comments. */
  children(node: number): number[] {
    const { next, type } = this.tree;
    const result: number[] = [];
    for (let child = node + 1, stop = next[node]!; child < stop; child = next[child]!) {
      const name = this.typeNames[type[child]!];
      if (name !== "comment" && name !== "line_continuation") result.push(child);
    }
    return result;
  }
  child(node: number, field: string): number | undefined {
    const { next } = this.tree;
    for (let child = node + 1, stop = next[node]!; child < stop; child = next[child]!) if (this.field(child) === field) return child;
    return undefined;
  }
  startsWith(node: number, keyword: string): boolean {
    return this.text.startsWith(keyword, this.start(node));
  }

  indentBetween(from: number, at: number): number | undefined {
    return indentBetween(this.text, from, at);
  }

  problem(start: number, end: number, message: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ start, end, message });
  }
  /** What is left out of the lowered form. */
  nothing(node: number): OtherExpr {
    return { kind: "other", start: this.start(node), end: this.end(node), items: [] };
  }
  /** Runs `lower` one level deeper, or gives `fallback` where the nesting is beyond bounds. */
  deeper<T>(node: number, fallback: T, lower: () => T): T {
    if (this.depth >= maxDepth) {
      if (!this.tooDeep)
        this.problem(this.start(node), this.end(node), `Nested more than ${maxDepth} levels deep: not analysed from here on.`);
      this.tooDeep = true;
      return fallback;
    }
    this.depth++;
    const result = lower();
    this.depth--;
    return result;
  }
}
