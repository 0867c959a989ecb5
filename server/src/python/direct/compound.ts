import { exact } from "../lower/exact.js";
import type { Expr, IfStmt, Stmt, TryStmt } from "../ir.js";
import { readDecorated, readDefinition } from "./definitions.js";
import { readExpr, readList, readTarget } from "./expressions.js";
import { readMatch } from "./softKeywords.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { readConditional } from "./statements.js";
import { readWith } from "./with.js";

type Body = readonly Stmt[];

/** A statement with blocks below it, where one begins. */
export function compoundStatement(r: Reader): Stmt | undefined {
  switch (r.token) {
    case "if":
      return readIf(r);
    case "for":
      return readFor(r, r.start, false);
    case "while":
      return readWhile(r);
    case "try":
      return readTry(r);
    case "with":
      return readWith(r, r.start, false);
    case "def":
    case "class":
      return readDefinition(r, []);
    case "@":
      return readDecorated(r);
    case "async":
      return readAsync(r);
    case "name":
      return readMatch(r);
    default:
      return undefined;
  }
}

function readAsync(r: Reader): Stmt {
  const { start, text, end } = r;
  let next = end;
  while (text[next] === " ") next++;
  if (text.startsWith("def", next)) return readDefinition(r, [])!;
  r.advance();
  if (r.token === "for") return readFor(r, start, true);
  return r.token === "with" ? readWith(r, start, true) : giveUp();
}

function readElse(r: Reader): { body: Body; end: number } | undefined {
  return r.skip("else") ? readConditional(r) : undefined;
}

function readIf(r: Reader): Stmt {
  const { start } = r;
  const branches: { test: Expr; body: Body }[] = [];
  let end: number;
  do {
    r.advance();
    const test = readExpr(r);
    r.checkDepth([test]);
    const suite = readConditional(r);
    branches.push({ test, body: suite.body });
    end = suite.end;
  } while (r.is("elif"));
  const otherwise = readElse(r);
  const result: IfStmt = { kind: "if", start, end: otherwise?.end ?? end, branches: exact(branches) };
  return otherwise ? { ...result, else: otherwise.body } : result;
}

function readFor(r: Reader, start: number, isAsync: boolean): Stmt {
  r.advance();
  const target = readTarget(r);
  r.expect("in");
  const iter = readList(r);
  r.checkDepth([target, iter]);
  const { body, end } = readConditional(r);
  const otherwise = readElse(r);
  return {
    kind: "for",
    start,
    end: otherwise?.end ?? end,
    target,
    iter,
    body,
    ...(otherwise ? { else: otherwise.body } : {}),
    ...(isAsync ? { async: true as const } : {}),
  };
}

function readWhile(r: Reader): Stmt {
  const { start } = r;
  r.advance();
  const test = readExpr(r);
  r.checkDepth([test]);
  const { body, end } = readConditional(r);
  const otherwise = readElse(r);
  const base = { kind: "while", start, end: otherwise?.end ?? end, test, body } as const;
  return otherwise ? { ...base, else: otherwise.body } : base;
}

function readTry(r: Reader): Stmt {
  const { start } = r;
  r.advance();
  const { body, end } = readConditional(r);
  const handlers: TryStmt["handlers"][number][] = [];
  let last = end;
  while (r.token === "except") {
    const handler = readHandler(r);
    handlers.push(handler.fact);
    last = handler.end;
  }
  const otherwise = readElse(r);
  const final = r.skip("finally") ? readConditional(r) : undefined;
  if (handlers.length === 0 && !final) giveUp();
  return {
    kind: "try",
    start,
    end: final?.end ?? otherwise?.end ?? last,
    body,
    handlers: exact(handlers),
    ...(otherwise ? { else: otherwise.body } : {}),
    ...(final ? { finally: final.body } : {}),
  };
}

function readHandler(r: Reader): { fact: TryStmt["handlers"][number]; end: number } {
  r.advance();
  r.skip("*");
  const type = r.token === ":" ? undefined : readList(r);
  const name = type && r.skip("as") ? r.name() : undefined;
  const { body, end } = readConditional(r);
  if (!type) return { fact: { body }, end };
  return { fact: name === undefined ? { type, body } : { type, name, body }, end };
}
