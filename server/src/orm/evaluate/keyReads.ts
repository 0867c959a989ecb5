import type { Span } from "#protocol/place";
import type { AttributeExpr } from "../../python/index.js";
import type { ColumnAttribute } from "../entities/entity.js";
import type { EntityValue } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/** `order.customer.id`, where `order.customer_id` holds the same value: the related row is not needed. */
export interface KeyRead {
  readonly file: string;
  /** `customer.id`, where it is written in one piece: what the local attribute can replace. */
  readonly span?: Span;
  /** The attribute with the foreign key: `customer_id`. */
  readonly local: string;
  /** It may be NULL: then reading the row's key raises, and reading the attribute does not. */
  readonly nullable: boolean;
}

/** By the place at which the relationship is read. */
export type KeyReads = Map<string, KeyRead>;

export const placeKey = (file: string, { start, end }: Span): string => `${file}:${start}:${end}`;

/** Notes a column that is read right from a many-to-one, if it is what the owner's foreign key refers to. */
export function noteKeyRead(ev: Evaluator, value: EntityValue, column: ColumnAttribute, expr: AttributeExpr): void {
  const { origin } = value;
  const { of } = expr;
  if (origin.kind !== "relationship" || of.kind !== "attribute" || of.name !== origin.relationship.name) return;
  const { relationship } = origin;
  const [local, ...others] = relationship.localKeys;
  if (relationship.collection !== false || relationship.secondary || relationship.customJoin || local === undefined || others.length)
    return;
  const key = ev.index.entities.get(relationship.owner)?.columns.get(local);
  const target = relationship.target === undefined ? undefined : ev.index.entities.get(relationship.target);
  if (!key?.foreignKey || key.foreignKey.column !== column.column || !column.primaryKey || key.foreignKey.table !== target?.table) return;
  const inOnePiece = of.end - of.of.end === of.name.length + 1 && expr.end - of.end === column.name.length + 1;
  ev.found.keyReads.set(placeKey(ev.file, of), {
    file: ev.file,
    ...(inOnePiece && expr.name === column.name ? { span: { start: of.of.end + 1, end: expr.end } } : {}),
    local,
    nullable: !key.notNull,
  });
}
