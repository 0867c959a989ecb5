import type { Language, Tree } from "web-tree-sitter";
import type { Change } from "./incremental.js";

/**
 * A syntax tree copied out of WebAssembly in one cursor walk: named nodes in pre-order in parallel arrays. The children of `i` are
 * `i + 1`, `next[i + 1]`, … up to `next[i]`. The arrays are reused from file to file, so a tree is good only until the next `flatten`.
 */
export interface FlatTree {
  readonly type: Uint16Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly field: Uint8Array;
  /** Index of the first node after the subtree of this one. */
  readonly next: Int32Array;
  readonly count: number;
}

export interface Flattener {
  /** `change` says how the text came from the one flattened before: top-level statements outside of it are copied instead of walked. */
  flatten(tree: Tree, text: string, change?: Change): FlatTree;
}

const isFormatString = (text: string, at: number) => {
  // The prefix is at most two letters, in any case and order: r, b, u, f, t.
  for (let i = at; i < at + 3; i++) {
    const code = text.charCodeAt(i) | 32;
    if (code === 102 || code === 116) return true;
    if (code < 97 || code > 122) return false;
  }
  return false;
};

export function createFlattener(language: Language): Flattener {
  const named = Uint8Array.from({ length: language.nodeTypeCount }, (_, id) => (language.nodeTypeIsNamed(id) ? 1 : 0));
  const stringId = language.idForNodeType("string", true);
  const errorId = 65535;
  let current = new FlatBuffer();
  let previous = new FlatBuffer();

  const flatten = (tree: Tree, text: string, change?: Change): FlatTree => {
    [previous, current] = [current, previous];
    const made = current;
    made.clear();
    const cursor = tree.walk();
    // -1 stands for an anonymous node that is descended into without being kept.
    const open: number[] = [];
    for (;;) {
      const id = cursor.nodeTypeId;
      let descend = true;
      let index = -1;
      if (id === errorId || named[id] === 1) {
        const [start, end] = [cursor.startIndex, cursor.endIndex];
        if (change && open.length === 1 && made.copyUnchanged(previous, id, start, end, change)) descend = false;
        else {
          index = made.add(id, start, end, cursor.currentFieldId);
          if (open.length === 1) made.topLevel.set(start, index);
          if (id === stringId) descend = isFormatString(text, start);
        }
      }
      if (descend && cursor.gotoFirstChild()) {
        open.push(index);
        continue;
      }
      if (index >= 0) made.next[index] = made.count;
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
          cursor.delete();
          return made;
        }
        const closed = open.pop()!;
        if (closed >= 0) made.next[closed] = made.count;
      }
    }
  };
  return { flatten };
}

/** Parallel arrays that grow, and where the module's own statements stand in them. */
class FlatBuffer implements FlatTree {
  private capacity = 1 << 16;
  type = new Uint16Array(this.capacity);
  start = new Int32Array(this.capacity);
  end = new Int32Array(this.capacity);
  field = new Uint8Array(this.capacity);
  next = new Int32Array(this.capacity);
  count = 0;
  /** Offset of a top-level statement → its index. */
  readonly topLevel = new Map<number, number>();

  clear(): void {
    this.count = 0;
    this.topLevel.clear();
  }

  add(type: number, start: number, end: number, field: number): number {
    this.reserve(1);
    const index = this.count++;
    this.type[index] = type;
    this.start[index] = start;
    this.end[index] = end;
    this.field[index] = field;
    return index;
  }

  /** Takes a top-level statement over from the tree before the change, when it was there in the same form. */
  copyUnchanged(from: FlatBuffer, type: number, start: number, end: number, change: Change): boolean {
    const shift = start > change.newEnd ? change.newEnd - change.oldEnd : end < change.start ? 0 : undefined;
    if (shift === undefined) return false;
    const first = from.topLevel.get(start - shift);
    if (first === undefined || from.type[first] !== type || from.end[first] !== end - shift) return false;
    const length = from.next[first]! - first;
    this.reserve(length);
    const to = this.count;
    this.type.set(from.type.subarray(first, first + length), to);
    this.field.set(from.field.subarray(first, first + length), to);
    for (let i = 0; i < length; i++) {
      this.start[to + i] = from.start[first + i]! + shift;
      this.end[to + i] = from.end[first + i]! + shift;
      this.next[to + i] = from.next[first + i]! + to - first;
    }
    this.topLevel.set(start, to);
    this.count += length;
    return true;
  }

  private reserve(more: number): void {
    if (this.count + more <= this.capacity) return;
    while (this.count + more > this.capacity) this.capacity *= 2;
    const larger = <T extends Uint16Array | Int32Array | Uint8Array>(array: T, made: T): T => (made.set(array as never), made);
    this.type = larger(this.type, new Uint16Array(this.capacity));
    this.start = larger(this.start, new Int32Array(this.capacity));
    this.end = larger(this.end, new Int32Array(this.capacity));
    this.field = larger(this.field, new Uint8Array(this.capacity));
    this.next = larger(this.next, new Int32Array(this.capacity));
  }
}
