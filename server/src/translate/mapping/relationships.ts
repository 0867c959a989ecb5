import type { Expr } from "../../python/index.js";
import type { Entity, Relationship } from "../../orm/index.js";
import { refuse, type EntityUse, type From, type RelationshipUse, type Sql } from "../sql/ir.js";
import { anonymous, equal, junction } from "../sql/make.js";
import { declarationOf, type Declaration } from "./declaration.js";
import { baseTable, keysBetween, leavesOf, type KeyPair } from "./keys.js";
import type { Mapping } from "./mapping.js";

export interface OnClause {
  readonly on: Sql;
  readonly secondary?: From;
  readonly secondaryOn?: Sql;
}

/** How rows of a relationship's two sides belong together. */
export interface Link {
  readonly pairs: readonly KeyPair[];
  /** The key is held by the owner: many-to-one. */
  readonly toOne: boolean;
}

export function targetOf(mapping: Mapping, relationship: Relationship): Entity {
  const target = relationship.target === undefined ? undefined : mapping.index.entities.get(relationship.target);
  return target ?? refuse(`the target ${relationship.targetName} of ${relationship.name} is not known`);
}

export function relationshipOf(use: EntityUse, name: string): Relationship {
  return use.entity.relationships.get(name) ?? refuse(`${use.entity.name} has no relationship ${name}`);
}

const columnNames = (expr: Expr | undefined): string[] => {
  if (!expr) return [];
  if (expr.kind === "list" || expr.kind === "tuple" || expr.kind === "set") return expr.items.flatMap(columnNames);
  if (expr.kind === "lambda") return columnNames(expr.body);
  if (expr.kind === "attribute") return [expr.name];
  if (expr.kind === "name") return [expr.id];
  return expr.kind === "string"
    ? expr.value.split(/[\s,[\]]+/).flatMap((part) => (part ? [part.slice(part.lastIndexOf(".") + 1)] : []))
    : [];
};

/** A class and those above it whose tables make it up. */
function ownTables(use: EntityUse): readonly From[] {
  return leavesOf(use.selectable);
}

/** Keys between the tables of two entities, in both directions, as SQLAlchemy collects them. */
function keyPairs(mapping: Mapping, owner: EntityUse, target: EntityUse): { outgoing: KeyPair[]; incoming: KeyPair[] } {
  const outgoing: KeyPair[] = [];
  const incoming: KeyPair[] = [];
  for (const left of ownTables(owner).toReversed())
    for (const right of ownTables(target).toReversed()) {
      outgoing.push(...keysBetween(mapping, right, left));
      incoming.push(...keysBetween(mapping, left, right));
    }
  return { outgoing, incoming };
}

const named = (pairs: readonly KeyPair[], names: readonly string[]) =>
  names.length === 0
    ? pairs
    : pairs.filter(
        (pair) => pair.holder.kind === "column" && (names.includes(String(pair.holder.name)) || names.includes(pair.holder.key ?? "")),
      );

/** Foreign keys of a relationship without a `primaryjoin` of its own. */
export function linkOf(mapping: Mapping, owner: EntityUse, relationship: Relationship, declaration: Declaration, target: EntityUse): Link {
  const { outgoing, incoming } = keyPairs(mapping, owner, target);
  const foreign = attributeColumns(columnNames(declaration.argument("foreign_keys")), [owner, target]);
  const out = named(outgoing, foreign);
  const into = named(incoming, foreign);
  const self = ownTables(owner).some((one) => ownTables(target).some((other) => baseTable(one) === baseTable(other)));
  if (self) return selfLink(out, into, relationship);
  if (out.length > 0 && into.length > 0) return refuse(`${relationship.name}: foreign keys lead both ways`);
  const pairs = out.length > 0 ? out : into;
  return { pairs: onlyOneKey(pairs, relationship), toOne: out.length > 0 };
}

/** Attributes may be called otherwise than their columns. */
function attributeColumns(names: readonly string[], uses: readonly EntityUse[]): string[] {
  return names.flatMap((name) => [
    name,
    ...uses.flatMap((use) => use.columns.filter((one) => one.attribute === name).map((one) => one.column.column)),
  ]);
}

function selfLink(out: readonly KeyPair[], into: readonly KeyPair[], relationship: Relationship): Link {
  if (relationship.collection === undefined) return refuse(`the direction of ${relationship.name} is not known`);
  return { pairs: onlyOneKey(relationship.collection ? into : out, relationship), toOne: !relationship.collection };
}

/** Two keys to one table are told apart by `foreign_keys=` only. */
function onlyOneKey(pairs: readonly KeyPair[], relationship: Relationship): readonly KeyPair[] {
  if (pairs.length === 0) return refuse(`no foreign key is known between the tables of ${relationship.name}`);
  const referred = pairs.map((pair) => (pair.referred.kind === "column" ? String(pair.referred.name) : ""));
  if (new Set(referred).size !== pairs.length)
    return refuse(`several foreign keys lead from one table to the other in ${relationship.name}`);
  return pairs;
}

/** The condition under which rows of a relationship's two sides are joined. */
export function onClause(mapping: Mapping, use: RelationshipUse, target: EntityUse, plainSecondary = false): OnClause {
  const relationship = relationshipOf(use.owner, use.name);
  const declaration = declarationOf(mapping, use.owner, relationship);
  if (declaration.argument("primaryjoin") || declaration.argument("secondaryjoin"))
    return mapping.writtenJoin(use.owner, relationship, declaration, target, plainSecondary);
  const secondary = declaration.argument("secondary");
  if (secondary) return throughSecondary(mapping, use.owner, target, declaration, relationship, plainSecondary);
  const { pairs } = linkOf(mapping, use.owner, relationship, declaration, target);
  return {
    on: junction(
      "AND",
      pairs.map((pair) => equal(pair.referred, pair.holder)),
    ),
  };
}

function throughSecondary(
  mapping: Mapping,
  owner: EntityUse,
  target: EntityUse,
  declaration: Declaration,
  relationship: Relationship,
  plain: boolean,
): OnClause {
  const table = mapping.secondaryTable(declaration) ?? refuse(`the secondary table of ${relationship.name} is not known`);
  // `owner JOIN secondary AS secondary_1 ON … JOIN target ON …`: SQLAlchemy gives the table an alias of its own.
  const secondary: From = plain ? table : { kind: "alias", of: table, name: anonymous(table.name) };
  const first = keysFrom(mapping, owner, secondary, relationship);
  const second = keysFrom(mapping, target, secondary, relationship);
  const self = baseTable(owner.selectable) !== undefined && baseTable(owner.selectable) === baseTable(target.selectable);
  if (self) return refuse(`${relationship.name} leads through a secondary table back to its own table`);
  return { secondary, secondaryOn: first, on: second };
}

function keysFrom(mapping: Mapping, side: EntityUse, secondary: From, relationship: Relationship): Sql {
  const pairs = leavesOf(side.selectable)
    .toReversed()
    .flatMap((leaf) => keysBetween(mapping, leaf, secondary));
  return junction(
    "AND",
    onlyOneKey(pairs, relationship).map((pair) => equal(pair.referred, pair.holder)),
  );
}
