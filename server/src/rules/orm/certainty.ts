import type { Certainty } from "#protocol/finding";
import { isAsync, pathOf, rootOf, type LazyLoad } from "../../orm/index.js";
import type { OrmIndex } from "../../orm/index.js";

/**
 * How sure a lazy load is. Proved where the rows come from a query that is known in full. Rows from elsewhere (a parameter, `self`, what a
 * function promises to return) may have been loaded with any option: `likely` only while no loader option of the whole project names the
 * relationship.
 */
export function certaintyOf(index: OrmIndex, load: LazyLoad): Certainty {
  const certainty = byOrigin(index, load);
  if (!load.raises && (!isAsync(load.owner) || load.awaited)) return certainty;
  // An error on a path that is used would have been seen: where anything is open, it is more likely that something was not understood.
  if (certainty !== "certain" || load.path.length > 1 || (load.raises && load.medium !== undefined)) return "possible";
  return load.path.length === 0 && load.medium === undefined ? "certain" : "likely";
}

/** On so long a way rows share what they come to: the forms, the event and the category of one user's registrations. */
const farWay = 3;

function byOrigin(index: OrmIndex, load: LazyLoad): Certainty {
  const { origin } = rootOf(load.owner);
  // Code that nothing refers to may be dead.
  if (load.owner.doubt === "possible" || load.unfounded || pathOf(load.owner).length >= farWay) return "possible";
  if (origin.kind === "query") {
    if (load.owner.plan.uncertain) return "possible";
    return load.owner.doubt ?? "certain";
  }
  if (index.loadedSomewhere(load.relationship.name, pathOf(load.owner).at(-1)?.name) || load.inAsync) return "possible";
  // A few targets, all in the session already, cost nothing: of rows that come from outside this cannot be excluded.
  return load.relationship.collection || pathOf(load.owner).length > 0 ? "likely" : "possible";
}
