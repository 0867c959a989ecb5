import type { Expr } from "../../python/index.js";
import { withLoaded } from "../values/plan.js";
import { mapValue, membersOf, type Value } from "../values/value.js";
import { declaredValue } from "./declared.js";
import type { Evaluator } from "./evaluator.js";

/** What holds in a branch because its test was true: `isinstance(x, User)`, `"orders" in user.__dict__`, and several of these with `and`. */
export function narrow(ev: Evaluator, test: Expr): void {
  if (test.kind === "operator" && test.op === "and") for (const item of test.items) narrow(ev, item);
  else if (test.kind === "call") byClass(ev, test);
  else if (test.kind === "operator") byLoaded(ev, test);
}

function byClass(ev: Evaluator, { callee, args }: Expr & { kind: "call" }): void {
  const [subject, type] = args;
  if (callee.kind !== "name" || callee.id !== "isinstance" || subject?.value.kind !== "name" || !type) return;
  const { id } = subject.value;
  const types = type.value.kind === "tuple" ? type.value.items : [type.value];
  const declared = types.map((one) => declaredValue(ev.index, ev.file, one, `\`${id}\``)).filter((one) => one.kind !== "unknown");
  const known = ev.env.get(id);
  if (declared.length !== types.length || !known) return;
  const fitting = narrowedTo(ev, known, declared);
  if (fitting.length === 1) ev.bind(id, fitting[0]!);
  else if (fitting.length === 0 && known.kind === "unknown" && declared.length === 1) ev.bind(id, asParameter(ev, id, declared[0]!));
}

/** What a test says of a parameter without an annotation is its declaration: a call that gives rows knows more. */
export function asParameter(ev: Evaluator, id: string, declared: Value): Value {
  const { fn } = ev;
  const param = fn.params.find(({ name }) => name === id);
  if (!param || param.annotation || declared.kind !== "entity") return declared;
  const place = { start: fn.nameStart, end: fn.nameStart + fn.name.length };
  return { ...declared, origin: { kind: "declared", file: ev.file, ...place, what: `parameter \`${id}\`` } };
}

/** The members of a value that are of one of the classes. */
export const narrowedTo = (ev: Evaluator, known: Value, classes: readonly Value[]): Value[] =>
  membersOf(known).flatMap((member) => classes.flatMap((one) => fit(ev, member, one) ?? []));

/** The part of a value that is of a class: of a base class the subclass, of another class nothing. */
function fit(ev: Evaluator, member: Value, type: Value): Value | undefined {
  if (member.kind === "instance" && type.kind === "instance")
    return member.class.file === type.class.file && member.class.index === type.class.index ? member : undefined;
  if (member.kind !== "entity" || type.kind !== "entity") return undefined;
  const parents = (id: string) => ev.index.entities.get(id)?.parents ?? [];
  if (member.entity === type.entity || parents(member.entity).includes(type.entity)) return member;
  return parents(type.entity).includes(member.entity) ? { ...member, entity: type.entity } : undefined;
}

/** `"orders" in user.__dict__`, `"orders" not in inspect(user).unloaded`: it is loaded already. */
function byLoaded(ev: Evaluator, { op, items }: Expr & { kind: "operator" }): void {
  const [name, of] = items;
  if (name?.kind !== "string" || of?.kind !== "attribute") return;
  const subject = op === "in" && of.name === "__dict__" ? of.of : op === "not in" && of.name === "unloaded" ? inspected(of.of) : undefined;
  if (subject?.kind !== "name") return;
  const known = ev.env.get(subject.id);
  if (known)
    ev.bind(
      subject.id,
      mapValue(known, (member) => (member.kind === "entity" ? { ...member, plan: withLoaded(member.plan, name.value) } : member)),
    );
}

const inspected = (expr: Expr): Expr | undefined => (expr.kind === "call" ? expr.args[0]?.value : undefined);
