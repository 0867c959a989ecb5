import { exact } from "../lower/exact.js";
import type { Expr, Stmt } from "../ir.js";
import { compoundStatement } from "./compound.js";
import { readExpr, readList, readTuple, readStarred, readType, readYield } from "./expressions.js";
import { readImport } from "./imports.js";
import { isPlainString, type Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { skipTypeAlias } from "./softKeywords.js";
import { augmentedOperators } from "./words.js";

/** Statements up to the end of the text. */
export function readModule(r: Reader): Stmt[] {
  const body: Stmt[] = [];
  while (r.token !== "end") readStatement(r, body);
  return body;
}

/** What a colon opens: an indented block, or the rest of the line. `end` is where the block's syntax ends, comments included. */
export function readSuite(r: Reader): { body: Stmt[]; end: number } {
  r.expect(":");
  const body: Stmt[] = [];
  if (r.token !== "newline") {
    simpleLine(r, body);
    return { body: exact(body), end: r.closeLine() };
  }
  r.advance();
  r.expect("indent");
  const indent = r.indentation;
  r.block(() => {
    do readStatement(r, body);
    while (r.token !== "dedent");
  });
  const end = r.closeBlock(indent);
  r.advance();
  return { body: exact(body), end };
}

/** The same where it is not certain that the block is entered. */
export function readConditional(r: Reader): { body: Stmt[]; end: number } {
  r.facts.conditional++;
  const suite = readSuite(r);
  r.facts.conditional--;
  return suite;
}

function readStatement(r: Reader, into: Stmt[]): void {
  if (skipTypeAlias(r)) return;
  const compound = compoundStatement(r);
  if (compound) {
    into.push(compound);
    r.checkDepth([]);
    return;
  }
  simpleLine(r, into);
  r.closeLine();
}

/** Statements up to the line's end, which stays. */
function simpleLine(r: Reader, into: Stmt[]): void {
  do {
    if (r.token === "newline") break;
    simpleStatement(r, into);
  } while (r.skip(";"));
  if (r.token !== "newline") giveUp();
}

function simpleStatement(r: Reader, into: Stmt[]): void {
  const { start } = r;
  switch (r.token) {
    case "return": {
      r.advance();
      const value = r.is("newline") || r.is(";") ? undefined : readList(r);
      const end = r.lastEnd;
      if (value) r.checkDepth([value]);
      into.push(value ? { kind: "return", start, end, value } : { kind: "return", start, end });
      return;
    }
    case "import":
    case "from":
      for (const index of readImport(r)) into.push({ kind: "import", start, end: r.lastEnd, index });
      return;
    case "raise":
      into.push(raise(r, start));
      return;
    case "pass":
      return r.advance();
    case "break":
    case "continue":
      into.push({ kind: r.token, start, end: r.end });
      return r.advance();
    case "assert":
      into.push(
        other(r, start, (items) => {
          do items.push(readExpr(r));
          while (r.skip(","));
        }),
      );
      return;
    case "del":
      into.push(other(r, start, (items) => items.push(readList(r))));
      return;
    case "global":
    case "nonlocal": {
      const isGlobal = r.token === "global";
      do {
        r.advance();
        const name = r.name();
        if (isGlobal) r.facts.globals = [...r.facts.globals, name];
      } while (r.is(","));
      return;
    }
    default: {
      const statement = expressionStatement(r, start);
      if (statement) into.push(statement);
    }
  }
}

function raise(r: Reader, start: number): Stmt {
  r.advance();
  const values: Expr[] = [];
  if (r.token !== "newline" && r.token !== ";") values.push(readExpr(r));
  if (values.length > 0 && r.skip("from")) values.push(readExpr(r));
  r.checkDepth(values);
  return { kind: "raise", start, end: r.lastEnd, values: exact(values) };
}

function other(r: Reader, start: number, read: (items: Expr[]) => void): Stmt {
  r.advance();
  const items: Expr[] = [];
  read(items);
  r.checkDepth(items);
  return { kind: "other", start, end: r.lastEnd, items: exact(items) };
}

function expressionStatement(r: Reader, start: number): Stmt | undefined {
  // Python 2's statements of these names look like calls at times.
  const isOld = r.token === "name" && (r.word === "print" || r.word === "exec");
  const { parentheses } = r;
  const first = r.token === "yield" ? readYield(r) : readStarred(r);
  const isTuple = r.token === ",";
  const expr = isTuple ? readTuple(r, start, first, readStarred) : first;
  const end = r.lastEnd;
  if (isOld && (expr.kind !== "call" || expr.callee.kind !== "name")) giveUp();
  if (r.token === "=" || r.token === ":") return assignment(r, start, expr, parentheses);
  if (augmentedOperators.has(r.token)) return augmented(r, start, expr, parentheses);
  r.checkDepth([expr]);
  if (isTuple && expr.kind === "tuple" && expr.items.length === 1) return { kind: "expression", start, end, value: first };
  const isEllipsis = expr.kind === "constant" && expr.value === "..." && expr.start === start;
  // A docstring says nothing to the analysis.
  return isEllipsis || isPlainString(expr) ? undefined : { kind: "expression", start, end, value: expr };
}

/** `a = b = c`, `a: T`, `a: T = c`; the first target is read. */
function assignment(r: Reader, start: number, target: Expr, parentheses: number): Stmt {
  checkTarget(r, target, start, parentheses);
  const targets = [target];
  const annotation = r.skip(":") ? readType(r) : undefined;
  let value: Expr | undefined;
  while (r.skip("=")) {
    const { start: from, parentheses: before } = r;
    const right = r.token === "yield" ? readYield(r) : readList(r);
    if (!r.is("=")) value = right;
    else {
      checkTarget(r, right, from, before);
      targets.push(right);
    }
  }
  r.checkDepth(value ? [...targets, value] : targets);
  return {
    kind: "assign",
    start,
    end: r.lastEnd,
    targets,
    ...(annotation ? { annotation } : {}),
    ...(value ? { value } : {}),
  };
}

function augmented(r: Reader, start: number, target: Expr, parentheses: number): Stmt {
  checkTarget(r, target, start, parentheses);
  const op = r.token;
  r.advance();
  const value = r.token === "yield" ? readYield(r) : readList(r);
  r.checkDepth([target, value]);
  return { kind: "augment", start, end: r.lastEnd, target, op, value };
}

/** Brackets around one target make a pattern of their own: rare, and left to the other reader. */
function checkTarget(r: Reader, target: Expr, start: number, parentheses: number): void {
  const isPlain = target.kind === "name" || target.kind === "attribute" || target.kind === "subscript";
  const isPattern = target.kind === "tuple" || target.kind === "list" || target.kind === "splat";
  if (isPlain ? target.start !== start : !isPattern || r.parentheses !== parentheses) giveUp();
}
