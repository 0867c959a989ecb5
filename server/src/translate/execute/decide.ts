import type { Expr } from "../../python/index.js";
import { refuseValue } from "../sql/ir.js";
import { buildsSql, type Value } from "../values.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";
import { unparse, unparseNegated } from "./unparse.js";
import { childrenOf } from "../../python/index.js";

/** True, false, or undefined where only the running program knows. */
export function truth(value: Value): boolean | undefined {
  switch (value.kind) {
    case "constant":
      return Boolean(value.value);
    case "list":
      return value.items.length > 0 ? true : value.open === undefined ? false : undefined;
    case "dict":
      return value.entries.size + value.others.length > 0 ? true : value.open === undefined ? false : undefined;
    case "entity":
    case "function":
    case "class":
    case "lambda":
    case "enum":
    case "relationship":
      return true;
    case "statement":
    case "from":
      return true;
    default:
      return undefined;
  }
}

/** A switch that code turns on or off (`nowait=…`): on this path it is on, or it is off. */
export function switched(m: Machine, value: Value | undefined, what: string): boolean {
  if (!value) return false;
  const known = truth(value);
  if (known !== undefined) return known;
  if (value.kind !== "parameter") return refuseValue(`${what} is not a constant`);
  return m.oracle.choose(2, m.question("true", value), (choice) => (choice === 0 ? value.name : `not ${value.name}`)) === 0;
}

/** Which way a test goes on this path. `forced`: the other way leads nowhere. */
export function decide(m: Machine, test: Expr, frame: Frame, forced?: boolean): boolean {
  if (test.kind === "operator" && test.op === "not") return !decide(m, test.items[0]!, frame, forced === undefined ? undefined : !forced);
  const known = decided(m, test, frame);
  if (known !== undefined) return known;
  const { key, flipped } = questionOf(m, test, frame);
  const before = m.oracle.known(key);
  if (before !== undefined) return (before === 0) !== flipped;
  let yes: boolean;
  if (forced !== undefined) {
    m.oracle.note(key, forced !== flipped ? 0 : 1);
    yes = forced;
  } else {
    const choice = m.oracle.choose(2, key, (at) => ((at === 0) !== flipped ? unparse(test) : unparseNegated(test)));
    yes = (choice === 0) !== flipped;
  }
  narrow(m, test, frame, yes);
  return yes;
}

function decided(m: Machine, test: Expr, frame: Frame): boolean | undefined {
  if (test.kind === "operator" && (test.op === "and" || test.op === "or")) {
    const parts = test.items.map((item) =>
      item.kind === "operator" && item.op === "not" ? negate(decidedOrKnown(m, item.items[0]!, frame)) : decidedOrKnown(m, item, frame),
    );
    const ends = test.op === "or";
    if (parts.includes(ends)) return ends;
    return parts.includes(undefined) ? undefined : !ends;
  }
  if (test.kind === "operator" && (test.op === "is" || test.op === "is not") && isNone(test.items[1]!)) {
    const value = m.eval(test.items[0]!, frame);
    const none = isNoneValue(m, value);
    return none === undefined ? undefined : (test.op === "is") === none;
  }
  return truth(m.eval(test, frame));
}
function decidedOrKnown(m: Machine, test: Expr, frame: Frame): boolean | undefined {
  const known = decided(m, test, frame);
  if (known !== undefined) return known;
  const { key, flipped } = questionOf(m, test, frame);
  const before = m.oracle.known(key);
  return before === undefined ? undefined : (before === 0) !== flipped;
}
const negate = (value: boolean | undefined) => (value === undefined ? undefined : !value);
const isNone = (expr: Expr) => expr.kind === "constant" && expr.value === null;

/** Whether a value is None; undefined where only the running program knows. */
export function isNoneValue(m: Machine, value: Value): boolean | undefined {
  if (value.kind === "constant") return value.value === null;
  if (value.kind === "unknown") return undefined;
  if (value.kind !== "parameter" && value.kind !== "instance") return false;
  const before = m.oracle.known(m.question("none", value));
  return before === undefined ? undefined : before === 0;
}

/** The question that a test asks: about one value being None or true, or a text with the values of its names. */
function questionOf(m: Machine, test: Expr, frame: Frame): { key: string; flipped: boolean } {
  if (test.kind === "operator" && (test.op === "is" || test.op === "is not") && isNone(test.items[1]!))
    return { key: m.question("none", m.eval(test.items[0]!, frame)), flipped: test.op === "is not" };
  if (test.kind === "name" || test.kind === "attribute") return { key: m.question("true", m.eval(test, frame)), flipped: false };
  const values: Value[] = [];
  const visit = (expr: Expr): void => {
    const value = expr.kind === "name" ? frame.get(expr.id) : undefined;
    if (value) values.push(value);
    childrenOf(expr).forEach(visit);
  };
  visit(test);
  return { key: m.question(unparse(test), ...values), flipped: false };
}

/** What the answer says of other questions. */
function narrow(m: Machine, test: Expr, frame: Frame, yes: boolean): void {
  if (test.kind === "operator" && test.op === "and" && yes) for (const item of test.items) narrow(m, item, frame, true);
  else if (test.kind === "operator" && test.op === "or" && !yes) for (const item of test.items) narrow(m, item, frame, false);
  else if (test.kind === "operator" && test.op === "not") narrow(m, test.items[0]!, frame, !yes);
  else if (test.kind === "operator" && (test.op === "is" || test.op === "is not") && isNone(test.items[1]!))
    m.oracle.note(m.question("none", m.eval(test.items[0]!, frame)), (test.op === "is") === yes ? 0 : 1);
  else if (test.kind === "name" || test.kind === "attribute") {
    const value = m.eval(test, frame);
    m.oracle.note(m.question("true", value), yes ? 0 : 1);
    if (yes) m.oracle.note(m.question("none", value), 1);
  } else if (
    test.kind === "operator" &&
    yes &&
    test.items.length === 2 &&
    test.op !== "is" &&
    test.op !== "is not" &&
    test.op !== "==" &&
    test.op !== "!="
  ) {
    // What is compared by size or looked into is not None.
    for (const item of test.items)
      if (item.kind === "name" || item.kind === "attribute") m.oracle.note(m.question("none", m.eval(item, frame)), 1);
  }
}

export { buildsSql };
