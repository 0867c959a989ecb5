import { condition, unknown } from "../execute/coerce.js";
import { attributeNamed, emptyMembers } from "./members.js";
import { compare } from "../execute/operators.js";
import { asSql } from "../execute/coerce.js";
import { compareRelationship } from "../execute/relationshipComparison.js";
import type { Machine } from "../execute/machine.js";
import { onClause, relationshipOf, targetOf } from "../mapping/relationships.js";
import { baseTable } from "../mapping/keys.js";
import { refuse, type From, type RelationshipUse, type Select, type Sql } from "../sql/ir.js";
import { adapted } from "../sql/adapt.js";
import { junction } from "../sql/make.js";
import { sqlValue, type Args, type Value } from "../values.js";

/** `User.orders.any(...)`, `.has(...)`, `.of_type(...)`, `.and_(...)`. */
export function relationshipMethod(m: Machine, use: RelationshipUse, name: string, args: Args): Value {
  switch (name) {
    case "any":
    case "has":
      return sqlValue(related(m, use, args));
    case "of_type": {
      const [target] = args.positional;
      if (target?.kind !== "entity") return target ? unknown(target, "of_type()") : refuse("of_type() without a class");
      return { kind: "relationship", use: { ...use, ofType: target.use } };
    }
    case "and_":
      return {
        kind: "relationship",
        use: { ...use, criteria: [...use.criteria, ...args.positional.map((value) => condition(value, "and_()"))] },
      };
    case "is_":
      return sqlValue(compareRelationship(m, "==", use, args.positional[0] ?? refuse("is_() without a value")));
    case "is_not":
    case "isnot":
      return sqlValue(compareRelationship(m, "!=", use, args.positional[0] ?? refuse("is_not() without a value")));
    default:
      return refuse(`.${name}() of the relationship ${use.name}`);
  }
}

/** EXISTS (SELECT 1 FROM target WHERE the rows belong together AND …). */
function related(m: Machine, use: RelationshipUse, args: Args): Sql {
  const plain = m.mapping.use(targetOf(m.mapping, relationshipOf(use.owner, use.name)));
  const self = baseTable(plain.selectable) !== undefined && baseTable(plain.selectable) === baseTable(use.owner.selectable);
  const target = use.ofType ?? (self ? m.mapping.alias(plain.entity) : plain);
  const { on, secondary, secondaryOn } = onClause(m.mapping, use, target, true);
  // Conditions are written about the class; the alias that the subquery needs is SQLAlchemy's own affair.
  const moved = use.ofType || !self ? new Map<object, object>() : new Map<object, object>([[plain.selectable, target.selectable]]);
  const given = args.positional.map((value) => adapted(condition(value, "any()"), moved));
  const named = [...args.keywords].map(([name, value]) => {
    const attribute = attributeNamed(m, target, name);
    return compare(m, "=", asSql(attribute) ?? unknown(attribute, `any(${name}=…)`), value);
  });
  const where = junction("AND", [...(secondaryOn ? [secondaryOn] : []), on, ...use.criteria, ...given, ...named]);
  // FROM names the target and the secondary table, never the owner: that one is the statement around.
  const from: From[] = [target.selectable, ...(secondary ? [secondary] : [])];
  const statement: Select = { ...emptyMembers(), from, where: [where], correlate: { except: from } };
  return { kind: "select", statement, form: "exists", type: "boolean" };
}
