import type { Language, Tree } from "web-tree-sitter";

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
  flatten(tree: Tree, text: string): FlatTree;
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
  const made = new FlatBuffer();

  const flatten = (tree: Tree, text: string): FlatTree => {
    made.count = 0;
    const cursor = tree.walk();
    // -1 stands for an anonymous node that is descended into without being kept.
    const open: number[] = [];
    for (;;) {
      const id = cursor.nodeTypeId;
      let descend = true;
      let index = -1;
      if (id === errorId || named[id] === 1) {
        const start = cursor.startIndex;
        index = made.add(id, start, cursor.endIndex, cursor.currentFieldId);
        if (id === stringId) descend = isFormatString(text, start);
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

/** Parallel arrays that grow. */
class FlatBuffer implements FlatTree {
  private capacity = 1 << 16;
  type = new Uint16Array(this.capacity);
  start = new Int32Array(this.capacity);
  end = new Int32Array(this.capacity);
  field = new Uint8Array(this.capacity);
  next = new Int32Array(this.capacity);
  count = 0;

  add(type: number, start: number, end: number, field: number): number {
    if (this.count === this.capacity) this.grow();
    const index = this.count++;
    this.type[index] = type;
    this.start[index] = start;
    this.end[index] = end;
    this.field[index] = field;
    return index;
  }

  private grow(): void {
    this.capacity *= 2;
    const larger = <T extends Uint16Array | Int32Array | Uint8Array>(array: T, made: T): T => (made.set(array as never), made);
    this.type = larger(this.type, new Uint16Array(this.capacity));
    this.start = larger(this.start, new Int32Array(this.capacity));
    this.end = larger(this.end, new Int32Array(this.capacity));
    this.field = larger(this.field, new Uint8Array(this.capacity));
    this.next = larger(this.next, new Int32Array(this.capacity));
  }
}
