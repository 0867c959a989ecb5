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
  let capacity = 1 << 16;
  let type = new Uint16Array(capacity);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let field = new Uint8Array(capacity);
  let next = new Int32Array(capacity);

  const grow = () => {
    capacity *= 2;
    const larger = <T extends Uint16Array | Int32Array | Uint8Array>(array: T, made: T): T => (made.set(array as never), made);
    type = larger(type, new Uint16Array(capacity));
    start = larger(start, new Int32Array(capacity));
    end = larger(end, new Int32Array(capacity));
    field = larger(field, new Uint8Array(capacity));
    next = larger(next, new Int32Array(capacity));
  };

  const flatten = (tree: Tree, text: string): FlatTree => {
    const cursor = tree.walk();
    // -1 stands for an anonymous node that is descended into without being kept.
    const open: number[] = [];
    let count = 0;
    for (;;) {
      const id = cursor.nodeTypeId;
      const keep = id === errorId || named[id] === 1;
      let descend = true;
      let index = -1;
      if (keep) {
        if (count === capacity) grow();
        index = count++;
        type[index] = id;
        start[index] = cursor.startIndex;
        end[index] = cursor.endIndex;
        field[index] = cursor.currentFieldId;
        if (id === stringId) descend = isFormatString(text, start[index]!);
      }
      if (descend && cursor.gotoFirstChild()) {
        open.push(index);
        continue;
      }
      if (index >= 0) next[index] = count;
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) {
          cursor.delete();
          return { type, start, end, field, next, count };
        }
        const closed = open.pop()!;
        if (closed >= 0) next[closed] = count;
      }
    }
  };
  return { flatten };
}
