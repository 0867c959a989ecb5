import { refuse, type From, type Select, type Sql } from "../sql/ir.js";
import { anonymous } from "../sql/make.js";
import { replacedColumns } from "../sql/adapt.js";
import { leavesOf } from "../mapping/keys.js";
import { isSameColumn, type EagerParts } from "./eager.js";
import { partsOf } from "./froms.js";

/**
 * LIMIT, DISTINCT and GROUP BY are about rows of the entity, a collection that is loaded with a join would multiply them: SQLAlchemy puts
 * the statement into a subquery and joins that. Undefined where nothing has to be wrapped.
 */
export function wrapped(select: Select, parts: EagerParts, offered: (from: From) => readonly Sql[]): Select | undefined {
  if (!parts.many || !isCounted(select)) return undefined;
  const extra = orderColumns(select, parts.primary);
  const inner: From = { kind: "subquery", statement: innerOf(select, [...parts.primary, ...extra]), name: anonymous("anon") };
  const outside = offered(inner);
  const places = [...parts.primary, ...extra];
  if (outside.length !== places.length) return refuse("a statement that is wrapped has columns of one name");
  const plain = new Set(parts.before.flatMap(leavesOf));
  const moved = (sql: Sql): Sql | undefined => {
    if (sql.kind === "column" && !plain.has(sql.from)) return undefined;
    const at = places.findIndex((one) => one === sql || isSameColumn(one, sql));
    if (at >= 0) return outside[at];
    return sql.kind === "column" ? refuse(`a join needs ${String(sql.name)}, which the wrapped statement does not select`) : undefined;
  };
  const joined = parts.froms.map((from, at) => spliced(from, parts.before[at]!, inner, (sql) => replacedColumns(sql, moved)));
  if (joined.length !== 1) return refuse("a statement that is wrapped has several FROM items");
  const { lock } = select;
  return {
    kind: "select",
    site: select.site,
    legacy: select.legacy,
    columns: [{ kind: "from", from: inner }, ...parts.secondary.map((sql) => ({ kind: "sql", sql }) as const)],
    from: joined,
    joins: [],
    where: [],
    group: [],
    having: [],
    order: [...select.order.map((sql) => replacedColumns(sql, moved)), ...parts.order],
    distinct: false,
    options: [{ strategy: "no eager", names: [], next: [] }],
    ctes: [],
    ...(lock && lock.of.length === 0 ? { lock } : {}),
  };
}

const isCounted = ({ limit, offset, distinct, group }: Select) =>
  limit !== undefined || offset !== undefined || distinct !== false || group.length > 0;

function innerOf(select: Select, columns: readonly Sql[]): Select {
  return {
    ...select,
    ...(select.legacy ? { tableLabels: true } : {}),
    legacy: false,
    columns: columns.map((sql) => ({ kind: "sql", sql })),
    options: [{ strategy: "no eager", names: [], next: [] }],
  };
}

/** What ORDER BY names beyond the columns is selected as well, so that the outer statement can be sorted by it. */
function orderColumns(select: Select, primary: readonly Sql[]): Sql[] {
  const extra: Sql[] = [];
  for (const key of select.order) {
    const sql = key.kind === "sort" ? key.item : key;
    if (sql.kind !== "column" && sql.kind !== "call") return refuse("a statement that is wrapped is sorted by an expression");
    if (![...primary, ...extra].some((one) => one === sql || isSameColumn(one, sql))) extra.push(sql);
  }
  return extra;
}

/** The joins that loading added, around the subquery instead of what it was. */
function spliced(from: From, before: From, inner: From, moved: (sql: Sql) => Sql): From {
  if (from === before) return inner;
  if (from.kind !== "join" || !partsOf(from).includes(before)) return refuse("a join that loading adds has no beginning");
  return { ...from, left: spliced(from.left, before, inner, moved), on: moved(from.on) };
}
