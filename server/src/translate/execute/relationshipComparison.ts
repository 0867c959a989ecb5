import { refuse, type RelationshipUse, type Sql } from "../sql/ir.js";
import { equal, junction, operator, sqlNull } from "../sql/make.js";
import { declarationOf } from "../mapping/declaration.js";
import { linkOf, relationshipOf, targetOf } from "../mapping/relationships.js";
import type { Value } from "../values.js";
import { unknown } from "./coerce.js";
import type { Machine } from "./machine.js";

/** `Order.user == user`, `Order.user == None`. */
export function compareRelationship(m: Machine, op: string, use: RelationshipUse, other: Value): Sql {
  if (op !== "==" && op !== "!=") return refuse(`${op} of the relationship ${use.name}`);
  const relationship = relationshipOf(use.owner, use.name);
  const target = m.mapping.use(targetOf(m.mapping, relationship));
  const declaration = declarationOf(m.mapping, use.owner, relationship);
  if (declaration.argument("primaryjoin") || declaration.argument("secondary"))
    return refuse(`a comparison of ${use.name}, which has joins of its own`);
  const { pairs, toOne } = linkOf(m.mapping, use.owner, relationship, declaration, target);
  if (!toOne) return refuse(`a comparison of the collection ${use.name}`);
  if (other.kind === "constant" && other.value === null)
    return junction(
      "AND",
      pairs.map(({ holder }) => operator(op === "==" ? "IS" : "IS NOT", [holder, sqlNull], "boolean")),
    );
  if (other.kind !== "instance" && other.kind !== "parameter") return unknown(other, `a comparison of ${use.name}`);
  if (op === "!=") return refuse(`!= of the relationship ${use.name}`);
  return junction(
    "AND",
    pairs.map(({ referred, holder }) => {
      const name = `${other.name}.${referred.kind === "column" ? String(referred.key ?? referred.name) : ""}`;
      return equal({ kind: "bind", bound: { name }, type: referred.type, base: "param", column: holder }, holder);
    }),
  );
}
