import type { Row } from "../backend.js";
import { typesOf, type KnownTypes } from "./argumentTypes.js";
import { notationArguments, type FunctionMention, type Name } from "./mentions.js";

/** Whether a function may be called with so many arguments; rather yes than no. */
export function callable(count: number, row: Row): boolean {
  const notation = count === notationArguments;
  if (notation && row.is_column === true) return false;
  const given = notation ? 1 : count;
  if (row.aggregate === true) return true; // ordered-set aggregates count their arguments in two places
  return given >= Number(row.least) - (row.variadic === true ? 1 : 0) && (given <= Number(row.most) || row.variadic === true);
}

/** Whether it certainly takes so many; rather no than yes. */
export function takes(count: number, row: Row): boolean {
  const given = count === notationArguments ? 1 : count;
  return given >= Number(row.least) && (given <= Number(row.most) || row.variadic === true);
}

const argumentTypes = (row: Row): number[] => (Array.isArray(row.types) ? row.types.map(Number) : []);

/**
 * Of functions that bear one name, those among which the server chooses for arguments of exactly these types. It takes one that has the very
 * types before it thinks of casts, the first along the search path; undefined where there is none, so that any might be chosen.
 */
export function exactMatches(rows: readonly Row[], types: readonly number[]): Row[] | undefined {
  const sameTypes = (row: Row, count: number) => argumentTypes(row).every((type, at) => at >= count || type === types[at]);
  const isPlain = (row: Row) => row.variadic !== true && Number(row.most) === types.length;
  const plain = rows.filter((row) => isPlain(row) && sameTypes(row, types.length));
  if (plain.length === 0) return undefined;
  const first = Math.min(...plain.map(({ position }) => Number(position)));
  // With default values or as a list of any length, these may come to the same types.
  const others = rows.filter(
    (row) =>
      !isPlain(row) &&
      callable(types.length, row) &&
      sameTypes(row, Math.min(types.length, Number(row.most) - (row.variadic === true ? 1 : 0))),
  );
  return [...plain.filter(({ position }) => Number(position) === first), ...others];
}

/** Chooses among the functions of all names that a text calls. */
export class Choice {
  constructor(
    private readonly byName: ReadonlyMap<string, readonly Row[]>,
    private readonly known: KnownTypes,
  ) {}

  /** Undefined where the types of the arguments are not certain. */
  of(mention: FunctionMention): ReadonlySet<unknown> | undefined {
    if (!this.chosen.has(mention)) this.chosen.set(mention, this.choose(mention));
    return this.chosen.get(mention);
  }

  private readonly chosen = new Map<FunctionMention, ReadonlySet<unknown> | undefined>();

  private choose({ name, shapes }: FunctionMention): ReadonlySet<unknown> | undefined {
    const types = shapes && typesOf(shapes, this.known, this.resultOf);
    const matches = types && exactMatches(this.rows(name), types);
    return matches && new Set(matches.map(({ oid }) => oid));
  }

  private readonly resultOf = (name: Name, types: readonly number[]): number | undefined => {
    const results = new Set((exactMatches(this.rows(name), types) ?? []).map(({ result }) => Number(result ?? 0)));
    const [only] = results;
    return results.size === 1 && only !== 0 ? only : undefined;
  };

  private rows(name: Name): readonly Row[] {
    return this.byName.get(name.join("\0")) ?? [];
  }
}
