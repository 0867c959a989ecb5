import type { FileFacts } from "../../python/index.js";
import { registrationUnit } from "../incremental/units.js";
import type { Registration } from "../project/registrations.js";
import { join, membersOf, never, unknown, type Value } from "../values/value.js";
import { argument, type Given } from "./arguments.js";
import { decoratorName } from "./decorators.js";
import { Evaluator, newFindings, type EvaluationContext } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { symbolValue } from "./names.js";
import { prepare } from "./parameters.js";
import { evaluateBody } from "./statements.js";

/** What a name means in all templates because code has registered it: a filter, a test, or a global name; unknown where nothing has. */
export function registeredValue(context: EvaluationContext, kind: "filter" | "test" | "global", name: string): Value {
  context.memory.use(registrationUnit);
  let value: Value = never;
  for (const one of context.index.registrations()) if (one.kind === kind && one.name === name) value = join(value, valueOf(context, one));
  if (kind === "global") value = join(value, context.processed().get(name) ?? never);
  return value.kind === "never" ? unknown : value;
}

/** The names that context processors give to every template. */
export function processedNames(context: EvaluationContext): ReadonlyMap<string, Value> {
  context.memory.use(registrationUnit);
  const names = new Map<string, Value>();
  for (const one of context.index.registrations()) {
    if (one.kind !== "context") continue;
    for (const member of membersOf(valueOf(context, one))) {
      const given = member.kind === "symbol" && member.symbol.kind === "function" ? returnedBy(context, member.symbol) : unknown;
      for (const mapping of membersOf(given))
        if (mapping.kind === "mapping")
          for (const [name, value] of mapping.entries ?? []) names.set(name, join(names.get(name) ?? never, value));
    }
  }
  return names;
}

function valueOf(context: EvaluationContext, { file, function: at, value }: Registration): Value {
  const facts = context.index.files.get(file);
  if (!facts) return unknown;
  if (!value) return { kind: "symbol", symbol: { kind: "function", file, index: at } };
  const ev = new Evaluator(context.index, file, facts, facts.functions[at]!, newFindings(), context);
  for (let around = at; around > 0; around = facts.functions[around]!.parent) bindLocal(ev, facts, around);
  return evaluate(ev, value);
}

/** What a function defines and imports for itself. */
function bindLocal(ev: Evaluator, facts: FileFacts, around: number): void {
  facts.functions.forEach(({ name, parent, class: owner }, index) => {
    if (parent === around && owner === undefined && !ev.env.has(name))
      ev.bind(name, { kind: "symbol", symbol: { kind: "function", file: ev.file, index } });
  });
  facts.imports.forEach((fact, index) => {
    if (fact.function !== around) return;
    for (const { name, alias } of fact.names ?? []) {
      const bound = alias ?? name;
      if (!ev.env.has(bound)) ev.bind(bound, symbolValue(ev, ev.index.symbols.imported(ev.file, facts, index, name)));
    }
  });
}

/** What a function returns when nothing is known of who calls it. */
function returnedBy(context: EvaluationContext, { file, index: at }: { file: string; index: number }): Value {
  const facts = context.index.files.get(file);
  const fn = facts?.functions[at];
  if (!facts || !fn) return unknown;
  const ev = new Evaluator(context.index, file, facts, fn, newFindings(), context);
  prepare(ev, undefined);
  return evaluateBody(ev, fn.body);
}

const passing = new Set([
  "pass_context",
  "pass_environment",
  "pass_eval_context",
  "contextfilter",
  "contextfunction",
  "environmentfilter",
  "environmentfunction",
  "evalcontextfilter",
  "evalcontextfunction",
]);

/** `@pass_context`: Jinja gives such a function something of its own first. */
export function givenByTemplate(ev: Evaluator, callee: Value, given: Given): Given {
  const ref = callee.kind === "symbol" && callee.symbol.kind === "function" ? callee.symbol : undefined;
  const fn = ref && ev.context.factsOf(ref.file)?.functions[ref.index];
  const takes = fn?.decorators.some((decorator) => passing.has(decoratorName(decorator)));
  return takes ? { ...given, positional: [argument(unknown), ...given.positional] } : given;
}
