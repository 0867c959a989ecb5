import type { CallExpr } from "../../python/index.js";
import type { Value } from "../values/value.js";
import { givenValues } from "./arguments.js";
import { applyValue } from "./apply.js";
import type { Evaluator } from "./evaluator.js";
import { classOf, memberOf } from "./members.js";

/** What frameworks call of a class-based view, for any request or for one of its kind. */
const handlers = ["dispatch_request", "dispatch", "get", "post", "put", "patch", "delete"];

/**
 * `OrderList.as_view("orders")`: for each request an instance is made, and what answers is called. The class's own methods are looked at by
 * themselves; those that it inherits see here what it puts in their place. Undefined where it is no such call.
 */
export function madeView(ev: Evaluator, view: Value, name: string, call: CallExpr): Value | undefined {
  if (name !== "as_view") return undefined;
  const ref = classOf(ev, view);
  if (!ref || ev.index.classes.method(ref, name)) return undefined;
  const { suspended } = ev;
  // No loop around the registration runs it.
  ev.suspended = new Set(ev.iterations);
  const self: Value = { kind: "instance", class: ref };
  for (const handler of handlers) {
    const found = ev.index.classes.method(ref, handler);
    const inherited = found && (found.in.file !== ref.file || found.in.index !== ref.index);
    const member = inherited ? memberOf(ev, self, ref, handler, call) : undefined;
    if (member) applyValue(ev, member, givenValues(), call);
  }
  ev.suspended = suspended;
  return { kind: "unknown" };
}
