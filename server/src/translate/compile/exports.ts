import { refuse, type From, type Name, type Sql } from "../sql/ir.js";
import { anonymous, proxyOf } from "../sql/make.js";

/** A column of a SELECT as it is written, and as others can name it. */
export interface Export {
  readonly sql: Sql;
  /** What stands behind AS. */
  readonly label?: Name;
  /** What the column is called in the result. */
  readonly name: Name;
  /** Under which `subquery.c` finds it. */
  readonly key?: string;
}

/** The word from which an unnamed expression gets its name. */
function baseOf(sql: Sql): string {
  if (sql.kind === "call") return (sql.more?.filter || sql.more?.withinGroup) && !sql.more.named ? "anon" : sql.name.at(-1)!;
  if (sql.kind === "template" && sql.base !== undefined) return sql.base;
  return "anon";
}

/** A cast passes the name of its column on. */
export function passedName(sql: Sql): Name | undefined {
  if (sql.kind === "template" && sql.sql.startsWith("CAST(") && sql.items.length === 1) {
    const [item] = sql.items;
    return item?.kind === "column" ? item.name : item ? passedName(item) : undefined;
  }
  return undefined;
}

const keyOf = (name: Name): string | undefined => (typeof name === "string" ? name : undefined);
const nameOfFrom = (from: From): Name | undefined => {
  if (from.kind === "table") return from.schema === undefined ? from.name : `${from.schema}_${from.name}`;
  return from.kind === "join" ? undefined : from.name;
};

/**
 * Names for the columns of a SELECT. 2.0 style: names stay, the second one of a name gets a number; `Query`: table and column. A column
 * that comes twice is told apart with two underscores.
 * @param bare nothing is told apart
 */
export function exportsOf(columns: readonly Sql[], legacy: boolean, inFrom: boolean, bare = false): readonly Export[] {
  const seen = new Map<string, Sql>();
  return columns.map((sql): Export => {
    if (sql.kind === "label") {
      note(seen, sql.name, sql);
      return { sql: sql.item, label: sql.name, name: sql.name, key: keyOf(sql.name) };
    }
    if (sql.kind === "constant" && sql.value === "star") return { sql, name: "*" };
    // literal_column: as it is written.
    if (sql.kind === "template" && sql.base === "") return { sql, name: sql.sql, key: sql.sql };
    const proxy = proxyOf(sql);
    if (proxy !== undefined && sql.kind !== "column" && sql.kind !== "call") {
      note(seen, proxy, sql);
      return { sql, label: proxy, name: proxy, key: proxy };
    }
    // A function in FROM, by its name there.
    if (sql.kind === "row" && sql.from.kind === "function") {
      if (legacy || (typeof sql.from.name === "string" && seen.has(sql.from.name)))
        return refuse("the value of a function in FROM, which needs a label");
      note(seen, sql.from.name, sql);
      return { sql, name: sql.from.name, key: keyOf(sql.from.name) };
    }
    // A sign before a column leaves its name alone.
    if (
      (sql.kind === "template" && sql.sql === "DISTINCT $1" && !inFrom) ||
      (sql.kind === "operator" && sql.items.length === 1 && sql.op === "-" && !inFrom)
    )
      return { sql, name: "?column?" };
    if (sql.kind !== "column") {
      const passed = passedName(sql);
      const name =
        passed !== undefined && !(typeof passed === "string" && seen.has(passed)) ? passed : anonymous(keyOf(passed ?? "") || baseOf(sql));
      note(seen, name, sql);
      return { sql, label: name, name, ...(passed === undefined ? {} : { key: keyOf(passed) }) };
    }
    if (bare) return { sql, name: sql.name, key: sql.key ?? keyOf(sql.name) };
    return columnExport(sql, legacy, inFrom, seen);
  });
}

const note = (seen: Map<string, Sql>, name: Name, sql: Sql) => typeof name === "string" && !seen.has(name) && seen.set(name, sql);

function columnExport(sql: Sql & { kind: "column" }, legacy: boolean, inFrom: boolean, seen: Map<string, Sql>): Export {
  const own = keyOf(sql.name);
  const table = legacy ? nameOfFrom(sql.from) : undefined;
  const full: Name =
    table === undefined ? sql.name : own !== undefined && typeof table === "string" ? `${table}_${own}` : { of: table, rest: sql.name };
  const word = typeof full === "string" ? full : undefined;
  const key = sql.key ?? own;
  const before = word === undefined ? undefined : seen.get(word);
  if (before === undefined || word === undefined) {
    note(seen, full, sql);
    return { sql, name: full, key, ...(legacy || inFrom ? { label: full } : {}) };
  }
  const same = before.kind === "column" && before.from === sql.from && before.name === sql.name;
  const name: Name = anonymous(same ? `${word}_` : word);
  return { sql, name, label: name, key: same ? undefined : key };
}
