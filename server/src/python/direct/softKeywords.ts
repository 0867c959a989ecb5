import type { Expr, Stmt } from "../ir.js";
import { readExpr, readList } from "./expressions.js";
import { readCasePattern } from "./patterns.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { readConditional } from "./statements.js";

const alias = /[ \t]+[A-Za-z_]\w*[ \t]*[=[]/y;

/** Passes `type X = …`, where it stands: it has no meaning for the analysis. */
export function skipTypeAlias(r: Reader): boolean {
  if (r.token !== "name" || r.word !== "type") return false;
  alias.lastIndex = r.end;
  if (!alias.test(r.text)) return false;
  while (!r.is("newline")) {
    if (r.is("end") || r.is("format") || r.is(";")) giveUp();
    r.advance();
  }
  r.closeLine();
  return true;
}

const looksLikeMatch = /[ \t]*[^\s=.,:;)\]}+*/%&|^<>!][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\s*(?:#[^\n]*\n\s*)*case\b/y;

/** A match statement, where `match` begins one. */
export function readMatch(r: Reader): Stmt | undefined {
  if (r.word !== "match") return undefined;
  looksLikeMatch.lastIndex = r.end;
  if (!looksLikeMatch.test(r.text)) return undefined;
  const { start } = r;
  r.advance();
  const subject = readList(r);
  r.expect(":");
  r.expect("newline");
  r.expect("indent");
  const indent = r.indentation;
  const cases: (Stmt & { kind: "match" })["cases"][number][] = [];
  do cases.push(readCase(r));
  while (r.token !== "dedent");
  const end = r.closeBlock(indent);
  r.advance();
  return { kind: "match", start, end, subject, cases };
}

function readCase(r: Reader): (Stmt & { kind: "match" })["cases"][number] {
  if (r.token !== "name" || r.word !== "case") giveUp();
  r.advance();
  const pattern = readCasePattern(r);
  const guard: Expr | undefined = r.skip("if") ? readExpr(r) : undefined;
  const { body } = readConditional(r);
  return guard ? { pattern, guard, body } : { pattern, body };
}
