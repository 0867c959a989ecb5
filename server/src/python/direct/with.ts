import { exact } from "../lower/exact.js";
import type { Expr, Stmt } from "../ir.js";
import { readExpr, readOperand } from "./expressions.js";
import type { Reader } from "./reader.js";
import { readConditional } from "./statements.js";

interface Item {
  value: Expr;
  target?: Expr;
}

export function readWith(r: Reader, start: number, isAsync: boolean): Stmt {
  r.advance();
  const items = r.token === "(" && r.bracketEndsBefore(":") ? bracketed(r) : plain(r);
  r.checkDepth(items.map((item) => item.value));
  const { body, end } = readConditional(r);
  return isAsync ? { kind: "with", start, end, items, body, async: true } : { kind: "with", start, end, items, body };
}

function item(r: Reader): Item {
  const value = readExpr(r);
  if (!r.skip("as")) return { value };
  return { value, target: readOperand(r) };
}

function plain(r: Reader): Item[] {
  const items: Item[] = [];
  do items.push(item(r));
  while (r.skip(","));
  return exact(items);
}

/** `with (a as b, c as d):`, where the brackets belong to the statement. */
function bracketed(r: Reader): Item[] {
  r.advance();
  const items: Item[] = [];
  do items.push(item(r));
  while (r.skip(",") && !r.is(")"));
  r.expect(")");
  return exact(items);
}
