import type { Certainty } from "#protocol/finding";
import { pathOf, rootOf, type LazyLoad } from "../../orm/index.js";
import type { OrmIndex } from "../../orm/index.js";

/**
 * How sure a lazy load is. Proved where the rows come from a query that is known in full. Rows from elsewhere (a parameter, `self`, what a
 * function promises to return) may have been loaded with any option: `likely` only while no loader option of the whole project names the
 * relationship.
 */
export function certaintyOf(index: OrmIndex, load: LazyLoad): Certainty {
  const { origin } = rootOf(load.owner);
  // Code that nothing refers to may be dead.
  if (load.owner.doubt === "possible" || load.unreferenced) return "possible";
  if (origin.kind === "query") {
    if (load.owner.plan.uncertain) return "possible";
    return load.owner.doubt ?? "certain";
  }
  if (index.loadedSomewhere(load.relationship.name, pathOf(load.owner).at(-1)?.name) || load.inAsync) return "possible";
  // A few targets, all in the session already, cost nothing: of rows that come from outside this cannot be excluded.
  return load.relationship.collection || pathOf(load.owner).length > 0 ? "likely" : "possible";
}
