import type { Expr } from "../python/index.js";
import type { TagReader, TemplateLowering } from "./lowering.js";
import { templateNames } from "./names.js";
import { nameOf } from "./nodes.js";

type ReadTag = (lowering: TemplateLowering, reader: TagReader) => void;

function addExpression(lowering: TemplateLowering, value: Expr): void {
  lowering.add({ kind: "expression", start: value.start, end: value.end, value });
}

/** `callee(e)`, spanning the tag from its word on. */
function templateCall(reader: TagReader, callee: string): Expr {
  const { word } = reader;
  const value = reader.expression();
  return reader.nodes.call(nameOf({ ...word, kind: "name", text: callee }), [{ value }], word.start, value.end);
}

function skipContext(reader: TagReader): boolean {
  return reader.cursor.skipNames("with", "context") || reader.cursor.skipNames("without", "context");
}

const includeTag: ReadTag = (lowering, reader) => {
  addExpression(lowering, templateCall(reader, templateNames.include));
  reader.cursor.skipNames("ignore", "missing");
  skipContext(reader);
};

const importTag: ReadTag = (lowering, reader) => {
  const value = templateCall(reader, templateNames.import);
  reader.cursor.expectWord("as");
  const name = reader.cursor.expectName("the name of the import");
  if (name) lowering.add({ kind: "assign", start: value.start, end: name.end, targets: [nameOf(name)], value });
  skipContext(reader);
};

const fromTag: ReadTag = (lowering, reader) => {
  const { cursor } = reader;
  const of = templateCall(reader, templateNames.import);
  cursor.expectWord("import");
  while (!cursor.done && !skipContext(reader)) {
    const name = cursor.expectName("a name to import");
    if (!name) break;
    const alias = cursor.skipName("as") ? cursor.expectName("a name") : undefined;
    const value: Expr = { kind: "attribute", start: name.start, end: name.end, of, name: name.text };
    lowering.add({ kind: "assign", start: name.start, end: cursor.end, targets: [nameOf(alias ?? name)], value });
    if (!cursor.skipOperator(",")) {
      skipContext(reader);
      break;
    }
  }
};

const printTag: ReadTag = (lowering, reader) => addExpression(lowering, reader.tuple());

/** `break` and `continue` of the loop controls extension. */
const jumpTag: ReadTag = (lowering, { word, cursor }) => {
  const kind = word.text === "break" ? "break" : "continue";
  if (lowering.inLoop()) lowering.add({ kind, start: word.start, end: word.end });
  else cursor.problem = { start: word.start, end: word.end, message: `"${kind}" stands outside of a loop.` };
};

/** The tags that stand alone. */
export const simpleTags = new Map<string, ReadTag>([
  ["extends", (lowering, reader) => addExpression(lowering, templateCall(reader, templateNames.extends))],
  ["include", includeTag],
  ["import", importTag],
  ["from", fromTag],
  ["do", printTag],
  ["print", printTag],
  ["break", jumpTag],
  ["continue", jumpTag],
]);

/** A tag of an extension that nobody here knows: what its arguments evaluate, as far as they read like expressions. */
export const unknownTag: ReadTag = (lowering, reader) => {
  const { cursor, word } = reader;
  const items: Expr[] = [];
  while (!cursor.done) {
    if (cursor.current.kind === "name" && cursor.next.text === "=") {
      cursor.take();
      cursor.take();
    }
    items.push(reader.expression());
    cursor.skipOperator(",");
  }
  cursor.problem = undefined;
  if (items.length > 0) lowering.add({ kind: "other", start: word.start, end: Math.max(word.end, items.at(-1)!.end), items });
};
