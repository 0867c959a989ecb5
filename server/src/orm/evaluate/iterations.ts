import type { Expr } from "../../python/index.js";
import { lastWord } from "../project/names.js";
import { join, mapValue, membersOf, never, unknown, type EntityValue, type Iteration, type Value } from "../values/value.js";
import { isEnumeration, membersOfEnumeration } from "./enumerations.js";
import type { Evaluator } from "./evaluator.js";
import { isConfigured } from "./surroundings.js";
import { execute } from "./executions.js";
import { valuesOf } from "./varying.js";
import { callMethodNamed } from "./members.js";
import { elementOf, isFew } from "./queries.js";

/** What going through a value hands out; a query of a session executes here. */
export function elementsOf(ev: Evaluator, over: Value, place: Expr, async = false): Value {
  return mapValue(over, (value) => {
    switch (value.kind) {
      case "collection":
      case "page":
        return value.of;
      case "result":
        return value.element;
      case "tuple":
        return value.items.reduce(join, never);
      case "mapping":
        return value.key;
      case "query":
        if (!value.bound) return unknown;
        execute(ev, place, { operation: "select", query: value, async });
        return elementOf(ev, value, async);
      case "instance":
        return iterated(ev, value, place);
      case "symbol": {
        const members = membersOfEnumeration(ev, value);
        return members?.kind === "collection" ? members.of : unknown;
      }
      case "never":
      case "none":
        return never;
      default:
        return unknown;
    }
  });
}

/** What `__iter__` of a class of the project hands out. */
function iterated(ev: Evaluator, value: Value, place: Expr): Value {
  const given = callMethodNamed(ev, value, "__iter__", place);
  return given.kind === "instance" || given.kind === "unknown" ? unknown : elementsOf(ev, given, place);
}

interface Head {
  readonly kind: Iteration["kind"];
  readonly target?: Expr;
  readonly iter?: Expr;
  readonly paced?: boolean;
  readonly undoes?: boolean;
  readonly start: number;
  readonly end: number;
  readonly async?: boolean;
}

export function iterationOf(ev: Evaluator, head: Head, over: Value, bound: ReadonlySet<string>): Iteration {
  const members = membersOf(over).filter((member) => member.kind !== "none" && member.kind !== "never");
  return {
    kind: head.kind,
    file: ev.file,
    scope: ev.scope,
    start: head.start,
    end: head.end,
    target: head.target ? textOf(head.target) : "",
    over,
    bound,
    async: head.async === true,
    ...(head.iter && isConfigured(head.iter) ? { configured: true } : {}),
    ...(head.iter?.kind === "name" && isParameter(ev, head.iter.id) ? { parameter: head.iter.id } : {}),
    ...(head.undoes ? { undoes: true } : {}),
    ...(head.paced ? { paced: true } : {}),
    ...(members.some((member) => member.kind === "mapping") || (head.iter && viewsMapping(head.iter)) ? { groups: true } : {}),
    few: members.length > 0 && members.every((member) => isShort(ev, member)),
    batches: members.some((member) => member.kind === "collection" && member.batches === true) || [...bound].some(namesBatch),
  };
}

/** A parameter that is what the call gave. */
const isParameter = (ev: Evaluator, name: string) =>
  ev.fn.params.some((param) => param.name === name) && valuesOf(ev.fn, name).length === 0;

/** `groups.items()`; `sorted(groups.items())`. */
function viewsMapping(iter: Expr): boolean {
  if (iter.kind !== "call") return false;
  const { callee, args } = iter;
  if (callee.kind === "attribute") return ["items", "keys"].includes(callee.name) && args.length === 0;
  return callee.kind === "name" && ["list", "sorted", "tuple"].includes(callee.id) && args[0] !== undefined && viewsMapping(args[0].value);
}

/** Many write their own batching function; what they call its parts gives it away. */
function namesBatch(name: string): boolean {
  const words = name.toLowerCase().split("_");
  return words.some((word) => word === "batch" || word === "chunk" || word === "page");
}

/** Few elements by construction: literals, enumerations, `limit(1)`. */
function isShort(ev: Evaluator, value: Value): boolean {
  // `for session in get_db():` opens it.
  if (value.kind === "collection")
    return value.few === true || value.of.kind === "session" || (value.of.kind === "instance" && isEnumeration(ev.index, value.of.class));
  if (value.kind === "tuple") return true;
  if (value.kind === "result") return value.few === true;
  if (value.kind === "query") return isFew(value);
  if (value.kind === "mapping") return value.few === true;
  return value.kind === "symbol" && value.symbol.kind === "class";
}

function textOf(target: Expr): string {
  if (target.kind === "name") return target.id;
  if (target.kind === "tuple" || target.kind === "list") return target.items.map(textOf).join(", ");
  return target.kind === "splat" ? `*${textOf(target.value)}` : "…";
}

export const enter = (ev: Evaluator, iteration: Iteration) => void ev.iterations.push(iteration);
export const leave = (ev: Evaluator) => void ev.iterations.pop();

/** The element as one round sees it: another instance each time. */
export function asRow(value: Value, iteration: Iteration): Value {
  return mapValue(value, (member) => {
    if (member.kind === "entity") return withRow(member, iteration);
    if (member.kind === "tuple") return { ...member, items: member.items.map((item) => asRow(item, iteration)) };
    return member;
  });
}
const withRow = (value: EntityValue, iteration: Iteration): EntityValue => (iteration.few ? value : { ...value, row: iteration });

/** Calls that hand their argument's elements through: progress bars and the like. */
export const passesThrough = (name: string) => ["tqdm", "track", "progressbar", "aiter", "atqdm"].includes(lastWord(name));
