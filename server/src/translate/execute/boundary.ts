import type { Stmt } from "../../python/index.js";
import { sitesWithin } from "../sql/sites.js";
import type { Value } from "../values.js";
import type { Frame } from "./frame.js";
import type { Goal, Machine } from "./machine.js";
import { Shape } from "./shape.js";
import type { Slice } from "./slice.js";

/** Thrown where the query is made and nothing is left that could change or send it. */
export class Done extends Error {}

/** A statement of a function came to its end: ends the path where nothing new can follow. */
export function afterStatement(m: Machine, statement: Stmt, frame: Frame, slice: Slice): void {
  const { goal } = m;
  if (!goal) return;
  const decided = m.oracle.path.length;
  const mayBeDone = goal.frame === frame && goal.rounds === 0 && m.latest.has(goal.site);
  if (!mayBeDone && decided === frame.compared) return;
  const shape = new Shape();
  for (const name of slice.liveAfter(statement)) shape.add(name).add(frame.get(name));
  if (mayBeDone && !shape.sites.has(goal.site)) throw new Done();
  if (decided === frame.compared) return;
  frame.compared = decided;
  for (const value of frame.given) shape.add(value);
  addRest(m, shape, goal);
  const state = `${frame.context} ${frame.file} ${statement.start} ${shape.text}`;
  // Large states cost more to compare than code costs to run.
  m.allSteps += state.length >> 5;
  goal.junctions.arrive(state, m.oracle.path);
}

/** What the rest of a path depends on besides the names of its functions. */
function addRest(m: Machine, shape: Shape, goal: Goal): void {
  for (const [key, value] of m.sharedValues) if (isMutable(value)) shape.add(key).add(value);
  for (const sent of m.sent) if (sitesWithin(sent.statement).has(goal.site)) shape.add(sent);
  for (const statement of m.latest.values()) if (sitesWithin(statement).has(goal.site)) shape.add(statement);
  shape.addFacts(m.answers(), (value) => m.attributeValues.get(value), m.sharedValues);
}

/** Values that a function can change for whoever gave them to it. */
export const isMutable = (value: Value) => value.kind === "list" || value.kind === "dict" || value.kind === "instance";

export function mutablesOf(frame: Frame): Value[] {
  const own = [...frame.names.values()].filter(isMutable);
  return frame.around ? [...own, ...mutablesOf(frame.around)] : own;
}
