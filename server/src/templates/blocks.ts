import { forEachExpr, type Expr, type ParamFact, type Stmt } from "../python/index.js";
import type { TagReader, TemplateLowering } from "./lowering.js";
import { blockFunction, callerFunction, templateNames } from "./names.js";
import { nameOf, nothing } from "./nodes.js";

type ReadTag = (lowering: TemplateLowering, reader: TagReader) => void;

const forTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  const target = reader.target("in");
  cursor.expectWord("in");
  const iter = reader.tuple(false, "recursive");
  const test = cursor.skipName("if") ? reader.expression() : undefined;
  cursor.skipName("recursive");
  const body: Stmt[] = [];
  let otherwise: Stmt[] | undefined;
  const { end: inner } = tag;
  lowering.open({
    ...{ name: "for", start: tag.start, body, loop: true },
    part(word) {
      if (word !== "else" || otherwise) return false;
      lowering.top.body = otherwise = [];
      return true;
    },
    close(end) {
      const guarded: Stmt[] = test
        ? [{ kind: "if", start: test.start, end: Math.max(inner, body.at(-1)?.end ?? 0), branches: [{ test, body }] }]
        : body;
      lowering.add({ kind: "for", start: tag.start, end, target, iter, body: guarded, ...(otherwise ? { else: otherwise } : {}) });
    },
  });
};

const ifTag: ReadTag = (lowering, reader) => {
  const { start } = reader.tag;
  const branches = [{ test: reader.tuple(false), body: [] as Stmt[] }];
  let otherwise: Stmt[] | undefined;
  lowering.open({
    ...{ name: "if", start, body: branches[0]!.body },
    part(word, part) {
      if (otherwise || (word !== "else" && word !== "elif")) return false;
      if (word === "else") lowering.top.body = otherwise = [];
      else branches.push({ test: part.tuple(false), body: (lowering.top.body = []) });
      return true;
    },
    close: (end) => lowering.add({ kind: "if", start, end, branches, ...(otherwise ? { else: otherwise } : {}) }),
  });
};

/** With a value it stands alone; without one its body is the value. */
const setTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  const target = reader.target();
  if (cursor.skipOperator("=")) {
    const value = reader.tuple();
    lowering.add({ kind: "assign", start: target.start, end: value.end, targets: [target], value });
    return;
  }
  const value = reader.filters(nothing(cursor.end, cursor.end));
  // A value that is not written yet is no reason to take the rest of the template for one.
  if (cursor.problem || !cursor.done) return;
  const { body } = lowering.top;
  lowering.open({
    ...{ name: "set", start: tag.start, body },
    close: (end) => lowering.add({ kind: "assign", start: tag.start, end, targets: [target], value }),
  });
};

const withTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  while (!cursor.done) {
    const target = reader.target();
    cursor.expectOperator("=");
    if (cursor.done) break;
    const value = reader.expression();
    lowering.add({ kind: "assign", start: target.start, end: value.end, targets: [target], value });
    if (!cursor.skipOperator(",")) break;
  }
  lowering.open({ name: "with", start: tag.start, body: lowering.top.body });
};

function signature(reader: TagReader): ParamFact[] {
  const { cursor } = reader;
  const params: ParamFact[] = [];
  cursor.expectOperator("(");
  while (!cursor.done && !cursor.isOperator(")")) {
    const name = cursor.expectName("the name of a parameter");
    if (!name) break;
    params.push(cursor.skipOperator("=") ? { name: name.text, default: reader.expression() } : { name: name.text });
    if (!cursor.skipOperator(",")) break;
  }
  cursor.expectOperator(")");
  return params;
}

const macroTag: ReadTag = (lowering, reader) => {
  const { start } = reader.tag;
  const name = reader.cursor.expectName("the macro's name");
  const params = name ? signature(reader) : [];
  const body: Stmt[] = [];
  const fact = { name: name?.text ?? "", start, nameStart: name?.start ?? start, parent: lowering.top.function, params, body };
  openFunction(lowering, "macro", fact, (index) => {
    lowering.functions[index]!.params = [...params, ...impliedParams(params, body)];
  });
};

/** What a macro is given without saying so, where it speaks of it: the caller's block, and arguments beyond its own. */
function impliedParams(params: readonly ParamFact[], body: readonly Stmt[]): ParamFact[] {
  const used = new Set<string>();
  forEachExpr(body, (expr) => void (expr.kind === "name" && used.add(expr.id)));
  for (const { name } of params) used.delete(name);
  return impliedNames.filter(({ name }) => used.has(name));
}
const impliedNames: readonly ParamFact[] = [
  { name: "varargs", splat: 1 },
  { name: callerFunction, keywordOnly: true },
  { name: "kwargs", splat: 2 },
];

function openFunction(
  lowering: TemplateLowering,
  tag: string,
  fact: Parameters<TemplateLowering["addFunction"]>[0],
  done: (index: number) => void,
): void {
  const index = lowering.addFunction(fact);
  lowering.open({
    ...{ name: tag, start: fact.start, body: fact.body, function: index },
    close(end) {
      lowering.functions[index]!.end = end;
      lowering.add({ kind: "function", start: fact.start, end, index });
      done(index);
    },
  });
}

/** Its body is a function that the called macro calls as `caller`. */
const callTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  const params = cursor.isOperator("(") ? signature(reader) : [];
  const { start } = cursor.current;
  const called = reader.expression();
  if (called.kind !== "call" && !cursor.problem)
    cursor.problem = { start, end: cursor.end, message: '"{% call %}" needs the call of a macro.' };
  const fact = { name: callerFunction, start: tag.start, nameStart: reader.word.start, parent: lowering.top.function, params, body: [] };
  openFunction(lowering, "call", fact, () => {
    const caller: Expr = { kind: "name", start: called.end, end: called.end, id: callerFunction };
    const value: Expr = called.kind === "call" ? { ...called, args: [...called.args, { name: "caller", value: caller }] } : called;
    lowering.add({ kind: "expression", start: called.start, end: called.end, value });
  });
};

const blockTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  const name = cursor.expectName("the block's name");
  const scoped = cursor.skipName("scoped");
  cursor.skipName("required");
  if (!name) return void lowering.open({ name: "block", start: tag.start, body: lowering.top.body });
  const { start, end } = name;
  const args = [
    { value: { kind: "string", start, end, value: name.text, map: [0, start] } as const },
    ...(scoped ? [{ name: "scoped", value: { kind: "constant", start: end, end, value: true } as const }] : []),
  ];
  const value = reader.nodes.call(nameOf({ ...reader.word, kind: "name", text: templateNames.block }), args, reader.word.start, end);
  lowering.add({ kind: "expression", start: value.start, end, value });
  const body: Stmt[] = [];
  const index = lowering.addFunction({ name: blockFunction(name.text), start: tag.start, nameStart: start, parent: 0, params: [], body });
  lowering.open({
    ...{ name: "block", start: tag.start, body, function: index },
    close(closed) {
      lowering.functions[index]!.end = closed;
    },
  });
};

const filterTag: ReadTag = (lowering, reader) => {
  const { tag, word } = reader;
  const value = reader.filterBlock(nothing(word.end, word.end));
  const { body } = lowering.top;
  lowering.open({
    ...{ name: "filter", start: tag.start, body },
    close: () => lowering.add({ kind: "expression", start: value.start, end: value.end, value }),
  });
};

const autoescapeTag: ReadTag = (lowering, reader) => {
  if (!reader.cursor.done) {
    const value = reader.expression();
    lowering.add({ kind: "expression", start: value.start, end: value.end, value });
  }
  lowering.open({ name: "autoescape", start: reader.tag.start, body: lowering.top.body });
};

/** `{% trans "context" a, b=c %}`: what it assigns and evaluates, then the body with its plural. */
const transTag: ReadTag = (lowering, reader) => {
  const { cursor, tag } = reader;
  while (!cursor.done) {
    const isModifier = (cursor.isName("trimmed") || cursor.isName("notrimmed")) && cursor.next.text !== "=";
    if (isModifier) cursor.take();
    else if (cursor.current.kind === "name" && cursor.next.text === "=") {
      const target = nameOf(cursor.take());
      cursor.take();
      const value = reader.expression();
      lowering.add({ kind: "assign", start: target.start, end: value.end, targets: [target], value });
    } else {
      const value = reader.expression();
      lowering.add({ kind: "expression", start: value.start, end: value.end, value });
    }
    cursor.skipOperator(",");
  }
  lowering.open({
    ...{ name: "trans", start: tag.start, body: lowering.top.body },
    part(word, part) {
      if (word !== "pluralize") return false;
      if (part.cursor.current.kind === "name") part.cursor.take();
      return true;
    },
  });
};

/** The tags that have bodies. */
export const blockTags = new Map<string, ReadTag>([
  ["for", forTag],
  ["if", ifTag],
  ["set", setTag],
  ["with", withTag],
  ["macro", macroTag],
  ["call", callTag],
  ["block", blockTag],
  ["filter", filterTag],
  ["autoescape", autoescapeTag],
  ["trans", transTag],
]);
