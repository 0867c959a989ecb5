import type { ParseResult } from "libpg-query";
import type { Span } from "#protocol/place";
import { parseTree, SyntaxProblem } from "./engine/engine.js";
import { SqlStatement } from "./statement.js";
import type { SqlSource } from "./source.js";
import { codePointOffset } from "./text/offsets.js";
import type { Lexeme } from "./text/lexer.js";
import { deepest, nestingOf } from "./text/nesting.js";
import { rewritePiece, type Rewritten } from "./text/placeholders.js";
import { splitStatements, type Piece } from "./text/split.js";

/** Why a statement is not understood; `syntax` carries PostgreSQL's own words. Offsets are of the source's text. */
export interface SqlProblem {
  readonly kind: "syntax" | "template" | "nul" | "nesting" | "variable";
  readonly message: string;
  readonly span: Span;
  /** The statement that has it. */
  readonly statement: Span;
}

export interface ParsedSql {
  readonly source: SqlSource;
  readonly statements: readonly SqlStatement[];
  readonly problems: readonly SqlProblem[];
  readonly comments: readonly Lexeme[];
}

/** The statements of a text, each parsed alone, so that a broken one does not hide the others. Never throws. */
export function parseStatements(source: SqlSource): ParsedSql {
  const { pieces, comments } = splitStatements(source.text, source.origin === "file");
  const statements: SqlStatement[] = [];
  const problems: SqlProblem[] = [];
  for (const piece of pieces) {
    const parsed = parsePiece(source, piece, statements);
    if (parsed instanceof SqlStatement) statements.push(parsed);
    else problems.push(parsed);
  }
  return { source, statements, problems, comments };
}

function parsePiece(source: SqlSource, piece: Piece, script: readonly SqlStatement[]): SqlStatement | SqlProblem {
  const statement = { start: piece.start, end: piece.end };
  const problem = (kind: SqlProblem["kind"], message: string, span: Span = statement): SqlProblem => ({ kind, message, span, statement });
  const refused = unreadable(source.text, piece);
  if (refused) return problem(refused.kind, refused.message, refused.span);
  const rewritten = rewritePiece(source.text, piece, source.placeholders, source.origin);
  if (rewritten.problem) return problem("variable", rewritten.problem.message, rewritten.problem);
  try {
    const { stmts } = parseTree(rewritten.changed.text);
    const tree = stmts?.[0]?.stmt;
    if (!tree || stmts.length !== 1) return problem("syntax", "This is not one statement.");
    return new SqlStatement(source, statement, rewritten.changed, rewritten.style, rewritten.parameters, tree, script);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    if (isExhausted(error)) return problem("nesting", tooDeep);
    return problem("syntax", error.message, errorSpan(piece, rewritten, error));
  }
}

const tooDeep = `The statement is nested too deeply: more than ${deepest} levels are not parsed.`;

/** The parser's stack, or the grammar's, came to its end. */
function isExhausted(error: SyntaxProblem): boolean {
  return error.offset === undefined || error.message.startsWith("memory exhausted");
}

/** What must not reach the parser: it would cut the text, exhaust its stack, or complain about marks that are not SQL. */
function unreadable(text: string, piece: Piece): { kind: SqlProblem["kind"]; message: string; span?: Span } | undefined {
  const nul = text.indexOf("\0", piece.start);
  if (nul >= 0 && nul < piece.end)
    return {
      kind: "nul",
      message: "The statement contains a NUL character, which PostgreSQL does not accept.",
      span: { start: nul, end: nul + 1 },
    };
  const template = piece.lexemes.find((lexeme) => lexeme.kind === "template");
  if (template)
    return {
      kind: "template",
      message: "The statement is a template ({{ }}, {% %}): its SQL is known only after rendering.",
      span: template,
    };
  if (nestingOf(text, piece.lexemes) > deepest) return { kind: "nesting", message: tooDeep };
  return undefined;
}

function errorSpan(piece: Piece, rewritten: Rewritten, error: SyntaxProblem): Span {
  if (error.offset === undefined) return { start: piece.start, end: piece.end };
  const offset = piece.start + rewritten.changed.toOriginal(codePointOffset(rewritten.changed.text, error.offset));
  const at = piece.lexemes.find((lexeme) => lexeme.start <= offset && offset < lexeme.end);
  return at ?? { start: Math.min(offset, piece.end - 1), end: piece.end };
}

export type ParseOutcome = { ok: true; tree: ParseResult } | { ok: false; message: string; /** UTF-16 units. */ offset?: number };

/** The whole text as PostgreSQL would take it, nothing cut and nothing rewritten. Never throws. */
export function parseSql(text: string): ParseOutcome {
  const nul = text.indexOf("\0");
  if (nul >= 0) return { ok: false, message: "The statement contains a NUL character, which PostgreSQL does not accept.", offset: nul };
  const { pieces } = splitStatements(text, false);
  if (
    nestingOf(
      text,
      pieces.flatMap((piece) => [...piece.lexemes]),
    ) > deepest
  )
    return { ok: false, message: tooDeep };
  try {
    return { ok: true, tree: parseTree(text) };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    if (isExhausted(error)) return { ok: false, message: tooDeep };
    return { ok: false, message: error.message, ...(error.offset === undefined ? {} : { offset: codePointOffset(text, error.offset) }) };
  }
}
