import { factsVersion, type FileFacts } from "../python/facts.js";
import { blockTags } from "./blocks.js";
import { Cursor } from "./cursor.js";
import { ExpressionParser } from "./expressions.js";
import { TemplateLowering, type TagReader } from "./lowering.js";
import { Scanner, type Tag } from "./scanner.js";
import { simpleTags, unknownTag } from "./statements.js";

/** Words that belong to the tag around them. */
const partWords = new Set(["else", "elif", "pluralize"]);

/**
 * A Jinja template as facts, as if it were a Python module: `functions[0]` is its body, macros and blocks are functions. Never throws:
 * what cannot be read is left out, and said in `problems`. Offsets are UTF-16.
 */
export function parseTemplate(text: string): FileFacts {
  const lowering = new TemplateLowering(text);
  const scanner = new Scanner(text, (problem) => lowering.report(problem));
  const words = new Set<string>();
  for (const tag of scanner.tags()) {
    readTag(lowering, tag);
    for (const token of tag.tokens) if (token.kind === "name") words.add(token.text);
  }
  lowering.finish();
  const { functions, problems } = lowering;
  const crlf = text.includes("\r\n") ? { crlf: true as const } : {};
  const { comments } = scanner;
  const read = { imports: [], classes: [], functions, comments, problems, words: [...words] };
  return { version: factsVersion, length: text.length, ...crlf, ...read };
}

function readTag(lowering: TemplateLowering, tag: Tag): void {
  const cursor = new Cursor(tag.tokens);
  if (tag.kind === "output") output(lowering, tag, cursor);
  else statement(lowering, tag, cursor);
  // What the scanner says comes first: it is the cause of what the parser misses.
  const problem = tag.problem ?? cursor.problem;
  if (problem) lowering.report(problem);
}

function output(lowering: TemplateLowering, { tokens }: Tag, cursor: Cursor): void {
  const parser = new ExpressionParser(lowering.text, cursor);
  if (tokens.length === 1) return cursor.fail("Expected an expression");
  const value = parser.tuple();
  finished(cursor);
  lowering.add({ kind: "expression", start: value.start, end: value.end, value });
}

function statement(lowering: TemplateLowering, tag: Tag, cursor: Cursor): void {
  const word = cursor.expectName("the name of a tag");
  if (!word) return;
  const reader: TagReader = Object.assign(new ExpressionParser(lowering.text, cursor), { tag, word });
  const read = simpleTags.get(word.text) ?? blockTags.get(word.text);
  if (read) read(lowering, reader);
  else if (partWords.has(word.text)) part(lowering, reader);
  else if (word.text.startsWith("end")) return endTag(lowering, reader);
  else unknownTag(lowering, reader);
  finished(cursor);
}

function part(lowering: TemplateLowering, reader: TagReader): void {
  const { word, cursor } = reader;
  if (lowering.top.part?.(word.text, reader)) return;
  cursor.problem = { start: word.start, end: word.end, message: `"${word.text}" belongs to no tag that is open here.` };
}

/** What follows the word (the name of the block, say) is for readers. */
function endTag(lowering: TemplateLowering, { word, cursor, tag }: TagReader): void {
  const name = word.text.slice("end".length);
  if (lowering.close(name, tag.end) || !blockTags.has(name)) return;
  cursor.problem = { start: word.start, end: word.end, message: `"${word.text}" closes nothing: no "{% ${name} %}" is open here.` };
}

function finished(cursor: Cursor): void {
  if (!cursor.done) cursor.fail("Expected the end of the tag");
}
