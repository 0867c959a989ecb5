import { refuse, type From, type Select, type Sql } from "../sql/ir.js";
import type { Mapping } from "../mapping/mapping.js";

export interface EagerPlan {
  readonly columns: readonly Sql[];
  readonly froms: readonly From[];
  readonly where: readonly Sql[];
}

/** Relationships that are loaded with a JOIN of the same statement. */
export function withEagerJoins(mapping: Mapping, select: Select, plan: EagerPlan, inFrom: boolean): EagerPlan {
  if (inFrom) return plan;
  for (const option of select.options) if (option.strategy === "joinedload") return refuse("joinedload() is not translated yet");
  for (const selected of select.columns)
    if (selected.kind === "entity")
      for (const relationship of selected.use.entity.relationships.values())
        if (relationship.lazy === "joined" || relationship.lazy === "False")
          return refuse(`${selected.use.entity.name}.${relationship.name} is loaded with a join (lazy="joined")`);
  void mapping;
  return plan;
}
