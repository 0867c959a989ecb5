import type { EntityUse, Sql } from "../sql/ir.js";
import { refuse } from "../sql/ir.js";
import { hasOwnTable } from "./columns.js";
import { identityOf } from "./identity.js";
import type { Mapping } from "./mapping.js";

/** `type IN ('a', 'b')` for a class that shares its parent's table, its own subclasses included. */
export function classCondition(mapping: Mapping, use: EntityUse): Sql | undefined {
  const { index } = mapping;
  const { entity } = use;
  if (entity.parents.length === 0 || hasOwnTable(index, entity)) return undefined;
  if (entity.discriminator === undefined) return undefined;
  const discriminator = use.columnOf(entity.discriminator) ?? refuse(`the discriminator of ${entity.name} is not known`);
  const identities = [entity, ...index.descendants(entity.id)].flatMap((one) => identityOf(mapping, one) ?? []);
  return {
    kind: "inList",
    item: discriminator,
    list: identities.map((value): Sql => ({
      kind: "bind",
      bound: { value },
      type: discriminator.type,
      base: "type",
      column: discriminator,
    })),
    not: false,
    type: "boolean",
  };
}
