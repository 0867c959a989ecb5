import { Language, Parser, type Tree } from "web-tree-sitter";
import { factsVersion, type FileFacts } from "./facts.js";
import type { Expr } from "./ir.js";
import { readDirectly } from "./direct/index.js";
import { Lowering } from "./lower/context.js";
import { lowerModule } from "./lower/definitions.js";
import { lowerExpr } from "./lower/expressions.js";
import { createFlattener, type Flattener } from "./tree.js";

export interface PythonParser {
  /** Lowers one file. Never fails: what does not parse is left out and named in `problems`. */
  facts(text: string): FileFacts;
  /** The same by way of a syntax tree, which bears errors: what `facts` does where a text cannot be read directly. */
  factsFromTree(text: string): FileFacts;
}

/**
 * @param runtime bytes of web-tree-sitter.wasm
 * @param grammar bytes of tree-sitter-python.wasm
 */
export async function createPythonParser(bytes: { runtime: Uint8Array; grammar: Uint8Array }): Promise<PythonParser> {
  await Parser.init({ wasmBinary: bytes.runtime });
  const language = await Language.load(bytes.grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const types = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "");
  const main = createFlattener(language);
  const annotations = createFlattener(language);
  const tools = { parser, types, fields: language.fields, main, annotations };
  const factsFromTree = (text: string) => fromTree(tools, text);
  return { facts: (text) => readDirectly(text) ?? factsFromTree(text), factsFromTree };
}

interface Tools {
  readonly parser: Parser;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  readonly main: Flattener;
  readonly annotations: Flattener;
}

const emptyFacts = (length: number, message: string): FileFacts => ({
  version: factsVersion,
  length,
  imports: [],
  classes: [],
  functions: [{ name: "", qualifiedName: "", start: 0, end: length, nameStart: 0, parent: -1, params: [], decorators: [], body: [] }],
  comments: [],
  problems: [{ start: 0, end: 0, message }],
  words: [],
});

function fromTree(tools: Tools, text: string): FileFacts {
  const tree = tools.parser.parse(text);
  if (!tree) return emptyFacts(text.length, "Not analysed: the syntax tree could not be built.");
  const broken = tree.rootNode.hasError;
  const flat = tools.main.flatten(tree, text);
  const lowering = new Lowering(text, flat, tools.types, tools.fields, (outer, content, offset) =>
    annotation(tools, outer, content, offset),
  );
  if (broken) collectErrors(lowering, tree);
  collectComments(lowering);
  collectWords(lowering);
  tree.delete();
  lowerModule(lowering);
  const { imports, classes, functions, comments, problems } = lowering;
  const lines = text.includes("\r\n") ? { crlf: true as const } : {};
  const words = [...lowering.words];
  return { version: factsVersion, length: text.length, ...lines, imports, classes, functions, comments, problems, words };
}

/** A string annotation's content, as an expression with offsets of the file; undefined where it is no expression. */
function annotation(tools: Tools, outer: Lowering, content: string, offset: number): Expr | undefined {
  const tree = tools.parser.parse(content);
  if (!tree) return undefined;
  const usable = !tree.rootNode.hasError && tree.rootNode.namedChildCount === 1;
  const flat = usable ? tools.annotations.flatten(tree, content) : undefined;
  tree.delete();
  if (!flat) return undefined;
  const inner = new Lowering(outer.text, flat, tools.types, tools.fields, () => undefined, offset);
  collectWords(inner);
  for (const word of inner.words) outer.words.add(word);
  // module → expression_statement → the expression
  const isExpression = flat.count > 2 && inner.type(1) === "expression_statement" && flat.next[2] === flat.count;
  return isExpression && inner.type(2) !== "assignment" ? lowerExpr(inner, 2) : undefined;
}

function collectErrors(lowering: Lowering, tree: Tree): void {
  const { count } = lowering.tree;
  for (let node = 0; node < count; node++)
    if (lowering.type(node) === "ERROR")
      lowering.problem(lowering.start(node), lowering.end(node), "Syntax error: this part is not analysed.");
  if (lowering.problems.length === 0) lowering.problem(0, 0, `Syntax error: something is missing${missing(tree)}.`);
}
/** The parser fills in what it misses with empty nodes. */
function missing(tree: Tree): string {
  const cursor = tree.walk();
  let place = "";
  walk: for (;;) {
    if (cursor.nodeIsMissing) {
      place = ` at line ${cursor.startPosition.row + 1} ("${cursor.nodeType}")`;
      break;
    }
    if (cursor.gotoFirstChild()) continue;
    while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) break walk;
  }
  cursor.delete();
  return place;
}

function collectWords(lowering: Lowering): void {
  for (let node = 0; node < lowering.tree.count; node++) if (lowering.type(node) === "identifier") lowering.words.add(lowering.name(node));
}

function collectComments(lowering: Lowering): void {
  // Most files have none: one search spares the walk.
  if (!lowering.text.includes("db-optimize")) return;
  for (let node = 0; node < lowering.tree.count; node++) {
    if (lowering.type(node) !== "comment") continue;
    const text = lowering.raw(node);
    if (text.includes("db-optimize")) lowering.comments.push({ start: lowering.start(node), end: lowering.end(node), text });
  }
}
