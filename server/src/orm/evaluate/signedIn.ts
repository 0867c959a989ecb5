import type { AttributeExpr, Expr } from "../../python/index.js";
import { uncertainPlan } from "../values/plan.js";
import type { Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/** `request`, `self.request`: what web frameworks hang the signed-in user on; `g` in Flask. */
const isRequest = (expr: Expr) =>
  (expr.kind === "name" && (expr.id === "request" || expr.id === "g")) || (expr.kind === "attribute" && expr.name === "request");

/** `request.user` of unknown type is the project's `User`, where there is exactly one. Undefined for anything else. */
export function signedInUser(ev: Evaluator, expr: AttributeExpr): Value | undefined {
  return expr.name === "user" && isRequest(expr.of) ? userAt(ev, expr) : undefined;
}

/** `current_user` of Flask-Login. */
export const currentUser = (ev: Evaluator, name: string, place: Expr): Value | undefined =>
  name === "current_user" ? userAt(ev, place) : undefined;

function userAt(ev: Evaluator, { start, end }: Expr): Value | undefined {
  const id = ev.index.onlyEntityNamed("User");
  if (id === undefined) return undefined;
  return {
    kind: "entity",
    entity: id,
    plan: uncertainPlan,
    origin: { kind: "declared", file: ev.file, start, end, what: "the signed-in user" },
  };
}
