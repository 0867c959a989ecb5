import { namesBoundBy, type Expr, type Pattern } from "../../python/index.js";
import { collection, join, mapValue, membersOf, never, unknown, type Value } from "../values/value.js";
import { attributeNamed } from "./attributes.js";
import { decided } from "./decided.js";
import { declaredValue } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { elementsOf } from "./iterations.js";
import { asParameter, narrowedTo } from "./narrowing.js";

/** A subject of `match`: what it is, and as it is written. */
export interface Subject {
  readonly value: Value;
  readonly expr: Expr;
}

/** Whether a subject surely fits a pattern, or surely does not; undefined where only the run knows. */
export function fits(ev: Evaluator, subject: Subject, pattern: Pattern): boolean | undefined {
  switch (pattern.kind) {
    case "capture":
      return pattern.of ? fits(ev, subject, pattern.of) : true;
    case "value": {
      const { value } = pattern;
      const { start, end } = subject.expr;
      const op = value.kind === "constant" ? "is" : "==";
      return decided(ev, { kind: "operator", start, end, op, items: [subject.expr, value] });
    }
    case "or": {
      const all = pattern.items.map((item) => fits(ev, subject, item));
      return all.includes(true) ? true : all.every((one) => one === false) ? false : undefined;
    }
    case "class":
      return isOfOtherClass(ev, subject.value, pattern.type) ? false : undefined;
    default:
      return undefined;
  }
}

/** Rows of which none is an instance of the class. */
function isOfOtherClass(ev: Evaluator, value: Value, type: Expr): boolean {
  const members = membersOf(value);
  if (members.length === 0 || !members.every(({ kind }) => kind === "entity")) return false;
  const symbol = ev.index.symbols.resolve(ev.file, type);
  const declared = declaredValue(ev.index, ev.file, type, "the pattern");
  if (declared.kind === "entity") return narrowedTo(ev, value, [declared]).length === 0;
  // `case str():`
  return declared.kind === "unknown" && symbol === undefined && type.kind === "name";
}

/** Binds the names of a pattern that fits, and reads the attributes that it asks for. */
export function bindPattern(ev: Evaluator, { value, expr }: Subject, pattern: Pattern): void {
  switch (pattern.kind) {
    case "capture":
      if (pattern.of) bindPattern(ev, { value, expr }, pattern.of);
      if (pattern.name !== undefined) ev.bind(pattern.name, pattern.of ? ofClass(ev, { value, expr }, pattern.of) : value);
      return;
    case "class":
      return bindClass(ev, { value, expr }, pattern);
    case "sequence":
      return bindSequence(ev, { value, expr }, pattern.items);
    case "mapping":
      for (const { key, pattern: inner } of pattern.entries) bindPattern(ev, { value: entryOf(value, key), expr: key }, inner);
      if (pattern.rest !== undefined) ev.bind(pattern.rest, unknown);
      return;
    case "or":
      ev.env.merge(pattern.items.map((item) => ev.branch(() => bindPattern(ev, { value, expr }, item))));
      return;
    default:
      for (const name of namesBoundBy(pattern)) ev.bind(name, unknown);
  }
}

function bindClass(ev: Evaluator, { value, expr }: Subject, pattern: Pattern & { kind: "class" }): void {
  const narrowed = ofClass(ev, { value, expr }, pattern);
  if (expr.kind === "name" && narrowed !== value) ev.bind(expr.id, narrowed);
  for (const item of pattern.items) bindPattern(ev, { value: unknown, expr: pattern.type }, item);
  for (const attribute of pattern.named) {
    const { start, end, name } = attribute;
    const place: Expr = { kind: "other", start, end, items: [] };
    bindPattern(ev, { value: attributeNamed(ev, narrowed, name, place), expr: place }, attribute.pattern);
  }
}

/** The part of a value that is of the class that a pattern names. */
function ofClass(ev: Evaluator, { value, expr }: Subject, pattern: Pattern): Value {
  if (pattern.kind !== "class") return value;
  const declared = declaredValue(ev.index, ev.file, pattern.type, "the pattern");
  if (declared.kind === "unknown") return value;
  const fitting = narrowedTo(ev, value, [declared]);
  if (fitting.length > 0) return fitting.reduce(join);
  if (value.kind !== "unknown") return value;
  return expr.kind === "name" ? asParameter(ev, expr.id, declared) : declared;
}

function bindSequence(ev: Evaluator, { value, expr }: Subject, items: readonly Pattern[]): void {
  const element = membersOf(value).some(({ kind }) => kind === "query") ? unknown : elementsOf(ev, value, expr);
  const exact = value.kind === "tuple" && !items.some(({ kind }) => kind === "star") ? value.items : undefined;
  items.forEach((item, at) => {
    if (item.kind === "star") return item.name === undefined ? undefined : ev.bind(item.name, collection(element));
    bindPattern(ev, { value: exact ? (exact[at] ?? never) : element, expr }, item);
  });
}

const entryOf = (value: Value, key: Expr): Value =>
  mapValue(value, (one) => {
    if (one.kind !== "mapping") return unknown;
    return (key.kind === "string" ? one.entries?.get(key.value) : undefined) ?? one.value;
  });
