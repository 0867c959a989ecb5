import { refuse, type From, type Sql, type TableFrom } from "../sql/ir.js";
import { column, equal, junction } from "../sql/make.js";
import type { Mapping } from "./mapping.js";

/** Tables and aliases that a FROM item is made of. */
export function leavesOf(from: From): readonly From[] {
  return from.kind === "join" ? [...leavesOf(from.left), ...leavesOf(from.right)] : [from];
}

export const baseTable = (from: From): TableFrom | undefined =>
  from.kind === "table" ? from : from.kind === "alias" && from.of.kind === "table" ? from.of : undefined;

/** One foreign key: the columns it points to on one side, the columns that hold it on the other. */
export interface KeyPair {
  readonly referred: Sql;
  readonly holder: Sql;
  readonly holderTable: TableFrom;
}

/** The keys with which columns of `holder` point to `referred`. */
export function keysBetween(mapping: Mapping, referred: From, holder: From): readonly KeyPair[] {
  const target = baseTable(referred);
  const table = baseTable(holder);
  if (!target || !table) return [];
  return [...(mapping.infoOf(table)?.columns.values() ?? [])].flatMap((own) => {
    const key = own.foreignKey;
    if (!key || mapping.keyTarget(key, table) !== target) return [];
    const info = mapping.infoOf(target)!;
    const pointed = info.columns.get(key.column) ?? [...info.columns.values()].find((one) => one.name === key.column);
    if (!pointed) return [];
    return [{ referred: column(referred, pointed.column, pointed.type), holder: column(holder, own.column, own.type), holderTable: table }];
  });
}

/**
 * `left JOIN right` without an ON clause, by the foreign keys between them: the last table joined is asked first.
 * @param undefined where no key leads from one to the other
 */
export function keyCondition(mapping: Mapping, left: From, right: From): Sql | undefined {
  const first = left.kind === "join" ? [left.right] : [];
  for (const side of [...first, left]) {
    const pairs: KeyPair[] = [];
    for (const l of leavesOf(side)) {
      for (const r of leavesOf(right)) {
        pairs.push(...keysBetween(mapping, l, r));
        if (baseTable(l) !== baseTable(r)) pairs.push(...keysBetween(mapping, r, l));
      }
    }
    if (pairs.length === 0) continue;
    const columns = new Set(
      pairs.map((pair) => (pair.holder.kind === "column" ? `${pair.holderTable.name}.${String(pair.holder.name)}` : "")),
    );
    if (columns.size > 1 && !composite(pairs))
      return refuse("there is more than one foreign key between the tables of a join without ON clause");
    return junction(
      "AND",
      pairs.map((pair) => equal(pair.referred, pair.holder)),
    );
  }
  return undefined;
}

/** Several columns of one key name different columns of one table. */
function composite(pairs: readonly KeyPair[]): boolean {
  const referred = pairs.map((pair) => (pair.referred.kind === "column" ? pair.referred.name : undefined));
  const tables = new Set(pairs.map((pair) => pair.holderTable));
  return tables.size === 1 && new Set(referred).size === pairs.length;
}

export function joinCondition(mapping: Mapping, left: From, right: From): Sql {
  return keyCondition(mapping, left, right) ?? refuse("no foreign key leads from one table of a join to the other");
}
