import type { Backend } from "../backend.js";
import type { Mentions, Name } from "./mentions.js";
import { firstUserOid } from "./oids.js";
import type { Shape } from "./shapes.js";

/** Types of the columns and casts that stand in calls of a statement, where they are certain. */
export interface KnownTypes {
  readonly columns: ReadonlyMap<string, number>;
  readonly casts: ReadonlyMap<string, number>;
}

/** `relations`: all that the statement names; `lookUp` finds the type that each name means along the path. */
export async function knownTypes(
  backend: Backend,
  mentions: Mentions,
  relations: readonly number[],
  lookUp: (names: readonly Name[]) => Promise<ReadonlyMap<string, number>>,
): Promise<KnownTypes> {
  const shapes = mentions.functions.flatMap(({ shapes: own }) => own ?? []).flatMap(withInner);
  const columns = shapes.flatMap((shape) => (shape.is === "column" && mentions.isClear?.(shape.name) ? [shape.name] : []));
  const casts = shapes.flatMap((shape) => (shape.is === "cast" ? [shape.name] : []));
  return {
    columns: columns.length > 0 ? await columnTypes(backend, [...new Set(columns)], relations) : new Map(),
    casts: casts.length > 0 ? await lookUp(casts) : new Map(),
  };
}

function withInner(shape: Shape): Shape[] {
  return shape.is === "call" ? [shape, ...shape.arguments.flatMap(withInner)] : [shape];
}

/**
 * Of the columns that have one type in all tables which the statement names. Left out: those whose name is also a function's that takes a row,
 * because `t.name` calls it where t has no such column.
 */
async function columnTypes(backend: Backend, names: readonly string[], relations: readonly number[]): Promise<Map<string, number>> {
  const rows = await backend.query(
    `SELECT a.attname::text AS name, min(a.atttypid) AS type
     FROM pg_attribute a
     WHERE a.attrelid = ANY ($1::oid[]) AND NOT a.attisdropped AND a.attname = ANY ($2::name[])
       AND NOT EXISTS (SELECT FROM pg_proc p LEFT JOIN pg_type t ON t.oid = p.proargtypes[0]
                       WHERE p.proname = a.attname AND (p.oid >= ${firstUserOid} OR t.typtype IN ('p', 'c')))
     GROUP BY a.attname HAVING count(DISTINCT a.atttypid) = 1`,
    [relations.map(String), [...names]],
  );
  return new Map(rows.map(({ name, type }) => [String(name), Number(type)]));
}

/** The type of an argument, or undefined. `resultOf` tells that of a call whose arguments have these types. */
export function typeOf(
  shape: Shape,
  known: KnownTypes,
  resultOf: (name: Name, types: readonly number[]) => number | undefined,
): number | undefined {
  switch (shape.is) {
    case "type":
      return shape.oid;
    case "column":
      return known.columns.get(shape.name);
    case "cast":
      return known.casts.get(shape.name.join("\0"));
    case "call": {
      const types = typesOf(shape.arguments, known, resultOf);
      return types && resultOf(shape.name, types);
    }
  }
}

/** All of them, or undefined. */
export function typesOf(
  shapes: readonly Shape[],
  known: KnownTypes,
  resultOf: (name: Name, types: readonly number[]) => number | undefined,
): number[] | undefined {
  const types = shapes.map((shape) => typeOf(shape, known, resultOf));
  return types.every((type) => type !== undefined) ? types : undefined;
}
